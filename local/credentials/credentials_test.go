package credentials_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

// clock is a time that tests move.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func newClock() *clock { return &clock{time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)} }

// open returns the stage after changes, and a store of its roles.
func open(t *testing.T, clock *clock, changes ...stagetest.Change) (*deployed.Stage, *credentials.Store) {
	t.Helper()
	s := stagetest.Unchanged(t)
	if len(changes) > 0 {
		s = stagetest.Dev(t, append(changes, stagetest.WithoutAlarms)...)
	}
	store := must.Get(credentials.New(s, clock.now))(t)
	return s, store
}

// role is the ARN of the one role whose logical id begins so.
func role(t *testing.T, s *deployed.Stage, logicalID string) string {
	t.Helper()
	var found []string
	for arn := range s.Roles {
		if _, id, _ := strings.Cut(arn, ":role/"); strings.Contains(id, "-"+logicalID) {
			found = append(found, arn)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d roles begin with %s, want 1: %v", len(found), logicalID, found)
	}
	return found[0]
}

// resource returns the one resource of a stack whose logical id begins so.
func resource(t *testing.T, templates map[string]assembly.Template, stack, logicalID string) assembly.Resource {
	t.Helper()
	template := templates[stack]
	ids := slices.DeleteFunc(template.IDs(), func(id string) bool { return !strings.HasPrefix(id, logicalID) })
	if len(ids) != 1 {
		t.Fatalf("%d resources of %s begin with %s, want 1: %v", len(ids), stack, logicalID, ids)
	}
	return template.Resources[ids[0]]
}

// statements returns the list of statements in one of a resource's policy documents.
func statements(r assembly.Resource, property string) []any {
	return r.Properties[property].(map[string]any)["Statement"].([]any)
}

const (
	customerSub = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	otherSub    = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
)

// guest and customer are who gets credentials from the identity pool of s.
func guest(s *deployed.Stage) credentials.Identity {
	return credentials.Identity{PoolID: s.IdentityPool.ID, ID: "eu-central-1:guest", AuthType: credentials.Unauthenticated}
}

func customer(s *deployed.Stage) credentials.Identity {
	provider := s.UserPool.ProviderName
	return credentials.Identity{
		PoolID: s.IdentityPool.ID, ID: "eu-central-1:customer", AuthType: credentials.Authenticated,
		Provider: provider + "," + provider + ":CognitoSignIn:" + customerSub,
	}
}

func assumeCustomer(t *testing.T, s *deployed.Stage, store *credentials.Store) credentials.Session {
	t.Helper()
	session := must.Get(store.AssumeWithWebIdentity(s.PoolRoles.Roles.Authenticated, customer(s),
		map[string]string{"customer": customerSub}))(t)
	return session
}

func assumeGuest(t *testing.T, s *deployed.Stage, store *credentials.Store) credentials.Session {
	t.Helper()
	return must.Get(store.AssumeWithWebIdentity(s.PoolRoles.Roles.Unauthenticated, guest(s), nil))(t)
}
