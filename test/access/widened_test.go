package access

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// TestWidenedTemplatesAreSeen names, for a template with one thing made wider, some of what then succeeds.
func TestWidenedTemplatesAreSeen(t *testing.T) {
	for name, test := range map[string]struct {
		stack, resource string
		widen           func(statements []any)
		role            string
		gains           map[string][]string
	}{
		"guests may invoke whatever the API has": {
			"IdentityPool", "IdentitiesGuestDefaultPolicy", resource(0, "arn:aws:execute-api:eu-central-1:111122223333:*"),
			Guest, map[string][]string{
				"API, POST /orders": {"execute-api:Invoke"}, "API, where it has nothing, GET /products of another API": {"execute-api:Invoke"},
			},
		},
		"customers may read whatever key they name": {
			"IdentityPool", "IdentitiesCustomerDefaultPolicy",
			func(statements []any) { delete(statements[4].(map[string]any), "Condition") },
			Customer, map[string][]string{"Table Orders, another's row": {"dynamodb:GetItem", "dynamodb:Query"}},
		},
		"customers need name no key": {
			"IdentityPool", "IdentitiesCustomerDefaultPolicy", func(statements []any) {
				delete(statements[4].(map[string]any)["Condition"].(map[string]any), "Null")
			},
			Customer, map[string][]string{"Table Orders, rows that the request does not name": {"dynamodb:GetItem", "dynamodb:Query"}},
		},
		"the trigger may look up any user of any pool": {
			"UserPool", "UsersTokenTriggerGrants", resource(1, "*"),
			"lambda/tokens", map[string][]string{"User pool's administration, another pool": {"cognito-idp:AdminGetUser"}},
		},
		"support may update proofs": {
			"Operations", "SupportDeskSupportDefaultPolicy", action("DeleteProof", "dynamodb:UpdateItem"),
			Support, map[string][]string{
				"Table Proofs, of own row, the challenge": {"dynamodb:UpdateItem"},
				"Table Proofs, another's row":             {"dynamodb:UpdateItem"},
			},
		},
		"privacy may set passwords": {
			"Operations", "SupportDeskPrivacyDefaultPolicy", action("AdminDisableUser",
				"cognito-idp:AdminSetUserPassword"),
			Privacy, map[string][]string{"User pool's administration, this pool": {
				"cognito-idp:AdminDeleteUser", "cognito-idp:AdminGetUser", "cognito-idp:AdminSetUserPassword",
				"cognito-idp:AdminUserGlobalSignOut",
				"cognito-idp:ListUsers",
			}},
		},
		"the removal of accounts may plant a proof": {
			"UserPool", "UnconfirmedRoleDefaultPolicy", func(statements []any) {
				for _, s := range statements {
					if s.(map[string]any)["Sid"] == "RecordRemovals" {
						delete(s.(map[string]any), "Condition")
					}
				}
			},
			"lambda/unconfirmed", map[string][]string{"Table Proofs, another's row": {"dynamodb:UpdateItem"}},
		},
		"a handler may hand on a role": {
			"Api", "OrdersRoleDefaultPolicy", func(statements []any) {
				statements[0].(map[string]any)["Action"], statements[0].(map[string]any)["Resource"] = "iam:PassRole", "*"
			},
			"lambda/orders", map[string][]string{"Roles and permissions, to lambda.amazonaws.com": {"iam:PassRole"}},
		},
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
				"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
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
			got := s.allowedTo(t, role, s.signed())
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

func resource(statement int, arn any) func([]any) {
	return func(statements []any) { statements[statement].(map[string]any)["Resource"] = arn }
}

// action replaces the action of the statement with an id.
func action(sid, action string) func([]any) {
	return func(statements []any) {
		for _, s := range statements {
			if s.(map[string]any)["Sid"] == sid {
				s.(map[string]any)["Action"] = action
			}
		}
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
		case "lambda/unconfirmed":
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
