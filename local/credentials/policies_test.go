package credentials_test

import (
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
)

// TestWithoutItsStatementWhatWasAllowedIsRefused takes out one statement after the other, so that none of them is
// allowed by accident.
func TestWithoutItsStatementWhatWasAllowedIsRefused(t *testing.T) {
	for sid, r := range map[string]func(n names) request{
		"BrowseProducts":      func(n names) request { return request{"execute-api:Invoke", n.api + "GET/products", nil} },
		"ReadProductPictures": func(n names) request { return request{"s3:GetObject", n.media + "/products/a", tls("1.3")} },
		"ReadOwnRows": func(n names) request {
			return request{"dynamodb:GetItem", n.orders, projected([]string{"status"}, customerSub)}
		},
		"ReadDynamoDBWithDataKey": func(n names) request { return request{"kms:Decrypt", n.key, via("dynamodb")} },
		"ReadS3WithDataKey":       func(n names) request { return request{"kms:Decrypt", n.key, via("s3")} },
		"ReadOwnDocuments": func(n names) request {
			return request{"s3:GetObject", n.documents + "/customers/" + customerSub + "/a", tls("1.3")}
		},
	} {
		for _, without := range []bool{false, true} {
			s, store := open(t, newClock(), func(templates map[string]assembly.Template) {
				policy := resource(t, templates, "IdentityPool", "IdentitiesCustomerDefaultPolicy")
				for _, statement := range statements(policy, "PolicyDocument") {
					if s := statement.(map[string]any); without && s["Sid"] == sid {
						s["Action"] = "sns:Publish"
					}
				}
			})
			wanted := r(arns(t, s))
			session := assumeCustomer(t, s, store)
			if err := store.Authorize(&session, wanted.action, wanted.resource, wanted.context); (err != nil) != without {
				t.Errorf("without %s %t: %s: %v", sid, without, wanted.action, err)
			}
		}
	}
}

func TestWithoutTheConditionOnLeadingKeysOthersRowsAreReadable(t *testing.T) {
	s, store := open(t, newClock(), func(templates map[string]assembly.Template) {
		policy := resource(t, templates, "IdentityPool", "IdentitiesCustomerDefaultPolicy")
		for _, statement := range statements(policy, "PolicyDocument") {
			if s := statement.(map[string]any); s["Sid"] == "ReadOwnRows" {
				delete(s, "Condition")
			}
		}
	})
	session := assumeCustomer(t, s, store)
	if err := store.Authorize(&session, "dynamodb:GetItem", arns(t, s).orders, rows(otherSub)); err != nil {
		t.Error(err)
	}
}

// TestKeyPolicyDecidesWhetherTheAccountMay changes the key's one statement, which leaves the decision to the account.
func TestKeyPolicyDecidesWhetherTheAccountMay(t *testing.T) {
	for name, test := range map[string]struct {
		change            func(statement map[string]any)
		decrypt, describe bool
	}{
		"as it is":          {func(map[string]any) {}, true, false},
		"for other actions": {func(s map[string]any) { s["Action"] = "kms:DescribeKey" }, false, false},
		"for another account": {func(s map[string]any) {
			s["Principal"] = map[string]any{"AWS": "arn:aws:iam::444455556666:root"}
		}, false, false},
		"for everybody, whatever their own policies say": {func(s map[string]any) {
			s["Principal"] = map[string]any{"AWS": "*"}
		}, true, true},
		"as a refusal": {func(s map[string]any) { s["Effect"] = "Deny" }, false, false},
	} {
		s, store := open(t, newClock(), func(templates map[string]assembly.Template) {
			test.change(statements(resource(t, templates, "Data", "DataKey"), "KeyPolicy")[0].(map[string]any))
		})
		session, n := assumeCustomer(t, s, store), arns(t, s)
		if err := store.Authorize(&session, "kms:Decrypt", n.key, via("dynamodb")); (err == nil) != test.decrypt {
			t.Errorf("%s: Decrypt: %v, want allowed %t", name, err, test.decrypt)
		}
		if err := store.Authorize(&session, "kms:DescribeKey", n.key, nil); (err == nil) != test.describe {
			t.Errorf("%s: DescribeKey: %v, want allowed %t", name, err, test.describe)
		}
	}
}

// TestBucketPolicyMayAllow: in one account it is enough if either policy does.
func TestBucketPolicyMayAllow(t *testing.T) {
	opened := func(templates map[string]assembly.Template) {
		policy := resource(t, templates, "Data", "MediaPolicy").Properties["PolicyDocument"].(map[string]any)
		policy["Statement"] = append(policy["Statement"].([]any), map[string]any{
			"Effect": "Allow", "Principal": map[string]any{"AWS": "*"}, "Action": "s3:GetObject",
			"Resource": map[string]any{
				"Fn::Join": []any{"", []any{map[string]any{"Fn::GetAtt": []any{bucketID(templates), "Arn"}}, "/open/*"}},
			},
		})
	}
	s, store := open(t, newClock(), opened)
	session, n := assumeGuest(t, s, store), arns(t, s)
	if err := store.Authorize(&session, "s3:GetObject", n.media+"/open/a", tls("1.3")); err != nil {
		t.Error(err)
	}
	if store.Authorize(&session, "s3:GetObject", n.media+"/closed/a", tls("1.3")) == nil {
		t.Error("the statement of one prefix allowed another")
	}

	s, store = open(t, newClock(), opened, func(templates map[string]assembly.Template) {
		statement := statements(resource(t, templates, "IdentityPool", "IdentitiesGuestDefaultPolicy"),
			"PolicyDocument")[0].(map[string]any)
		statement["Effect"], statement["Action"], statement["Resource"] = "Deny", "s3:*", "*"
	})
	session = assumeGuest(t, s, store)
	err := store.Authorize(&session, "s3:GetObject", n.media+"/open/a", tls("1.3"))
	if err == nil || !strings.Contains(err.Error(), "explicit deny in an identity-based policy") {
		t.Errorf("got %v, want the refusal in the role's policy to count for more", err)
	}
}

func bucketID(templates map[string]assembly.Template) string {
	for _, id := range templates["Data"].IDs() {
		if strings.HasPrefix(id, "MediaA") {
			return id
		}
	}
	return ""
}

// TestGuestsMayNotDoWhatCognitoNeverLetsThem gives the guests' role more than it should have.
func TestGuestsMayNotDoWhatCognitoNeverLetsThem(t *testing.T) {
	s, store := open(t, newClock(), func(templates map[string]assembly.Template) {
		policy := resource(t, templates, "IdentityPool", "IdentitiesGuestDefaultPolicy")
		statement := statements(policy, "PolicyDocument")[0].(map[string]any)
		statement["Action"], statement["Resource"] = []any{"ssm:GetParameter", "dynamodb:Scan"}, "*"
	})
	session, n := assumeGuest(t, s, store), arns(t, s)
	if err := store.Authorize(&session, "dynamodb:Scan", n.orders, nil); err != nil {
		t.Error(err)
	}
	err := store.Authorize(&session, "ssm:GetParameter", n.parameter, nil)
	if err == nil || !strings.Contains(err.Error(), "no session policy") {
		t.Errorf("got %v, want it refused by Cognito's own policy", err)
	}
}
