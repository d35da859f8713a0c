package userpool

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

// The real trigger is tested against an event in its own folder. Ours has the same form.
func TestEventHasTheFormThatTheTriggerIsTestedWith(t *testing.T) {
	text := must.Get(os.ReadFile("../../lambda/tokens/testdata/authentication.json"))(t)
	var documented map[string]any
	must.Do(t, json.Unmarshal(text, &documented))
	r := newRig(t, wide)
	janeWithPhone(r)
	r.setAttributes(map[string]string{"family_name": "Doe"})
	var sent map[string]any
	r.invoke = func(_ context.Context, event map[string]any) ([]byte, error) {
		sent = event
		return json.Marshal(event)
	}
	sub := *first(r.adminGet(jane)).Username
	must.Get(r.IssueTokens(t.Context(), TokenRequest{
		ClientID: stepUpID, Username: sub, Source: authentication, AuthTime: r.clock.Now(),
		ClientMetadata: map[string]string{"note-of-alice": "x"},
	}))(t)
	if diff := cmp.Diff(form(documented, "addedOneDay", "alsoAddedOneDay"), form(sent)); diff != "" {
		t.Errorf("keys and types (-documented +sent):\n%s", diff)
	}
	want := map[string]any{
		"sub":                   sub,
		"email":                 jane,
		"email_verified":        "true",
		"family_name":           "Doe",
		"phone_number":          "+4915112345678",
		"phone_number_verified": "false",
		"cognito:user_status":   "CONFIRMED",
	}
	request := sent["request"].(map[string]any)
	if diff := cmp.Diff(want, request["userAttributes"]); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{adminScope}, request["scopes"]); diff != "" || sent["version"] != "2" ||
		sent["region"] != "eu-central-1" || sent["userName"] != sub {
		t.Errorf("sent %v", sent)
	}
}

// form is an event without its values. A null is as good as an empty list, which the documentation has in its place.
func form(value any, without ...string) any {
	switch v := value.(type) {
	case map[string]any:
		found := map[string]any{}
		for key, inner := range v {
			found[key] = form(inner, without...)
		}
		for _, key := range without {
			delete(found, key)
		}
		return found
	case nil, []any:
		return "list"
	default:
		return fmt.Sprintf("%T", v)
	}
}

// issue makes tokens whose trigger gives an answer.
func (r *rig) issue(response string) (Tokens, error) {
	r.answers(response)
	return r.IssueTokens(
		r.t.Context(),
		TokenRequest{
			ClientID: stepUpID, Username: *first(r.adminGet(jane)).Username, Source: authentication, AuthTime: r.clock.Now(),
		},
	)
}

func TestTriggerAddsAndSuppressesScopesAndClaims(t *testing.T) {
	r := newRig(t).with(jane)
	tokens := must.Get(r.issue(`{"claimsAndScopeOverrideDetails": {
		"idTokenGeneration": {
			"claimsToAddOrOverride": {"name": "Overridden", "tier": 2, "flags": [true, "x"], "both": 1},
			"claimsToSuppress": ["email", "both"]},
		"accessTokenGeneration": {
			"claimsToAddOrOverride": {"aud": "` + stepUpID + `", "nested": {"a": [1]}}, "claimsToSuppress": ["nothing"],
			"scopesToAdd": ["securecart/orders.write", "securecart/orders.write", "openid", "unwanted"],
			"scopesToSuppress": ["aws.cognito.signin.user.admin", "unwanted"]
		}
	}}`))(t)
	if diff := cmp.Diff([]string{"securecart/orders.write", "openid"}, tokens.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	id, access := claims(t, &tokens.ID), claims(t, &tokens.Access)
	if access["scope"] != "securecart/orders.write openid" || access["aud"] != stepUpID ||
		cmp.Diff(map[string]any{"a": []any{1.0}}, access["nested"]) != "" {
		t.Errorf("access token %v", access)
	}
	if id["name"] != "Overridden" || id["tier"] != 2.0 || id["email"] != nil || id["both"] != nil ||
		cmp.Diff([]any{true, "x"}, id["flags"]) != "" {
		t.Errorf("ID token %v", id)
	}
	// This is what the whole design of step-up rests on: without the scope the token changes nothing about its user.
	for operation, err := range map[string]error{
		"GetUser":              errorOf(r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: &tokens.Access})),
		"UpdateUserAttributes": errorOf(r.update(&tokens.Access, map[string]string{"name": "x"})),
		"VerifyUserAttribute":  r.verifyEmail(&tokens.Access, "123456"),
		"AssociateSoftwareToken": errorOf(
			r.sdk.AssociateSoftwareToken(t.Context(), &cognito.AssociateSoftwareTokenInput{AccessToken: &tokens.Access})),
		"VerifySoftwareToken": errorOf(r.sdk.VerifySoftwareToken(t.Context(), &cognito.VerifySoftwareTokenInput{
			AccessToken: &tokens.Access, UserCode: aws.String("123456"),
		})),
		"SetUserMFAPreference": errorOf(
			r.sdk.SetUserMFAPreference(t.Context(), &cognito.SetUserMFAPreferenceInput{AccessToken: &tokens.Access})),
		"GlobalSignOut": errorOf(r.sdk.GlobalSignOut(t.Context(), &cognito.GlobalSignOutInput{AccessToken: &tokens.Access})),
		"DeleteUser":    errorOf(r.sdk.DeleteUser(t.Context(), &cognito.DeleteUserInput{AccessToken: &tokens.Access})),
		"ChangePassword": errorOf(r.sdk.ChangePassword(t.Context(), &cognito.ChangePasswordInput{
			AccessToken: &tokens.Access, PreviousPassword: aws.String(password), ProposedPassword: aws.String(another),
		})),
		"GetUserAttributeVerificationCode": errorOf(r.sdk.GetUserAttributeVerificationCode(t.Context(),
			&cognito.GetUserAttributeVerificationCodeInput{AccessToken: &tokens.Access, AttributeName: aws.String("email")})),
	} {
		wantRefusal(t, operation, err, "NotAuthorizedException: Access Token does not have required scopes")
	}
}

func TestTriggerCannotTouchReservedClaims(t *testing.T) {
	r := newRig(t).with(jane)
	before := must.Get(r.issue(`{}`))(t)
	add, suppress := map[string]string{}, []string{}
	for _, name := range append([]string{"cognito:username", "cognito:anything", "cognito:groups"}, reserved...) {
		if name != "aud" {
			add[name] = "forged"
		}
		if name != "cognito:groups" {
			suppress = append(suppress, name)
		}
	}
	change := map[string]any{"claimsToAddOrOverride": add, "claimsToSuppress": suppress}
	after := must.Get(r.issue(
		jsonText(
			map[string]any{
				"claimsAndScopeOverrideDetails": map[string]any{"idTokenGeneration": change, "accessTokenGeneration": change},
			},
		),
	))(t)
	for name, pair := range map[string][2]string{"ID": {before.ID, after.ID}, "access": {before.Access, after.Access}} {
		if diff := cmp.Diff(claims(t, &pair[0]), claims(t, &pair[1]), randomClaims); diff != "" {
			t.Errorf("%s token (-before +after):\n%s", name, diff)
		}
		if strings.Contains(jsonText(claims(t, &pair[1])), "forged") {
			t.Errorf("%s token %v", name, claims(t, &pair[1]))
		}
	}
}

func TestTriggerReplacesGroups(t *testing.T) {
	r := newRig(t)
	username := must.Get(r.SignInFederated(t.Context(), webID, "Google", "1234",
		map[string]string{"email": "jane@gmail.example"}))(t)
	own := []any{poolID + "_Google"}
	with := func(overrides string) string { return `{"claimsAndScopeOverrideDetails": ` + overrides + `}` }
	for response, want := range map[string]any{
		`{}`:                                   own,
		`null`:                                 own,
		with(`null`):                           own,
		with(`[]`):                             own,
		with(`{}`):                             own,
		with(`{"groupOverrideDetails": {}}`):   nil,
		with(`{"groupOverrideDetails": null}`): nil,
		with(`{"groupOverrideDetails": {"groupsToOverride": ["a", "b"]}}`):      []any{"a", "b"},
		with(`{"idTokenGeneration": {"claimsToSuppress": ["cognito:groups"]}}`): "suppressed",
		with(`{"groupOverrideDetails": {"groupsToOverride": ["a"], "iamRolesToOverride": ["r"],
			"preferredRole": "r"}}`): []any{"a"},
	} {
		r.answers(response)
		tokens := r.hosted(username, "openid")
		id, access := claims(t, &tokens.ID), claims(t, &tokens.Access)
		if want == "suppressed" {
			if _, there := id["cognito:groups"]; there || cmp.Diff(own, access["cognito:groups"]) != "" {
				t.Errorf("%s: %v, %v", response, id, access)
			}
			continue
		}
		if cmp.Diff(want, id["cognito:groups"]) != "" || cmp.Diff(want, access["cognito:groups"]) != "" {
			t.Errorf("%s: %v and %v, want %v", response, id["cognito:groups"], access["cognito:groups"], want)
		}
		hasRole := id["cognito:preferred_role"] == "r" && cmp.Diff([]any{"r"}, id["cognito:roles"]) == ""
		if hasRole != strings.Contains(response, "preferredRole") || access["cognito:roles"] != nil {
			t.Errorf("%s: roles of %v, %v", response, id, access)
		}
	}
}
