package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/stage"
)

// registrations are the events of the registration, without what every event has.
func (r *rig) registrations() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	var short []map[string]any
	for _, event := range r.registered {
		if event["version"] != "1" || event["region"] != "eu-central-1" || event["userPoolId"] != poolID {
			r.t.Errorf("event %v", event)
		}
		short = append(short, map[string]any{
			"source": event["triggerSource"], "user": event["userName"], "client": event["callerContext"].(map[string]any)["clientId"],
			"request": event["request"], "response": event["response"],
		})
	}
	r.registered = nil
	return short
}

func (r *rig) onRegister(answer func(ctx context.Context, event map[string]any) ([]byte, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.onRegistration = answer
}

// undecided is the response of a pre sign-up trigger that decides nothing.
var undecided = map[string]any{"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false}

func TestRegistrationIsToldOfEachStepWithTheMetadataOfItsOwnCall(t *testing.T) {
	r := newRig(t)
	out, err := r.sdk.SignUp(t.Context(), &cognito.SignUpInput{
		ClientId: aws.String(webID), Username: aws.String(jane), Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: aws.String("Jane")}},
		ValidationData: []types.AttributeType{{Name: aws.String("v"), Value: aws.String("1")}}, ClientMetadata: map[string]string{"step": "sign-up"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.sdk.ConfirmSignUp(t.Context(), &cognito.ConfirmSignUpInput{
		ClientId: aws.String(stepUpID), Username: aws.String(jane), ConfirmationCode: aws.String(r.code(jane)),
		ClientMetadata: map[string]string{"step": "confirm"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.sdk.ForgotPassword(t.Context(), &cognito.ForgotPasswordInput{
		ClientId: aws.String(webID), Username: aws.String(jane), ClientMetadata: map[string]string{"step": "forgot"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.sdk.ConfirmForgotPassword(t.Context(), &cognito.ConfirmForgotPasswordInput{
		ClientId: aws.String(webID), Username: aws.String(jane), ConfirmationCode: aws.String(r.code(jane)), Password: aws.String(another),
		ClientMetadata: map[string]string{"step": "reset"},
	})
	if err != nil {
		t.Fatal(err)
	}
	sub := *out.UserSub
	known := map[string]any{"sub": sub, "email": jane, "email_verified": "true", "name": "Jane", "cognito:user_status": "CONFIRMED"}
	want := []map[string]any{
		{"source": "PreSignUp_SignUp", "user": sub, "client": webID, "response": undecided, "request": map[string]any{
			"userAttributes": map[string]any{"name": "Jane"}, "validationData": map[string]any{"v": "1"},
			"clientMetadata": map[string]any{"step": "sign-up"},
		}},
		{"source": "PostConfirmation_ConfirmSignUp", "user": sub, "client": stepUpID, "response": map[string]any{}, "request": map[string]any{
			"userAttributes": known, "clientMetadata": map[string]any{"step": "confirm"},
		}},
		{"source": "PostConfirmation_ConfirmForgotPassword", "user": sub, "client": webID, "response": map[string]any{}, "request": map[string]any{
			"userAttributes": known, "clientMetadata": map[string]any{"step": "reset"},
		}},
	}
	if diff := cmp.Diff(want, r.registrations()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestRegistrationIsToldOfAdministratorsAndProviders(t *testing.T) {
	r := newRig(t)
	_, err := r.create(cognito.AdminCreateUserInput{ClientMetadata: map[string]string{"by": "support"}})
	if err != nil {
		t.Fatal(err)
	}
	const joe = "joe@example.com"
	signedUp, err := r.signUp(joe, password, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.sdk.AdminConfirmSignUp(t.Context(), &cognito.AdminConfirmSignUpInput{
		UserPoolId: aws.String(poolID), Username: aws.String(joe), ClientMetadata: map[string]string{"by": "support"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"email": "g@gmail.example"}); err != nil {
			t.Fatal(err)
		}
	}
	_, invited := r.adminGet(jane)
	_, federated := r.adminGet("Google_7")
	want := []map[string]any{
		{"source": "PreSignUp_AdminCreateUser", "user": invited["sub"], "client": "CLIENT_ID_NOT_APPLICABLE", "response": undecided, "request": map[string]any{
			"userAttributes": map[string]any{}, "validationData": nil, "clientMetadata": map[string]any{"by": "support"},
		}},
		{"source": "PreSignUp_SignUp", "user": *signedUp.UserSub, "client": webID, "response": undecided, "request": map[string]any{
			"userAttributes": map[string]any{}, "validationData": nil,
		}},
		{"source": "PostConfirmation_ConfirmSignUp", "user": *signedUp.UserSub, "client": "CLIENT_ID_NOT_APPLICABLE", "response": map[string]any{}, "request": map[string]any{
			"userAttributes": map[string]any{"sub": *signedUp.UserSub, "email": joe, "email_verified": "false", "cognito:user_status": "CONFIRMED"},
			"clientMetadata": map[string]any{"by": "support"},
		}},
		{"source": "PreSignUp_ExternalProvider", "user": "Google_7", "client": webID, "response": undecided, "request": map[string]any{
			"userAttributes": map[string]any{"custom:provider_email": "g@gmail.example"}, "validationData": nil,
		}},
		{"source": "PostConfirmation_ConfirmSignUp", "user": "Google_7", "client": webID, "response": map[string]any{}, "request": map[string]any{
			"userAttributes": map[string]any{
				"sub": federated["sub"], "identities": federated["identities"], "custom:provider_email": "g@gmail.example",
				"cognito:user_status": "EXTERNAL_PROVIDER",
			},
		}},
	}
	if diff := cmp.Diff(want, r.registrations()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// What the trigger refuses does not happen; what it is told of afterwards has happened.
func TestTriggerRefusesSignUpsAndNotConfirmations(t *testing.T) {
	r := newRig(t)
	fails := func(_ context.Context, _ map[string]any) ([]byte, error) {
		return nil, &functions.FunctionError{Type: "errorString", Message: "sign up in the shop."}
	}
	const refused = "UserLambdaValidationException: PreSignUp failed with error sign up in the shop."
	r.onRegister(fails)
	wantRefusal(t, "sign-up", errorOf(r.signUp(jane, password, nil)), refused)
	wantRefusal(t, "invitation", errorOf(r.create(cognito.AdminCreateUserInput{})), refused)
	wantRefusal(t, "provider", errorOf(r.SignInFederated(t.Context(), webID, "Google", "7", nil)), refused)
	if len(r.users) > 0 || len(r.box.Messages("")) > 0 {
		t.Errorf("there are %d users and %d messages", len(r.users), len(r.box.Messages("")))
	}
	r.onRegister(nil)
	if _, err := r.signUp(jane, password, nil); err != nil {
		t.Fatal(err)
	}
	r.onRegister(fails)
	const failed = "UserLambdaValidationException: PostConfirmation failed with error sign up in the shop."
	wantRefusal(t, "confirmation", r.confirm(jane, r.code(jane)), failed)
	if user, attributes := r.adminGet(jane); user.UserStatus != types.UserStatusTypeConfirmed || attributes["email_verified"] != "true" {
		t.Errorf("user %+v", user)
	}
	if _, err := r.forgot(jane); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "reset", r.reset(jane, r.code(jane), another), failed)
	if _, err := r.SignInWithPassword(webID, jane, another); err != nil {
		t.Errorf("the new password: %v", err)
	}
	// A wrong code, or a password that will not do, tells the trigger nothing.
	r.registrations()
	wantRefusal(t, "the code again", r.reset(jane, "123456", password), "CodeMismatchException")
	wantRefusal(t, "a weak password", r.reset(jane, "123456", "weak"), "InvalidPasswordException")
	wantRefusal(t, "taken", errorOf(r.signUp(jane, password, nil)), "UsernameExistsException")
	wantRefusal(t, "not writable", errorOf(r.signUp("a@example.com", password, map[string]string{"locale": "en"})), "NotAuthorizedException")
	if got := r.registrations(); got != nil {
		t.Errorf("the trigger was told %v", got)
	}
}

func TestRegistrationThatDoesNotAnswerAsDocumentedFailsTheCall(t *testing.T) {
	r := newRig(t)
	r.patience = 20 * time.Millisecond
	answer := func(change func(event map[string]any)) func(context.Context, map[string]any) ([]byte, error) {
		return func(_ context.Context, event map[string]any) ([]byte, error) {
			change(event)
			return json.Marshal(event)
		}
	}
	const garbage = "InvalidLambdaResponseException: Unrecognizable lambda output"
	for name, test := range map[string]struct {
		invoke func(context.Context, map[string]any) ([]byte, error)
		want   string
	}{
		"nothing":        {func(context.Context, map[string]any) ([]byte, error) { return nil, nil }, garbage},
		"null":           {func(context.Context, map[string]any) ([]byte, error) { return []byte("null"), nil }, garbage},
		"another user":   {answer(func(e map[string]any) { e["userName"] = "eve" }), garbage},
		"another source": {answer(func(e map[string]any) { e["triggerSource"] = "PreSignUp_AdminCreateUser" }), garbage},
		"a list":         {answer(func(e map[string]any) { e["response"] = []int{1} }), garbage},
		"confirmed by itself": {
			answer(func(e map[string]any) { e["response"] = map[string]any{"autoConfirmUser": true} }),
			"InvalidLambdaResponseException: The local user pool does not serve autoConfirmUser",
		},
		"a crash": {
			func(context.Context, map[string]any) ([]byte, error) { return nil, functions.ErrCrashed },
			"UnexpectedLambdaException: PreSignUp invocation failed.",
		},
		"an error with a secret": {
			func(context.Context, map[string]any) ([]byte, error) { return nil, errors.New("dial 10.0.0.1") },
			"UnexpectedLambdaException: PreSignUp invocation failed.",
		},
		"no answer": {
			func(ctx context.Context, _ map[string]any) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() },
			"UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
		},
	} {
		r.onRegister(test.invoke)
		wantRefusal(t, name, errorOf(r.signUp(jane, password, nil)), test.want)
	}
	r.onRegister(answer(func(e map[string]any) { e["response"] = map[string]any{"autoVerifyEmail": true} }))
	if user, err := r.create(cognito.AdminCreateUserInput{}); err != nil || values(user.Attributes)["email_verified"] != "false" {
		t.Errorf("AWS ignores the answer about an invited user: %+v, %v", user, err)
	}
}

func TestRegistrationIsInvokedOnlyWithItsPermission(t *testing.T) {
	r := newRig(t, func(s *stage.Stage) { s.Permissions = s.Permissions[:1] })
	wantRefusal(t, "sign-up", errorOf(r.signUp(jane, password, nil)),
		"UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.")
	only := newRig(t, func(s *stage.Stage) {
		s.UserPool.LambdaConfig.PreSignUp = ""
		s.Permissions = s.Permissions[:1]
	})
	if _, err := only.signUp(jane, password, nil); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "confirmation", only.confirm(jane, only.code(jane)),
		"UnexpectedLambdaException: PostConfirmation invocation failed due to error AccessDeniedException.")
	if len(r.registered)+len(only.registered) > 0 {
		t.Error("the trigger was invoked")
	}
}

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
		_, signedOut := r.sdk.AdminUserGlobalSignOut(ctx, &cognito.AdminUserGlobalSignOutInput{UserPoolId: id, Username: name})
		_, deleted := r.sdk.AdminDeleteSoftwareToken(ctx, &cognito.AdminDeleteSoftwareTokenInput{UserPoolId: id, Username: name})
		if err := errors.Join(err, signedOut, deleted); err != nil {
			t.Error(err)
		}
		return json.Marshal(event)
	})
	r.register(jane)
	access := r.signIn(accountID, jane).AccessToken
	if _, err := r.forgot(jane); err != nil {
		t.Fatal(err)
	}
	if err := r.reset(jane, r.code(jane), another); err != nil {
		t.Fatal(err)
	}
	_, err := r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: access})
	wantRefusal(t, "a session from before", err, "NotAuthorizedException: Access Token has been revoked")
	if _, err := r.SignInFederated(t.Context(), webID, "Google", "7", nil); err != nil || calls != 5 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// Another request may be faster while the trigger is asked.
func TestNobodySignsUpTwiceWhileTheTriggerIsAsked(t *testing.T) {
	r := newRig(t)
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		r.onRegister(nil)
		if _, err := r.signUp(jane, another, nil); err != nil {
			t.Error(err)
		}
		return json.Marshal(event)
	})
	wantRefusal(t, "the slower one", errorOf(r.signUp(jane, password, nil)), "UsernameExistsException")
	r.onRegister(func(_ context.Context, event map[string]any) ([]byte, error) {
		r.onRegister(nil)
		if _, err := r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"name": "First"}); err != nil {
			t.Error(err)
		}
		return json.Marshal(event)
	})
	if _, err := r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"name": "Second"}); err != nil {
		t.Fatal(err)
	}
	if _, attributes := r.adminGet("Google_7"); attributes["name"] != "Second" || len(r.users) != 2 {
		t.Errorf("%d users, %v", len(r.users), attributes)
	}
}
