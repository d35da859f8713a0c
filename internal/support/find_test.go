package support_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

func TestFindByAddressSubAndUserName(t *testing.T) {
	for who, want := range map[string]string{
		supporttest.Email:    supporttest.Sub,
		"JANE@Example.com":   supporttest.Sub, // the pool takes addresses in any letter case
		supporttest.Sub:      supporttest.Sub,
		"joe@example.com":    supporttest.Other,
		"Google_42":          "55555555-aaaa-4bbb-8ccc-0123456789ab",
		"Okta_a@example.com": "66666666-aaaa-4bbb-8ccc-0123456789ab",
	} {
		stage := supporttest.New()
		for name, sub := range map[string]string{"Google_42": "55555555", "Okta_a@example.com": "66666666"} {
			stage.Users[name] = &supporttest.User{Username: name, Status: cognito.UserStatusTypeExternalProvider, Enabled: true,
				Attributes: map[string]string{"sub": sub + "-aaaa-4bbb-8ccc-0123456789ab"}}
		}
		found, err := stage.Desk().Find(t.Context(), who)
		if err != nil || found.Sub != want {
			t.Errorf("%s: found %q (%v), want %q", who, found.Sub, err, want)
		}
		wantNoChange(t, stage)
	}
}

func TestAFoundCustomerIsWhatCognitoSays(t *testing.T) {
	found, err := supporttest.New().Desk().Find(t.Context(), supporttest.Email)
	if err != nil {
		t.Fatal(err)
	}
	identity := support.Identity{Provider: supporttest.Provider, Subject: supporttest.Subject}
	if found.Email != supporttest.Email || !found.EmailVerified || !found.Enabled || found.Status != "CONFIRMED" ||
		found.Preferred != "SOFTWARE_TOKEN_MFA" || len(found.Identities) != 1 || found.Identities[0] != identity ||
		found.Federated() {
		t.Errorf("found %+v", found)
	}
}

func TestFindSaysWhoIsMissing(t *testing.T) {
	for _, who := range []string{"nobody@example.com", "Google_1", "12345678-aaaa-4bbb-8ccc-0123456789ab"} {
		_, err := supporttest.New().Desk().Find(t.Context(), who)
		missing := new(support.NotFound)
		if !errors.As(err, &missing) || support.Explain(err) != "there is no customer "+who {
			t.Errorf("%s: %v", who, err)
		}
	}
}

func TestFindRefusesToChoose(t *testing.T) {
	stage := supporttest.New()
	stage.Users["Okta_j"] = &supporttest.User{Username: "Okta_j", Status: cognito.UserStatusTypeExternalProvider,
		Attributes: map[string]string{"sub": "55555555-aaaa-4bbb-8ccc-0123456789ab", "email": supporttest.Email}}
	// Cognito would accept the address in capitals as a user name, and not report the second account.
	if _, err := stage.Desk().Find(t.Context(), "JANE@Example.com"); err == nil {
		t.Error("the first of two customers was taken")
	}
	_, err := stage.Desk().Find(t.Context(), supporttest.Email)
	want := "2 customers are jane@example.com: " + supporttest.Sub + " (CONFIRMED, enabled), " +
		"Okta_j (EXTERNAL_PROVIDER, disabled); " +
		"say which by the user name"
	if err == nil || support.Explain(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestFindTakesNothingThatWouldLeaveTheFilter(t *testing.T) {
	for _, who := range []string{"", `a" or email ^= "`, `a\@b`, "a\nb@c", "a\u202eb@c", strings.Repeat("a", 257)} {
		stage := supporttest.New()
		if _, err := stage.Desk().Find(t.Context(), who); err == nil {
			t.Errorf("%q was looked for", who)
		}
		if len(stage.Calls) > 0 {
			t.Errorf("%q reached Cognito: %v", who, stage.Calls)
		}
	}
}

func TestFindRefusesAnAnswerAboutSomebodyElse(t *testing.T) {
	stage := supporttest.New()
	stage.Aliases[supporttest.Sub] = supporttest.Other
	_, err := stage.Desk().Find(t.Context(), supporttest.Email)
	if err == nil || !strings.Contains(support.Explain(err), "another account") {
		t.Errorf("got %v", err)
	}
}

func TestFindRefusesAnAccountWithoutASub(t *testing.T) {
	stage := supporttest.New()
	delete(stage.Users[supporttest.Sub].Attributes, "sub")
	if _, err := stage.Desk().Find(t.Context(), "JANE@example.com"); err == nil {
		t.Error("an account without a sub was taken: everybody's documents begin with nothing")
	}
}

func TestFindRefusesIdentitiesThatItDoesNotUnderstand(t *testing.T) {
	stage := supporttest.New()
	stage.Users[supporttest.Sub].Attributes["identities"] = "Google"
	if _, err := stage.Desk().Find(t.Context(), supporttest.Email); err == nil {
		t.Error("erasing would leave the records of connected providers")
	}
}

func TestFailuresOfTheUserPoolAreOneSentence(t *testing.T) {
	for code, want := range map[string]string{
		"AccessDeniedException":    "the role has no permission for ListUsers (AccessDeniedException)",
		"TooManyRequestsException": "AWS is busy (TooManyRequestsException at ListUsers)",
		"ExpiredTokenException":    "the session has ended (ExpiredTokenException at ListUsers)",
		"InternalErrorException":   "ListUsers failed (InternalErrorException: no InternalErrorException)",
	} {
		stage := supporttest.New()
		stage.Stop = func(int, string) supporttest.Stop { return supporttest.Stop{Before: supporttest.APIError(code)} }
		_, err := stage.Desk().Find(t.Context(), supporttest.Email)
		if err == nil || support.Explain(err) != want {
			t.Errorf("%s: %v", code, err)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := supporttest.New().Desk().Find(stopped, supporttest.Email); err == nil ||
		support.Explain(err) != "interrupted" {
		t.Errorf("interrupted: %v", err)
	}
}
