package userpool

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/local/localtest/must"
)

func TestUnlinkedAndFreedIdentitiesMakeUsersOfTheirOwn(t *testing.T) {
	r := newRig(t)
	sub := r.sub(jane)
	for _, subject := range []string{"1", "2"} {
		must.Do(t, r.link(sub, subject))
	}
	must.Do(t, r.unlink("Google", "Cognito_Subject", "1"))
	if _, attributes := r.adminGet(sub); identityCount(t, attributes["identities"]) != 1 {
		t.Errorf("identities %s", attributes["identities"])
	}
	if got, err := r.SignInFederated(t.Context(), webID, "Google", "1", nil); err != nil || got != "google_1" {
		t.Errorf("unlinked: %s, %v", got, err)
	}
	wantRefusal(t, "unlinked twice", r.unlink("Google", "Cognito_Subject", "1"),
		"InvalidParameterException: User google_1 is linked to nobody.")
	wantRefusal(t, "a stranger", r.unlink("Google", "Cognito_Subject", "3"), "UserNotFoundException")
	wantRefusal(t, "by another attribute", r.unlink("Google", "email", jane), "InvalidParameterException")
	wantRefusal(t, "an unknown provider", r.unlink("Okta", "Cognito_Subject", "2"), "InvalidParameterException")
	must.Do(t, r.unlink("Google", "Cognito_Subject", "2"))
	if _, attributes := r.adminGet(sub); attributes["identities"] != "" {
		t.Errorf("identities %s", attributes["identities"])
	}
	must.Do(t, r.link(sub, "2"))
	deleted := &cognito.AdminDeleteUserInput{UserPoolId: aws.String(poolID), Username: &sub}
	must.Get(r.sdk.AdminDeleteUser(t.Context(), deleted))(t)
	if got, err := r.SignInFederated(t.Context(), webID, "Google", "2", nil); err != nil || got != "google_2" {
		t.Errorf("after the user was deleted: %s, %v", got, err)
	}
	// A profile that was deleted can be linked.
	joe := r.sub("joe@example.com")
	deleted.Username = aws.String("Google_2")
	must.Get(r.sdk.AdminDeleteUser(t.Context(), deleted))(t)
	must.Do(t, r.link(joe, "2"))
}

func identityCount(t *testing.T, attribute string) int {
	t.Helper()
	var records []identityRecord
	must.Do(t, json.Unmarshal([]byte(attribute), &records))
	return len(records)
}

func TestProviderCognitoIsThePasswordAndItIsOffForGood(t *testing.T) {
	r := newRig(t)
	sub := r.sub(jane)
	must.Do(t, r.link(sub, "1"))
	must.Get(r.forgot(jane))(t)
	code := r.code(jane)
	access := r.signIn(accountID, jane).AccessToken
	wantRefusal(t, "by another attribute", r.unlink("Cognito", "email", jane), "InvalidParameterException")
	wantRefusal(t, "nobody", r.unlink("Cognito", "Cognito_Subject", "nobody"), "UserNotFoundException")
	must.Do(t, r.unlink("Cognito", "Cognito_Subject", sub))
	const wrong = "NotAuthorizedException: Incorrect username or password."
	refused(t, "password", wrong)(r.SignInWithPassword(webID, jane, password))
	refused(t, "SRP", wrong)(r.srp(webID, jane, password))
	refused(t, "change", wrong)(r.sdk.ChangePassword(t.Context(), &cognito.ChangePasswordInput{
		AccessToken: access, PreviousPassword: aws.String(password), ProposedPassword: aws.String(another),
	}))
	refused(t, "recovery", "NotAuthorizedException: User password cannot be reset in the current state.")(r.forgot(jane))
	if err := r.reset(jane, code, another); err == nil {
		t.Error("a code of before sets a password")
	}
	if got, err := r.SignInFederated(t.Context(), webID, "Google", "1", nil); err != nil || got != sub {
		t.Errorf("the provider: %s, %v", got, err)
	}
}
