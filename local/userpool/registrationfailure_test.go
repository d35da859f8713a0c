package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/localtest/must"
)

// What the trigger refuses does not happen; what it is told of afterwards has happened.
func TestTriggerRefusesSignUpsAndNotConfirmations(t *testing.T) {
	r := newRig(t)
	fails := func(_ context.Context, _ map[string]any) ([]byte, error) {
		return nil, &functions.FunctionError{Type: "errorString", Message: "sign up in the shop."}
	}
	const denied = "UserLambdaValidationException: PreSignUp failed with error sign up in the shop."
	r.onRegister(fails)
	refused(t, "sign-up", denied)(r.signUp(jane, password, nil))
	refused(t, "invitation", denied)(r.create(cognito.AdminCreateUserInput{}))
	refused(t, "provider", denied)(r.SignInFederated(t.Context(), webID, "Google", "7", nil))
	if len(r.users) > 0 || len(r.box.Messages("")) > 0 {
		t.Errorf("there are %d users and %d messages", len(r.users), len(r.box.Messages("")))
	}
	r.onRegister(nil)
	must.Get(r.signUp(jane, password, nil))(t)
	r.onRegister(fails)
	const failed = "UserLambdaValidationException: PostConfirmation failed with error sign up in the shop."
	wantRefusal(t, "confirmation", r.confirm(jane, r.code(jane)), failed)
	if user, attributes := r.adminGet(jane); user.UserStatus != types.UserStatusTypeConfirmed ||
		attributes["email_verified"] != "true" {
		t.Errorf("user %+v", user)
	}
	must.Get(r.forgot(jane))(t)
	wantRefusal(t, "reset", r.reset(jane, r.code(jane), another), failed)
	must.Get(r.SignInWithPassword(webID, jane, another))(t) // The password is the new one nevertheless.
	// A wrong code, or a password that will not do, tells the trigger nothing.
	r.registrations()
	wantRefusal(t, "the code again", r.reset(jane, "123456", password), "CodeMismatchException")
	wantRefusal(t, "a weak password", r.reset(jane, "123456", "weak"), "InvalidPasswordException")
	refused(t, "taken", "UsernameExistsException")(r.signUp(jane, password, nil))
	refused(t, "not writable", "NotAuthorizedException")(
		r.signUp("a@example.com", password, map[string]string{"locale": "en"}))
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
		refused(t, name, test.want)(r.signUp(jane, password, nil))
	}
	r.onRegister(answer(func(e map[string]any) { e["response"] = map[string]any{"autoVerifyEmail": true} }))
	if user, err := r.create(cognito.AdminCreateUserInput{}); err != nil ||
		values(user.Attributes)["email_verified"] != "false" {
		t.Errorf("AWS ignores the answer about an invited user: %+v, %v", user, err)
	}
}

func TestRegistrationIsInvokedOnlyWithItsPermission(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) { s.Permissions = s.Permissions[:1] })
	refused(t, "sign-up", "UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.")(
		r.signUp(jane, password, nil))
	only := newRig(t, func(s *deployed.Stage) {
		s.UserPool.LambdaConfig.PreSignUp = ""
		s.Permissions = s.Permissions[:1]
	})
	must.Get(only.signUp(jane, password, nil))(t)
	wantRefusal(t, "confirmation", only.confirm(jane, only.code(jane)),
		"UnexpectedLambdaException: PostConfirmation invocation failed due to error AccessDeniedException.")
	if len(r.registered)+len(only.registered) > 0 {
		t.Error("the trigger was invoked")
	}
}
