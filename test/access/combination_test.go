package access

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// attempt returns the attempt that String calls name.
func (s *Subject) attempt(t *testing.T, name string) Attempt {
	t.Helper()
	attempts := s.Attempts()
	i := slices.IndexFunc(attempts, func(a Attempt) bool { return a.String() == name })
	if i < 0 {
		t.Fatalf("nothing tries %s", name)
	}
	return attempts[i]
}

// TestKeyThatDoesNotDelegateAllowsNobody: a role's own policy about a key counts only if the key's policy delegates to
// the account.
func TestKeyThatDoesNotDelegateAllowsNobody(t *testing.T) {
	s := reviewed(t, "SecureCart-Dev", widened(t, "Data", "DataKey", func(statements []any) {
		statements[0].(map[string]any)["Principal"] = map[string]any{"AWS": "arn:aws:iam::444455556666:root"}
	}))
	customer, _ := s.Role(Customer)
	for _, name := range []string{
		"kms:Decrypt Data key, through S3",
		"s3:GetObject Bucket documents, own customers/",
		"dynamodb:Query Table Orders, own row",
	} {
		if s.verdict(t, customer, s.attempt(t, name)) {
			t.Errorf("customers may %s, although the key's policy lets nobody in", name)
		}
	}
}

// TestDenyOfARoleOverridesAllowOfABucket: an explicit deny in any policy wins.
func TestDenyOfARoleOverridesAllowOfABucket(t *testing.T) {
	invite := widened(t, "Data", "MediaPolicy", func(statements []any) {
		s := statements[0].(map[string]any)
		s["Effect"], s["Action"] = "Allow", "s3:PutObject"
		delete(s, "Condition")
	})
	refuse := widened(t, "IdentityPool", "IdentitiesGuestDefaultPolicy", func(statements []any) {
		s := statements[1].(map[string]any)
		s["Effect"], s["Action"] = "Deny", "s3:*"
	})
	for name, test := range map[string]struct {
		changes []stagetest.Change
		may     bool
	}{
		"invited": {[]stagetest.Change{invite}, true}, "invited and refused": {[]stagetest.Change{invite, refuse}, false},
	} {
		s := reviewed(t, "SecureCart-Dev", test.changes...)
		guest, _ := s.Role(Guest)
		if got := s.verdict(t, guest, s.attempt(t, "s3:PutObject Bucket media, products/")); got != test.may {
			t.Errorf("%s: a guest may write: %t, want %t", name, got, test.may)
		}
	}
}

// TestRoleThatTrustsItsAccountIsForItsAdministrators: the account's own policies then decide who may assume it.
func TestRoleThatTrustsItsAccountIsForItsAdministrators(t *testing.T) {
	loaded := stagetest.Dev(t)
	arn := loaded.PoolRoles.Roles.Authenticated
	role := loaded.Roles[arn]
	role.AssumeRolePolicyDocument = json.RawMessage(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "` + loaded.Account + `"}, "Action": "sts:AssumeRole"}]}`)
	loaded.Roles[arn] = role
	s := read(t, loaded)
	customer, _ := s.Role(Customer)
	got := s.takers(t, customer)
	for who, want := range map[string]bool{
		"administrator of this account": true, "root user of this account": true, "role guest": true,
		"root user of another account": false, "customer of this identity pool": false, "anybody, without credentials": false,
	} {
		if slices.Contains(got, who) != want {
			t.Errorf("%s takes it: %t, want %t; it is taken by %v", who, !want, want, got)
		}
	}
}

// TestWeakenedRoutesLetOthersIn weakens POST /orders.
func TestWeakenedRoutesLetOthersIn(t *testing.T) {
	type properties = map[string]any
	for name, test := range map[string]struct {
		weaken func(method, web properties)
		caller string
	}{
		"without a scope": {func(method, _ properties) { delete(method, "AuthorizationScopes") }, "customer token"},
		"with a scope for reading": {func(method, _ properties) {
			method["AuthorizationScopes"] = []any{"securecart/orders.read"}
		}, "customer token"},
		"if Web may ask for its scope": {func(_, web properties) {
			web["AllowedOAuthScopes"] = append(web["AllowedOAuthScopes"].([]any), "securecart/orders.write")
		}, "customer token"},
		"for anybody": {func(method, _ properties) { method["AuthorizationType"] = "NONE" }, "anonymous"},
	} {
		s := reviewed(t, "SecureCart-Dev", func(templates map[string]assembly.Template) {
			method := propertiesOf(t, templates, "Api", "ShopRestordersPOST")
			test.weaken(method, propertiesOf(t, templates, "IdentityProviders", "WebClient"))
		})
		callers := s.callers(t)
		i := slices.IndexFunc(callers, func(c Caller) bool { return c.Name == test.caller })
		verdict, err := s.Try(callers[i], s.attempt(t, "execute-api:Invoke API, POST /orders"))
		if err != nil || !verdict.Allowed {
			t.Errorf("%s: %s may not: %v, %v", name, test.caller, verdict, err)
		}
	}
}

func propertiesOf(t *testing.T, templates map[string]assembly.Template, stack, id string) map[string]any {
	t.Helper()
	for name, resource := range templates[stack].Resources {
		if strings.HasPrefix(name, id) && len(name) == len(id)+8 {
			return resource.Properties
		}
	}
	t.Fatalf("stack %s has no %s", stack, id)
	return nil
}
