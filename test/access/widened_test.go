package access

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// TestWidenedResourcePoliciesAreSeen widens one part of a bucket's or key's policy, and names some attempts that then
// succeed. TestNoStatementCanGrantMoreUnseen widens every policy of a role.
func TestWidenedResourcePoliciesAreSeen(t *testing.T) {
	for name, test := range map[string]struct {
		stack, resource string
		widen           func(statements []any)
		role            string
		gains           map[string][]string
	}{
		"everybody may read the customers' documents": {
			"Data", "DocumentsPolicy", func(statements []any) {
				s := statements[0].(map[string]any)
				s["Effect"], s["Action"] = "Allow", "s3:GetObject"
				delete(s, "Condition")
			},
			"lambda/catalog", nil, // the key still refuses
		},
		"everybody may use the key": {
			"Data", "DataKey", func(statements []any) { statements[0].(map[string]any)["Principal"] = "*" },
			Guest, map[string][]string{"Data key, directly": {
				"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
				"kms:ReEncryptFrom", "kms:ReEncryptTo",
			}},
		},
		"pictures come over TLS 1.1": {
			"Data", "MediaPolicy", func(statements []any) {
				statements[1].(map[string]any)["Action"] = "s3:PutObject"
			},
			Guest, map[string][]string{"Bucket media, products/ over TLS 1.1": {"s3:GetObject"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := reviewed(t, "SecureCart-Dev", widened(t, test.stack, test.resource, test.widen))
			role, _ := s.Role(test.role)
			got := allowed(s.signedBy(t, role))
			for on, actions := range test.gains {
				if diff := cmp.Diff(actions, got[on]); diff != "" {
					t.Errorf("%s, %s (-expected +evaluated)\n%s", role.Name, on, diff)
				}
			}
			if test.gains == nil && !cmp.Equal(may[role.Name], got) {
				t.Errorf("%s gained something", role.Name)
			}
		})
	}
}

// widened edits the statements of the one policy in a stack whose logical id begins with id.
func widened(t *testing.T, stack, id string, widen func([]any)) stagetest.Change {
	t.Helper()
	return func(templates map[string]assembly.Template) {
		for _, name := range templates[stack].IDs() {
			if len(name) != len(id)+8 || !strings.HasPrefix(name, id) {
				continue
			}
			for _, element := range []string{"PolicyDocument", "KeyPolicy"} {
				if document, ok := templates[stack].Resources[name].Properties[element].(map[string]any); ok {
					widen(document["Statement"].([]any))
					return
				}
			}
		}
		t.Fatalf("stack %s has no policy %s", stack, id)
	}
}

func TestFunctionsThatNameNoSourceAreSeen(t *testing.T) {
	loaded := stagetest.Dev(t)
	for i := range loaded.Permissions {
		loaded.Permissions[i].SourceArn = ""
	}
	s := read(t, loaded)
	for arn := range s.Functions {
		want := "GET /orders of another API"
		switch s.FunctionName(arn) {
		case "lambda/tokens", "lambda/registration":
			want = "trigger of another user pool"
		case "lambda/unconfirmed", "lambda/securityevents", "lambda/userexport":
			want = "event of events"
		}
		invoked := false
		for _, event := range s.Events() {
			verdict, err := s.Invoke(arn, event)
			if err != nil {
				t.Fatal(err)
			}
			invoked = invoked || event.What == want && verdict.Allowed
		}
		if !invoked {
			t.Errorf("%s: %s does not invoke it, although its permission names no source", s.FunctionName(arn), want)
		}
	}
}
