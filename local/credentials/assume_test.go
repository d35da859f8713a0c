package credentials_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
)

// TestTrustPolicyDecidesWhoMayAssumeARole tries every role of the stage with everybody who could want it.
func TestTrustPolicyDecidesWhoMayAssumeARole(t *testing.T) {
	s, store := open(t, newClock())
	tags := map[string]string{"customer": customerSub}
	stranger := customer(s)
	stranger.PoolID = "eu-central-1:11111111-2222-3333-4444-555555555555"
	want := map[string][]string{
		"IdentitiesGuestB8B195FA":    {"guest"},
		"IdentitiesCustomerCC68ED97": {"customer", "customer without tags"},
		"CatalogRole0F63F5A3":        {"lambda"},
		"CustomersRoleD266391B":      {"lambda"},
		"LinksRole87B38B91":          {"lambda"},
		"RegistrationRole0BDDA7EC":   {"lambda"},
		"SecurityEvents":             {"lambda"},
		"UnconfirmedRole677A878E":    {"lambda"},
		"UserExport":                 {"lambda"},
		"Privacy":                    nil, // IAM users: they have a test of their own
		"Support":                    nil,
		"OrdersRoleF1878990":         {"lambda"},
		"TokensRole3B49F750":         {"lambda"},
		"UsersSmsRole2846A27E":       nil, // it asks for Cognito's external id
		"ShopLoggingRole968C7851":    {"apigateway"},
	}
	got := map[string][]string{}
	for arn, r := range s.Roles {
		id := r.Name[strings.LastIndex(r.Name, "-")+1:]
		got[id] = nil
		for _, attempt := range []struct {
			who string
			err error
		}{
			{"guest", second(store.AssumeWithWebIdentity(arn, guest(s), nil))},
			{"guest with tags", second(store.AssumeWithWebIdentity(arn, guest(s), tags))},
			{"customer", second(store.AssumeWithWebIdentity(arn, customer(s), tags))},
			{"customer without tags", second(store.AssumeWithWebIdentity(arn, customer(s), nil))},
			{"customer of another pool", second(store.AssumeWithWebIdentity(arn, stranger, tags))},
			{"lambda", second(store.AssumeAsService(arn, "lambda.amazonaws.com", "function", time.Hour))},
			{"apigateway", second(store.AssumeAsService(arn, "apigateway.amazonaws.com", "gateway", time.Hour))},
			{"cognito-idp", second(store.AssumeAsService(arn, "cognito-idp.amazonaws.com", "cognito", time.Hour))},
		} {
			if attempt.err == nil {
				got[id] = append(got[id], attempt.who)
				continue
			}
			wantCode(t, attempt.err, credentials.AccessDenied)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who may assume which role (-want +got)\n%s", diff)
	}
}

func second(_ credentials.Session, err error) error { return err }

func TestTagsWantTheTrustPolicysConsent(t *testing.T) {
	s, store := open(t, newClock(), func(templates map[string]assembly.Template) {
		r := resource(t, templates, "IdentityPool", "IdentitiesCustomerCC")
		statements(r, "AssumeRolePolicyDocument")[0].(map[string]any)["Action"] = "sts:AssumeRoleWithWebIdentity"
	})
	_, err := store.AssumeWithWebIdentity(s.PoolRoles.Roles.Authenticated, customer(s),
		map[string]string{"customer": customerSub})
	wantCode(t, err, credentials.AccessDenied)
	if _, err := store.AssumeWithWebIdentity(s.PoolRoles.Roles.Authenticated, customer(s), nil); err != nil {
		t.Errorf("without tags: %v", err)
	}
}

// TestPoliciesThatAreNotUnderstoodStopTheStart names the role or resource that has one.
func TestPoliciesThatAreNotUnderstoodStopTheStart(t *testing.T) {
	condition := func(operator, key string) func(map[string]any) {
		return func(s map[string]any) { s["Condition"] = map[string]any{operator: map[string]any{key: "x"}} }
	}
	type place struct{ stack, id, property string }
	guest := place{"IdentityPool", "IdentitiesGuestDefaultPolicy", "PolicyDocument"}
	for name, test := range map[string]struct {
		at     place
		change func(statement map[string]any)
		says   []string
	}{
		"unknown operator": {guest, condition("StringSounds", "aws:PrincipalArn"),
			[]string{"IdentitiesGuestB8B195FA", "StringSounds"}},
		"unknown key": {guest, condition("StringEquals", "aws:Weekday"),
			[]string{"IdentitiesGuestB8B195FA", "aws:Weekday"}},
		"key not served": {guest, condition("StringEquals", "dynamodb:FullTableScan"),
			[]string{"IdentitiesGuestB8B195FA", "dynamodb:fulltablescan"}},
		"several values": {guest, condition("ForAllValues:StringEquals", "s3:RequestObjectTagKeys"),
			[]string{"s3:requestobjecttagkeys is not served"}},
		"address of callers": {guest, condition("StringEquals", "aws:SourceIp"), []string{"IdentitiesGuestB8B195FA", "aws:"}},
		"variable not served": {guest, func(s map[string]any) { s["Resource"] = "arn:aws:s3:::bucket/${aws:Referer}/*" },
			[]string{"IdentitiesGuestB8B195FA", "aws:referer is not served"}},
		"trust": {place{"IdentityPool", "IdentitiesGuestB",
			"AssumeRolePolicyDocument"}, condition("StringEquals", "aws:Weekday"),
			[]string{"IdentitiesGuestB8B195FA", "trust policy", "aws:Weekday"}},
		"bucket": {place{"Data", "MediaPolicy", "PolicyDocument"}, condition("StringEquals", "s3:delimiter"),
			[]string{"bucket securecart-dev-data-media", "s3:delimiter is not served"}},
		"key": {place{"Data", "DataKey", "KeyPolicy"}, condition("StringEquals", "kms:CallerAccount"),
			[]string{"key ", "kms:calleraccount is not served"}},
	} {
		s := stagetest.Dev(t, func(templates map[string]assembly.Template) {
			test.change(statements(resource(t, templates, test.at.stack, test.at.id), test.at.property)[0].(map[string]any))
		})
		_, err := credentials.New(s, time.Now)
		for _, want := range test.says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q in it", name, err, want)
			}
		}
	}
}

// TestSingleStatementsAreCheckedToo: IAM takes one without its list.
func TestSingleStatementsAreCheckedToo(t *testing.T) {
	s := &deployed.Stage{Roles: map[string]deployed.Role{"arn:aws:iam::111122223333:role/One": {
		Name: "One",
		AssumeRolePolicyDocument: json.RawMessage(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
			"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
			"Condition": {"StringEquals": {"aws:Referer": "x"}}}}`),
	}}}
	if _, err := credentials.New(s, time.Now); err == nil ||
		!strings.Contains(err.Error(), "role One: trust policy: condition key aws:referer is not served") {
		t.Errorf("got %v", err)
	}
}
