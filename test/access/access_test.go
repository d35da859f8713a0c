package access

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// asReviewed are the stages without a change, by id. Tests share them, and change copies only.
var asReviewed sync.Map

// reviewed returns a stage of the reviewed templates after changes. TestTemplatesAreAsReviewed proves that the app
// synthesizes these templates.
func reviewed(t testing.TB, id string, changes ...stagetest.Change) *Subject {
	t.Helper()
	load := func() *Subject {
		loaded, err := deployed.Load(stagetest.Reviewed(t, id, changes...))
		if err != nil {
			t.Fatal(err)
		}
		return read(t, loaded)
	}
	if len(changes) > 0 {
		return load()
	}
	shared, _ := asReviewed.LoadOrStore(id, sync.OnceValue(load))
	return shared.(func() *Subject)()
}

func read(t testing.TB, loaded *deployed.Stage) *Subject {
	t.Helper()
	s, err := Read(loaded)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eachStage runs a test on every configured stage.
func eachStage(t *testing.T, test func(t *testing.T, s *Subject)) {
	t.Helper()
	stages := config.Stages()
	if len(stages) == 0 {
		t.Fatal("no stage is configured")
	}
	for _, cfg := range stages {
		t.Run(cfg.Name, func(t *testing.T) {
			t.Parallel()
			test(t, reviewed(t, cfg.ID()))
		})
	}
}

// outcome is an attempt and whether it succeeds.
type outcome struct {
	Attempt
	allowed bool
}

func outcomes(t testing.TB, attempts []Attempt, ask func(Attempt) (Verdict, error)) []outcome {
	t.Helper()
	all := make([]outcome, 0, len(attempts))
	for _, a := range attempts {
		verdict, err := ask(a)
		if err != nil {
			t.Errorf("%s: %v", a, err)
		}
		all = append(all, outcome{a, verdict.Allowed})
	}
	return all
}

// allowed are the actions that succeed, by what they are tried on.
func allowed(of []outcome) map[string][]string {
	succeed := map[string][]string{}
	for _, o := range of {
		if o.allowed {
			on := o.Group + ", " + o.On
			succeed[on] = append(succeed[on], o.Action)
		}
	}
	for on := range succeed {
		slices.Sort(succeed[on])
	}
	return succeed
}

func (s *Subject) allowedTo(t testing.TB, role Role, attempts []Attempt) map[string][]string {
	t.Helper()
	return allowed(outcomes(t, attempts, func(a Attempt) (Verdict, error) { return s.May(role, a) }))
}

// asker is somebody who makes attempts on a stage.
type asker struct {
	on   *Subject
	name string
}

// asked are the outcomes for askers: several tests ask for them.
var asked sync.Map

func (s *Subject) ask(t testing.TB, name string, all func() []Attempt, may func(Attempt) (Verdict, error)) []outcome {
	t.Helper()
	once := sync.OnceValue(func() []outcome { return outcomes(t, all(), may) })
	known, _ := asked.LoadOrStore(asker{s, name}, once)
	return known.(func() []outcome)()
}

// signedBy are the outcomes of the attempts that IAM policies decide, by one of the stage's roles as it is.
func (s *Subject) signedBy(t testing.TB, role Role) []outcome {
	t.Helper()
	return s.ask(t, "role "+role.Name, s.signed, func(a Attempt) (Verdict, error) { return s.May(role, a) })
}

// triedBy are the outcomes of all attempts by a kind of caller.
func (s *Subject) triedBy(t testing.TB, c Caller) []outcome {
	t.Helper()
	return s.ask(t, c.Name, s.Attempts, func(a Attempt) (Verdict, error) { return s.Try(c, a) })
}

// signed are the attempts that IAM policies decide.
func (s *Subject) signed() []Attempt {
	return slices.DeleteFunc(s.Attempts(), func(a Attempt) bool { return !a.Signed() })
}

func TestEveryRoleMayDoExactlyWhatIsListed(t *testing.T) {
	eachStageIsAsListed(t, "what roles may do", func(t *testing.T, s *Subject) (listed, got byName) {
		got = byName{}
		for _, role := range s.Roles {
			got[role.Name] = allowed(s.signedBy(t, role))
		}
		return ofStage(s, may), got
	})
}

// ofStage leaves out the role for SMS if the stage sends none.
func ofStage[V any](s *Subject, listed map[string]V) map[string]V {
	expected := maps.Clone(listed)
	if s.UserPool.SmsConfiguration.SnsCallerArn == "" {
		delete(expected, smsRole)
	}
	return expected
}

func TestEveryKindOfCallerMayDoExactlyWhatIsListed(t *testing.T) {
	eachStageIsAsListed(t, "what callers may do", func(t *testing.T, s *Subject) (listed, got byName) {
		got = byName{}
		for _, c := range s.callers(t) {
			got[c.Name] = allowed(s.triedBy(t, c))
			if c.Name != anonymous {
				without(got[c.Name], got[anonymous])
			}
			if c.Credentials != nil {
				without(got[c.Name], allowed(s.signedBy(t, *c.Credentials)))
			}
		}
		return byCaller, got
	})
}

// without removes the entries of another list.
func without(of, elsewhere map[string][]string) {
	maps.DeleteFunc(of, func(on string, actions []string) bool { return slices.Equal(actions, elsewhere[on]) })
}

func (s *Subject) callers(t testing.TB) []Caller {
	t.Helper()
	callers, err := s.Callers()
	if err != nil {
		t.Fatal(err)
	}
	return callers
}

// lists makes entries of one part each, so that lists compare like maps of lists.
func lists(of map[string][]string) byName {
	all := byName{}
	for who, list := range of {
		all[who] = map[string][]string{"": list}
	}
	return all
}

// TestAttemptsAreMany sets a minimum: an action that is not tried is not found to be allowed.
func TestAttemptsAreMany(t *testing.T) {
	s := reviewed(t, "SecureCart-Dev")
	actions, seen := map[string]bool{}, map[string]bool{}
	for _, a := range s.Attempts() {
		actions[a.Action] = true
		if seen[a.String()] {
			t.Errorf("%s is tried twice, or two things go by one name", a)
		}
		seen[a.String()] = true
	}
	if len(actions) < 200 || len(seen) < 700 {
		t.Errorf("%d actions in %d attempts, want 200 and 700", len(actions), len(seen))
	}
}

func TestUndecidableAttemptsAreErrors(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*deployed.Stage)
		says   string
	}{
		"another claim as tag": {
			func(s *deployed.Stage) { s.PrincipalTags[0].PrincipalTags["customer"] = "email" },
			"principal tag customer is the claim email",
		},
		"tags of another provider": {
			func(s *deployed.Stage) { s.PrincipalTags[0].IdentityProviderName = "accounts.google.com" },
			"want those of this user pool",
		},
		"a key that is for none of the purposes": {
			func(s *deployed.Stage) { s.Keys["arn:aws:kms:eu-central-1:111122223333:key/third"] = anyKey(s) },
			"want one each for data, proofs, logs and the record",
		},
		"a policy with an unknown operator": {
			func(s *deployed.Stage) {
				edit(s, s.PoolRoles.Roles.Unauthenticated, 0, 0, func(statement map[string]any) {
					statement["Condition"] = map[string]any{"StringEqual": map[string]any{"aws:RequestedRegion": "x"}}
				})
			}, "unknown condition operator",
		},
	} {
		s := stagetest.Dev(t)
		test.change(s)
		if _, err := Read(s); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
	}
}

func anyKey(s *deployed.Stage) deployed.Key {
	for _, key := range s.Keys {
		return key
	}
	return deployed.Key{}
}
