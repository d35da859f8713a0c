package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// every is each scope that a decision must have a word for, written out so that a
// slip in the code is not repeated here.
var every = []string{
	"securecart/orders.read", "securecart/profile.read",
	"securecart/orders.write", "securecart/profile.write", "securecart/payment.write",
	"aws.cognito.signin.user.admin",
}

var (
	all      = changes{Added: every[:5]}
	toEnrol  = changes{Suppressed: every[:5]}
	nothing  = changes{Suppressed: every}
	toBrowse = changes{Added: every[:2], Suppressed: every[2:]}
)

func TestDecisionIsThatOfTheTableAndOfNoNeighbour(t *testing.T) {
	const newPassword, device, machine = "TokenGeneration_NewPasswordChallenge", "TokenGeneration_AuthenticateDevice", "TokenGeneration_ClientCredentials"
	tests := []struct {
		client, source string
		user           user
		want           changes
	}{
		{stepUpID, authentication, withTOTP, all},
		{stepUpID, authentication, withSMS, all},
		{stepUpID, authentication, user{[]string{"EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"}, "SOFTWARE_TOKEN_MFA"}, all},

		{stepUpID, authentication, user{}, toEnrol},
		{stepUpID, authentication, user{[]string{"SOFTWARE_TOKEN_MFA"}, ""}, toEnrol},
		{stepUpID, authentication, user{[]string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"}, ""}, toEnrol},
		{stepUpID, authentication, user{nil, "SOFTWARE_TOKEN_MFA"}, toEnrol},
		{stepUpID, authentication, user{[]string{"SMS_MFA"}, "SOFTWARE_TOKEN_MFA"}, toEnrol},
		{stepUpID, authentication, user{[]string{"EMAIL_OTP"}, "EMAIL_OTP"}, toEnrol},
		{stepUpID, authentication, user{[]string{"EMAIL_OTP", "SMS_MFA"}, "EMAIL_OTP"}, toEnrol},
		{stepUpID, authentication, user{[]string{"WEB_AUTHN"}, "WEB_AUTHN"}, toEnrol},
		{stepUpID, authentication, user{[]string{"software_token_mfa"}, "software_token_mfa"}, toEnrol},

		{stepUpID, hostedAuth, withTOTP, nothing},
		{stepUpID, refreshTokens, withTOTP, nothing},
		{stepUpID, newPassword, withTOTP, nothing},
		{stepUpID, device, withTOTP, nothing},
		{stepUpID, machine, withTOTP, nothing},
		{stepUpID, "TokenGeneration_Tomorrow", withTOTP, nothing},
		{stepUpID, "tokengeneration_authentication", withTOTP, nothing},
		{stepUpID, " TokenGeneration_Authentication", withTOTP, nothing},

		{webID, hostedAuth, withTOTP, toBrowse},
		{webID, refreshTokens, withTOTP, toBrowse},
		{webID, authentication, withTOTP, toBrowse},
		{webID, authentication, user{}, toBrowse},
		{webID, newPassword, withTOTP, nothing},
		{webID, device, withTOTP, nothing},
		{webID, machine, withTOTP, nothing},
		{webID, "TokenGeneration_Tomorrow", withTOTP, nothing},

		{"9another1example", authentication, withTOTP, nothing},
		{"9another1example", hostedAuth, withTOTP, nothing},
		{strings.ToUpper(stepUpID), authentication, withTOTP, nothing},
		{stepUpID + " ", authentication, withTOTP, nothing},
	}
	b := newRig(t)
	for _, test := range tests {
		t.Run(fmt.Sprint(test.client, " ", test.source, " ", test.user), func(t *testing.T) {
			b.enrolled(test.user)
			before := b.users.Calls()
			if diff := cmp.Diff(test.want, b.sign(t, from(t, test.client, test.source))); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
			asked, ask := b.users.Calls() != before, test.client == stepUpID && test.source == authentication
			if asked != ask {
				t.Errorf("Cognito was asked for the factor: %t, want %t", asked, ask)
			}
		})
	}
}

// The table is one value that a reader checks against the package comment; this
// checks it for them, row by row and cell by cell.
func TestTableIsTheOneInThePackageComment(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string][]string{"-": nil}
	var documented [][]string
	for line := range strings.Lines(file.Doc.Text()) {
		if name, scopes, found := strings.Cut(strings.TrimSpace(line), " = "); found {
			groups[strings.TrimSpace(name)] = strings.Split(scopes, ", ")
		}
		if cells := strings.Split(line, "|"); len(cells) > 1 {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			documented = append(documented, cells)
		}
	}
	scopes := func(cell string) (list []string) {
		for name := range strings.SplitSeq(cell, ", ") {
			group, found := groups[name]
			if !found {
				t.Errorf("the comment does not say what %q is", name)
			}
			list = append(list, group...)
		}
		return list
	}
	if len(documented) != len(table)+1 {
		t.Fatalf("the comment has %d lines with cells, want a heading and %d rows", len(documented), len(table))
	}
	for i, r := range table {
		cells := documented[i+1]
		conditions := []string{list(r.clients, ""), list(r.sources, "TokenGeneration_"), list(r.factors, ""), r.outcome}
		if diff := cmp.Diff(cells[:4], conditions); diff != "" {
			t.Errorf("row %d, conditions (-comment +code):\n%s", i+1, diff)
		}
		for k, of := range [][]string{r.adds, r.keeps, r.suppresses} {
			if diff := cmp.Diff(scopes(cells[4+k]), of); diff != "" {
				t.Errorf("row %d, %s (-comment +code):\n%s", i+1, documented[0][4+k], diff)
			}
		}
	}
}

func list[T ~string](values []T, prefix string) string {
	if values == nil {
		return "any"
	}
	var texts []string
	for _, value := range values {
		texts = append(texts, strings.TrimPrefix(string(value), prefix))
	}
	return strings.Join(texts, ", ")
}

func TestEveryDecisionHasExactlyOneWordForEveryScope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decide(anyOf(stepUp, web, other).Draw(t, "client"),
			anyOf(append(sources, "")...).Draw(t, "source"), anyOf(none, sms, totp).Draw(t, "factor"))
		said := slices.Sorted(slices.Values(slices.Concat(d.adds, d.keeps, d.suppresses)))
		if diff := cmp.Diff(slices.Sorted(slices.Values(every)), said); diff != "" {
			t.Errorf("%s: scopes (-want +got):\n%s", d.outcome, diff)
		}
	})
}

// anyOf draws one of the values that matter or, for the cases that nobody thought
// of, any other text.
func anyOf[T ~string](values ...T) *rapid.Generator[T] {
	random := rapid.Map(rapid.String(), func(s string) T { return T(s) })
	return rapid.OneOf(rapid.SampledFrom(values), rapid.SampledFrom(values), random)
}

// Each of the three conditions is met in half of the events, so that some meet all
// and many miss only one.
func TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor(t *testing.T) {
	b := newRig(t)
	setting := anyOf("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "")
	granted, refused := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		clientID, source, factors := stepUpID, authentication, withTOTP
		if rapid.Bool().Draw(r, "another client") {
			clientID = rapid.SampledFrom([]string{webID, "9another1example"}).Draw(r, "client")
		}
		if rapid.Bool().Draw(r, "another source") {
			source = rapid.SampledFrom(append(sources, "TokenGeneration_Tomorrow")).Draw(r, "source")
		}
		if rapid.Bool().Draw(r, "other factors") {
			factors = user{rapid.SliceOfN(setting, 0, 4).Draw(r, "active"), setting.Draw(r, "preferred")}
		}
		b.enrolled(factors)
		event := from(t, clientID, source)
		event["request"].(object)["scopes"] = rapid.SliceOf(rapid.SampledFrom(every)).Draw(r, "scopes")
		event["request"].(object)["clientMetadata"] = rapid.MapOf(rapid.String(), rapid.String()).Draw(r, "metadata")

		got := b.sign(t, event)
		highRisk := slices.ContainsFunc(got.Added, func(scope string) bool { return strings.HasSuffix(scope, ".write") })
		strong := factors.Preferred == "SMS_MFA" || factors.Preferred == "SOFTWARE_TOKEN_MFA"
		allowed := clientID == "4stepup8example" && source == "TokenGeneration_Authentication" &&
			strong && slices.Contains(factors.Active, factors.Preferred)
		if highRisk != allowed {
			r.Fatalf("added %v for %+v; want a high-risk scope: %t", got.Added, factors, allowed)
		}
		if !highRisk && slices.Contains(got.Added, "aws.cognito.signin.user.admin") {
			r.Fatalf("added %v", got.Added)
		}
		if highRisk {
			granted++
		} else {
			refused++
		}
	})
	if granted == 0 || refused == 0 {
		t.Errorf("%d granted, %d refused; both must occur, or this proves nothing", granted, refused)
	}
}
