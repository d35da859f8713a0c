package userpool

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func providerOf(provider, attribute, value string) *types.ProviderUserIdentifierType {
	return &types.ProviderUserIdentifierType{
		ProviderName: &provider, ProviderAttributeName: &attribute, ProviderAttributeValue: &value,
	}
}

// link connects a subject of Google to a user.
func (r *rig) link(username, subject string) error {
	return errorOf(r.sdk.AdminLinkProviderForUser(r.t.Context(), &cognito.AdminLinkProviderForUserInput{
		UserPoolId: aws.String(poolID), DestinationUser: providerOf("Cognito", "ignored", username),
		SourceUser: providerOf("Google", "Cognito_Subject", subject),
	}))
}

func (r *rig) unlink(provider, attribute, value string) error {
	return errorOf(r.sdk.AdminDisableProviderForUser(r.t.Context(), &cognito.AdminDisableProviderForUserInput{
		UserPoolId: aws.String(poolID), User: providerOf(provider, attribute, value),
	}))
}

// sub registers somebody and returns the user name, which is the sub.
func (r *rig) sub(email string) string {
	r.t.Helper()
	r.register(email)
	return *first(r.adminGet(email)).Username
}

func TestLinkedIdentitySignsInAsTheUserWhomItWasLinkedTo(t *testing.T) {
	r := newRig(t)
	sub := r.sub(jane)
	r.setAttributes(map[string]string{"name": "Jane", "family_name": "Doe"})
	must.Do(t, r.link(sub, "1234"))
	linked := r.clock.Now()
	r.clock.Advance(time.Hour)
	r.registrations()
	username, err := r.SignInFederated(t.Context(), webID, "Google", "1234", map[string]string{
		"sub": "1234", "email": "doe@gmail.example", "email_verified": "false", "name": "Janie",
	})
	if err != nil || username != sub {
		t.Fatalf("got %s, %v; want %s", username, err, sub)
	}
	if got := r.registrations(); got != nil {
		t.Errorf("nobody is new, and the registration was told %v", got)
	}
	user, attributes := r.adminGet(jane)
	want := map[string]string{
		"sub": sub, "email": jane, "email_verified": "true", "family_name": "Doe", "name": "Janie",
		"custom:provider_email": "doe@gmail.example", "identities": attributes["identities"],
	}
	if diff := cmp.Diff(want, attributes); diff != "" || user.UserStatus != types.UserStatusTypeConfirmed {
		t.Errorf("status %s, attributes (-want +got):\n%s", user.UserStatus, diff)
	}
	record := map[string]any{
		"userId": "1234", "providerName": "Google", "providerType": "Google", "issuer": nil,
		"primary": false, "dateCreated": float64(linked.UnixMilli()),
	}
	var records []map[string]any
	must.Do(t, json.Unmarshal([]byte(attributes["identities"]), &records))
	if diff := cmp.Diff([]map[string]any{record}, records); diff != "" {
		t.Errorf("attribute identities (-want +got):\n%s", diff)
	}
	tokens := r.hosted(username, "openid", "profile")
	id, access := claims(t, &tokens.ID), claims(t, &tokens.Access)
	record["primary"], record["dateCreated"] = "false", fmt.Sprint(linked.UnixMilli())
	if diff := cmp.Diff([]any{record}, id["identities"]); diff != "" {
		t.Errorf("claim identities (-want +got):\n%s", diff)
	}
	if id["sub"] != sub || id["cognito:username"] != sub || access["username"] != sub || access["sub"] != sub ||
		id["cognito:groups"] != nil || access["cognito:groups"] != nil || id["custom:provider_email"] != "doe@gmail.example" {
		t.Errorf("ID token %v, access token %v", id, access)
	}
	refused(t, "the user that the identity would have made", "UserNotFoundException")(r.sdk.AdminGetUser(t.Context(),
		&cognito.AdminGetUserInput{UserPoolId: aws.String(poolID), Username: aws.String("Google_1234")}))
	must.Get(r.SignInWithPassword(webID, jane, password))(t) // The password still works.
}

// This is why no provider maps email: the address at the provider would become the one that recovers the account.
func TestMappedAttributesOverwriteThoseOfALinkedUser(t *testing.T) {
	r := newRig(t, wide)
	sub := r.sub(jane)
	r.register("joe@example.com")
	must.Do(t, r.link(sub, "1"))
	signIn := func(email string) error {
		return errorOf(r.SignInFederated(t.Context(), webID, "Google", "1", map[string]string{"email": email}))
	}
	must.Do(t, signIn("eve@gmail.example"))
	if _, attributes := r.adminGet(sub); attributes["email"] != "eve@gmail.example" ||
		attributes["email_verified"] != "false" {
		t.Errorf("attributes %v", attributes)
	}
	wantRefusal(t, "somebody else's address", signIn("joe@example.com"), "AliasExistsException")
	narrow := newRig(t, wide, client(webID, func(c *deployed.UserPoolClient) { c.WriteAttributes = []string{"name"} }))
	must.Do(t, narrow.link(narrow.sub(jane), "1"))
	username, err := narrow.SignInFederated(t.Context(), webID, "Google", "1",
		map[string]string{"email": "eve@gmail.example"})
	wantRefusal(t, "not writable", err, "InvalidParameterException: email: Attribute cannot be updated.")
	if username != "" {
		t.Errorf("%s has signed in nevertheless", username)
	}
}

func TestLinksThatAreRefused(t *testing.T) {
	r := newRig(t)
	sub, joe := r.sub(jane), r.sub("joe@example.com")
	must.Get(r.SignInFederated(t.Context(), webID, "Google", "own", nil))(t)
	source := func(provider, attribute, value string) error {
		return errorOf(r.sdk.AdminLinkProviderForUser(t.Context(), &cognito.AdminLinkProviderForUserInput{
			UserPoolId: aws.String(poolID), DestinationUser: providerOf("Cognito", "", sub),
			SourceUser: providerOf(provider, attribute, value),
		}))
	}
	destination := func(provider, value string) error {
		return errorOf(r.sdk.AdminLinkProviderForUser(t.Context(), &cognito.AdminLinkProviderForUserInput{
			UserPoolId: aws.String(poolID), DestinationUser: providerOf(provider, "", value),
			SourceUser: providerOf("Google", "Cognito_Subject", "1"),
		}))
	}
	const merging = "InvalidParameterException: Merging is not currently supported, " +
		"provide a SourceUser that has not been signed up in order to link"
	wantRefusal(t, "nobody", destination("Cognito", "nobody"), "UserNotFoundException")
	wantRefusal(t, "an address for a user name", destination("Cognito", jane), "UserNotFoundException")
	wantRefusal(t, "a federated user", destination("Cognito", "Google_own"),
		"InvalidParameterException: Invalid DestinationUser")
	wantRefusal(t, "a federated user by its provider", destination("Google", "own"),
		"InvalidParameterException: Invalid DestinationUser")
	wantRefusal(t, "a user with a profile", source("Google", "Cognito_Subject", "own"), merging)
	wantRefusal(t, "a native user", source("Cognito", "Cognito_Subject", joe),
		"InvalidParameterException: Invalid SourceUser: Cognito users")
	wantRefusal(t, "an unknown provider", source("Okta", "Cognito_Subject", "1"),
		"InvalidParameterException: Invalid SourceUser")
	wantRefusal(t, "by e-mail", source("Google", "email", jane), "InvalidParameterException: Invalid SourceUser")
	wantRefusal(t, "nobody's subject", source("Google", "Cognito_Subject", ""),
		"InvalidParameterException: Invalid SourceUser")
	other := &cognito.AdminLinkProviderForUserInput{
		UserPoolId: aws.String("eu-central-1_other"), DestinationUser: providerOf("Cognito", "", sub),
		SourceUser: providerOf("Google", "Cognito_Subject", "1"),
	}
	refused(t, "another pool", "ResourceNotFoundException")(r.sdk.AdminLinkProviderForUser(t.Context(), other))
	if _, attributes := r.adminGet(sub); attributes["identities"] != "" {
		t.Errorf("something was linked: %v", attributes)
	}
	for i := range maxLinks {
		must.Do(t, r.link(sub, fmt.Sprint(i)))
	}
	wantRefusal(t, "a sixth", r.link(sub, "6"), "LimitExceededException")
	wantRefusal(t, "again", r.link(sub, "0"), "InvalidParameterException: SourceUser is already linked to DestinationUser")
	wantRefusal(t, "somebody else's", r.link(joe, "0"), "AliasExistsException")
}

func TestLinkedUserWhoIsDisabledOrUnconfirmedDoesNotSignIn(t *testing.T) {
	r := newRig(t)
	out := must.Get(r.signUp(jane, password, nil))(t)
	must.Do(t, r.link(*out.UserSub, "1"))
	signIn := func() error { return errorOf(r.SignInFederated(t.Context(), webID, "Google", "1", nil)) }
	wantRefusal(t, "unconfirmed", signIn(), "UserNotConfirmedException")
	r.disable(jane)
	wantRefusal(t, "disabled", signIn(), "NotAuthorizedException: User is disabled.")
}

// AWS documents this for linking by an address that is trusted. The shop's own trigger never does it.
func TestIdentityThatTheTriggerLinksSignsInAsThatUser(t *testing.T) {
	r := newRig(t)
	sub := r.sub(jane)
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		must.Do(t, r.link(sub, "1"))
		return json.Marshal(event)
	})
	if got, err := r.SignInFederated(t.Context(), webID, "Google", "1", nil); err != nil || got != sub {
		t.Errorf("got %s, %v", got, err)
	}
}
