package threats

import (
	"encoding/json"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// small makes a stage for development of one stack, UserPool, with these resources.
func small(t *testing.T, resources string) *Target {
	t.Helper()
	var template assembly.Template
	if err := json.Unmarshal([]byte(`{"Resources": `+resources+`}`), &template); err != nil {
		t.Fatal(err)
	}
	stack := assembly.Stack{ID: "UserPool", Name: "SecureCart-Test-UserPool", Template: template}
	return NewTarget(
		assembly.Synthesized{ID: "SecureCart-Test", Stacks: []assembly.Stack{stack}},
		config.Stage{Name: "Test", Purpose: config.Development, Account: "111122223333", Region: "eu-central-1"},
	)
}

// inspecting is a running check of the threat T.
func inspecting(s *Target) *Inspection {
	return &Inspection{Target: s, threat: "T", asked: map[string]bool{}}
}

// found are the findings as texts.
func (in *Inspection) found() []string {
	texts := []string{}
	for _, f := range in.findings {
		texts = append(texts, f.String())
	}
	return texts
}

// whole is the synthesized stage with its edit.
func (s *Target) whole() assembly.Synthesized {
	if s.edited == nil {
		return s.Synthesized
	}
	i := s.order(*s.edited)
	return s.exchanged(i, withResources(s.Stacks[i].Template, func(all map[string]assembly.Resource) {
		all[s.edited.id] = s.edited.Resource
	}))
}
