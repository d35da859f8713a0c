package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/local/localtest/must"
)

// The registration signs out everywhere and removes factors, by calls to the pool that has called it.
func TestTriggersMayCallThePool(t *testing.T) {
	r := newRig(t)
	calls := 0
	r.onRegister(func(ctx context.Context, event map[string]any) ([]byte, error) {
		calls++
		id, name := aws.String(poolID), aws.String(event["userName"].(string))
		_, err := r.sdk.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: id, Username: name})
		if event["triggerSource"] == sourceSignUp || event["triggerSource"] == sourceExternalProvider {
			wantRefusal(t, "somebody who is not there yet", err, "UserNotFoundException")
			return json.Marshal(event)
		}
		_, signedOut := r.sdk.AdminUserGlobalSignOut(ctx,
			&cognito.AdminUserGlobalSignOutInput{UserPoolId: id, Username: name})
		_, deleted := r.sdk.AdminDeleteSoftwareToken(ctx,
			&cognito.AdminDeleteSoftwareTokenInput{UserPoolId: id, Username: name})
		must.Do(t, errors.Join(err, signedOut, deleted))
		return json.Marshal(event)
	})
	r.register(jane)
	access := r.signIn(accountID, jane).AccessToken
	must.Get(r.forgot(jane))(t)
	must.Do(t, r.reset(jane, r.code(jane), another))
	refused(t, "a session from before", "NotAuthorizedException: Access Token has been revoked")(
		r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: access}))
	if _, err := r.SignInFederated(t.Context(), webID, "Google", "7", nil); err != nil || calls != 5 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// Another request may be faster while the trigger is asked.
func TestNobodySignsUpTwiceWhileTheTriggerIsAsked(t *testing.T) {
	r := newRig(t)
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		r.onRegister(nil)
		must.Get(r.signUp(jane, another, nil))(t)
		return json.Marshal(event)
	})
	refused(t, "the slower one", "UsernameExistsException")(r.signUp(jane, password, nil))
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		r.onRegister(nil)
		must.Get(r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"name": "First"}))(t)
		return json.Marshal(event)
	})
	must.Get(r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"name": "Second"}))(t)
	if _, attributes := r.adminGet("Google_7"); attributes["name"] != "Second" || len(r.users) != 2 {
		t.Errorf("%d users, %v", len(r.users), attributes)
	}
}

func TestNobodyIsInvitedTwiceWhileTheTriggerIsAsked(t *testing.T) {
	r := newRig(t)
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		r.onRegister(nil)
		must.Get(r.create(cognito.AdminCreateUserInput{}))(t)
		return json.Marshal(event)
	})
	refused(t, "the slower one", "UsernameExistsException")(r.create(cognito.AdminCreateUserInput{}))
	if len(r.users) != 1 {
		t.Errorf("%d users", len(r.users))
	}
}
