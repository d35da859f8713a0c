package userpool

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func TestFederatedUserHasTheMappedAttributesAnewAtEachSignIn(t *testing.T) {
	r := newRig(t, wide)
	theirs := map[string]string{
		"email":          "jane@gmail.example",
		"email_verified": "true",
		"name":           "Jane",
		// Nothing maps the rest.
		"sub": "forged", "hd": "example.com", "username": "admin", "identities": "[]", "phone_number": "+491701234567",
		"cognito:groups": `["Support"]`, "cognito:username": "admin", "custom:provider_email": "forged@example.com",
	}
	username, err := r.SignInFederated(t.Context(), webID, "Google", "1234", theirs)
	if err != nil || username != "google_1234" {
		t.Fatalf("got %s, %v", username, err)
	}
	user, attributes := r.adminGet(username)
	var identities []map[string]any
	must.Do(t, json.Unmarshal([]byte(attributes["identities"]), &identities))
	wantIdentity := []map[string]any{
		{
			"userId": "1234", "providerName": "Google", "providerType": "Google", "issuer": nil, "primary": true,
			"dateCreated": float64(r.clock.Now().UnixMilli()),
		},
	}
	if diff := cmp.Diff(wantIdentity, identities); diff != "" {
		t.Errorf("identities (-want +got):\n%s", diff)
	}
	sub := attributes["sub"]
	want := map[string]string{
		"sub": sub, "identities": attributes["identities"], "email": "jane@gmail.example", "email_verified": "true",
		"name": "Jane",
	}
	if diff := cmp.Diff(want, attributes); diff != "" || !uuidFormat.MatchString(sub) ||
		user.UserStatus != "EXTERNAL_PROVIDER" {
		t.Errorf("status %s, attributes (-want +got):\n%s", user.UserStatus, diff)
	}
	tokens := r.hosted(username, "openid", "email")
	id, access := claims(t, &tokens.ID), claims(t, &tokens.Access)
	group := []any{poolID + "_Google"}
	if id["cognito:username"] != username || access["username"] != username ||
		cmp.Diff(group, id["cognito:groups"]) != "" || cmp.Diff(group, access["cognito:groups"]) != "" {
		t.Errorf("ID token %v, access token %v", id, access)
	}
	if list, _ := id["identities"].([]any); len(list) != 1 || id["name"] != nil {
		t.Errorf("ID token %v", id)
	}
	if diff := cmp.Diff(group,
		r.events[0]["request"].(map[string]any)["groupConfiguration"].(map[string]any)["groupsToOverride"]); diff != "" {
		t.Errorf("groups that the trigger got (-want +got):\n%s", diff)
	}
	theirs["email"], theirs["name"], theirs["email_verified"] = "doe@gmail.example", "", "true"
	if again, err := r.SignInFederated(t.Context(), webID, "Google", "1234", theirs); err != nil || again != username {
		t.Fatalf("got %s, %v", again, err)
	}
	_, attributes = r.adminGet(username)
	if attributes["email"] != "doe@gmail.example" || attributes["email_verified"] != "true" ||
		attributes["name"] != "Jane" || attributes["sub"] != sub {
		t.Errorf("second sign-in: %v", attributes)
	}
}

func TestFederatedUserIsNobodyElse(t *testing.T) {
	r := newRig(t, wide).with(jane)
	username := must.Get(r.SignInFederated(t.Context(), webID, "Google", "1234",
		map[string]string{"email": jane, "email_verified": "true"}))(t)
	_, own := r.adminGet(jane)
	if _, federated := r.adminGet(username); own["sub"] == federated["sub"] {
		t.Error("Jane and the federated user of the same address are one")
	}
	must.Get(r.sdk.AdminDeleteUser(t.Context(),
		&cognito.AdminDeleteUserInput{UserPoolId: aws.String(poolID), Username: &username}))(t)
	must.Get(r.SignInWithPassword(webID, jane, password))(t) // Jane kept her address.
	must.Get(r.SignInFederated(t.Context(), webID, "Google", "5678", map[string]string{"email": "joe@gmail.example"}))(t)
	refused(t, "password sign-in", "NotAuthorizedException: Incorrect username or password.")(
		r.SignInWithPassword(webID, "joe@gmail.example", password))
	refused(t, "password sign-in by user name", "NotAuthorizedException: Incorrect username or password.")(
		r.srp(webID, "Google_5678", password))
	refused(t, "a password for it", "InvalidParameterException")(
		r.sdk.AdminSetUserPassword(t.Context(), &cognito.AdminSetUserPasswordInput{
			UserPoolId: aws.String(poolID), Username: aws.String("Google_5678"), Password: aws.String(password), Permanent: true,
		}))
	refused(t, "forgotten password", "NotAuthorizedException: User password cannot be reset in the current state.")(
		r.ForgotPassword(webID, "Google_5678"))
	if _, attributes := r.adminGet("Google_5678"); attributes["email_verified"] != "false" {
		t.Errorf("an address that the provider does not vouch for is verified: %v", attributes)
	}
	r.register("joe@gmail.example")
}

func TestFederatedSignInsThatAreRefused(t *testing.T) {
	withEmail := map[string]string{"email": "jane@gmail.example"}
	r := newRig(t, wide)
	const incomplete = "InvalidParameterException: " +
		"Attributes did not conform to the schema: email: The attribute is required"
	for name, test := range map[string]struct {
		client, provider, subject string
		attributes                map[string]string
		want                      string
	}{
		"unknown client":             {"unknown", "Google", "1", withEmail, "ResourceNotFoundException"},
		"unknown provider":           {webID, "Okta", "1", withEmail, "InvalidParameterException"},
		"a client without providers": {stepUpID, "Google", "1", withEmail, "InvalidParameterException"},
		"nobody":                     {webID, "Google", "", withEmail, "InvalidParameterException"},
		"no required attribute":      {webID, "Google", "1", map[string]string{"name": "Jane"}, incomplete},
		"no address": {webID, "Google", "1", map[string]string{"email": "jane"},
			"InvalidParameterException: Invalid email address format."},
	} {
		refused(t, name, test.want)(r.SignInFederated(t.Context(), test.client, test.provider, test.subject, test.attributes))
	}
	// As on AWS, what the client may not write fails the second sign-in.
	narrow := newRig(t, wide, client(webID, func(c *deployed.UserPoolClient) { c.WriteAttributes = []string{"name"} }))
	must.Get(narrow.SignInFederated(t.Context(), webID, "Google", "1", withEmail))(t)
	refused(t, "not writable", "InvalidParameterException: email: Attribute cannot be updated.")(
		narrow.SignInFederated(t.Context(), webID, "Google", "1", map[string]string{"email": "new@gmail.example"}))
	narrow.disable("Google_1")
	refused(t, "disabled", "NotAuthorizedException: User is disabled.")(
		narrow.SignInFederated(t.Context(), webID, "Google", "1", withEmail))
}

func TestFederatedUserIsAskedForNoSecondFactor(t *testing.T) {
	r := newRig(t, mfaOn)
	username := must.Get(
		r.SignInFederated(t.Context(), webID, "Google", "1", map[string]string{"email": "jane@gmail.example"}))(t)
	tokens, err := r.IssueTokens(t.Context(), TokenRequest{ClientID: webID, Username: username, Source: hostedAuth})
	if err != nil || claims(t, &tokens.ID)["auth_time"] != float64(r.clock.Now().Unix()) {
		t.Errorf("got %+v, %v", tokens, err)
	}
}
