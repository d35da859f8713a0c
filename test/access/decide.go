package access

import (
	"maps"
	"slices"

	"github.com/securecart/identity/internal/iam"
)

// Verdict is the result of an attempt.
type Verdict struct {
	Allowed bool
	// By names the statements that allow the attempt, or the scope or setting that decides. It is empty if nothing allows
	// the attempt.
	By []string
}

// who makes a request: a session of a role, or an anonymous caller.
type who struct {
	principal iam.Principal
	session   map[string][]string
	policies  []iam.Policy
}

func (s *Subject) as(role Role) who {
	return who{principal: s.principal(role), session: role.session, policies: role.policies}
}

var nobody = who{principal: iam.Principal{Type: iam.Anonymous}}

// May returns whether IAM lets sessions of the role make the attempt. Everything that the attempt needs must be
// allowed, too.
func (s *Subject) May(role Role, a Attempt) (Verdict, error) { return s.may(s.as(role), a) }

func (s *Subject) may(w who, a Attempt) (Verdict, error) {
	verdict := Verdict{Allowed: true}
	for _, part := range append([]Attempt{a}, a.needs...) {
		one, err := s.decide(w, part)
		if err != nil || !one.Allowed {
			return one, wrap(part.Action+" on "+part.Resource, err)
		}
		verdict.By = append(verdict.By, one.By...)
	}
	return verdict, nil
}

// decide lets [iam.Decide] combine every policy of the stage that applies.
func (s *Subject) decide(w who, a Attempt) (Verdict, error) {
	request := iam.Request{Action: a.Action, Resource: a.Resource, Principal: w.principal, Context: s.everyRequest()}
	maps.Copy(request.Context, w.session)
	maps.Copy(request.Context, a.Context)
	verdict, err := iam.Decide(iam.Access{Request: request, Identity: w.policies, Resources: s.resources})
	if err != nil || verdict.Decision.Statement == "" {
		return Verdict{Allowed: verdict.Allowed}, err
	}
	by := verdict.Decision.Statement
	if verdict.By == iam.ResourceBased {
		by = "resource policy " + by
	}
	return Verdict{Allowed: verdict.Allowed, By: []string{by}}, nil
}

// everyRequest holds the condition keys that every request has. Only S3 accepts requests without TLS.
func (s *Subject) everyRequest() map[string][]string {
	return map[string][]string{
		"aws:CurrentTime":     {"2026-01-01T00:00:00Z"},
		"aws:RequestedRegion": {s.Region},
		"aws:SecureTransport": {"true"},
	}
}

// Role returns the role called name, and whether there is one.
func (s *Subject) Role(name string) (Role, bool) {
	i := slices.IndexFunc(s.Roles, func(r Role) bool { return r.Name == name })
	if i < 0 {
		return Role{}, false
	}
	return s.Roles[i], true
}
