package userpool

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/local/localtest/must"
)

func (r *rig) forgot(username string) (*cognito.ForgotPasswordOutput, error) {
	return r.sdk.ForgotPassword(r.t.Context(),
		&cognito.ForgotPasswordInput{ClientId: aws.String(webID), Username: &username})
}

func (r *rig) reset(username, code, password string) error {
	return errorOf(r.sdk.ConfirmForgotPassword(r.t.Context(), &cognito.ConfirmForgotPasswordInput{
		ClientId: aws.String(webID), Username: &username, ConfirmationCode: &code, Password: &password,
	}))
}

func TestForgottenPasswordIsReplacedByWhoHasTheCode(t *testing.T) {
	r := newRig(t).with(jane)
	out, err := r.forgot(strings.ToLower(jane))
	if err != nil || *out.CodeDeliveryDetails.Destination != "J***@e***" {
		t.Fatalf("got %+v, %v", out, err)
	}
	code := r.code(jane)
	for range freeFailures {
		refused(t, "wrong password", "NotAuthorizedException")(r.SignInWithPassword(webID, jane, another))
	}
	wantRefusal(t, "a weak password", r.reset(jane, code, "weak"), "InvalidPasswordException")
	wantRefusal(t, "the same password", r.reset(jane, code, password), "PasswordHistoryPolicyViolationException")
	must.Do(t, r.reset(jane, code, another)) // Neither used the code up.
	wantRefusal(t, "the code again", r.reset(jane, code, another+"!"), "CodeMismatchException")
	must.Get(r.SignInWithPassword(webID, jane, another))(t) // A new password ends the lockout.
	refused(t, "the old password", "NotAuthorizedException: Incorrect username or password.")(
		r.SignInWithPassword(webID, jane, password))
	must.Get(r.forgot(jane))(t)
	r.clock.Advance(time.Hour)
	wantRefusal(t, "an hour later", r.reset(jane, r.code(jane), another+"!"), "ExpiredCodeException")
}

// Whether somebody exists shows in no answer: neither for whom a code was asked, nor for whom none was, nor at the
// limits.
func TestForgottenPasswordTellsNotWhoExists(t *testing.T) {
	r := newRig(t).with("jane@example.com")
	r.register("john@example.com")
	r.disable("john@example.com")
	must.Get(r.signUp("june@example.com", password, nil))(t)
	people := []string{"jane@example.com", "john@example.com", "june@example.com", "jack@example.com"}
	before := len(r.box.Messages(""))
	step := func(what, want string, do func(who string) error) {
		t.Helper()
		for _, who := range people {
			wantRefusal(t, what+" of "+who, do(who), want)
		}
	}
	step("a code that was not asked for", "ExpiredCodeException: Invalid code provided, please request a code again.",
		func(who string) error { return r.reset(who, "x", another) })
	for range codeRequests {
		for _, who := range people {
			out, err := r.forgot(who)
			if err != nil {
				t.Fatalf("%s: %v", who, err)
			}
			if d := out.CodeDeliveryDetails; *d.Destination != "j***@e***" ||
				d.DeliveryMedium != types.DeliveryMediumTypeEmail || *d.AttributeName != "email" {
				t.Errorf("%s: %+v", who, d)
			}
		}
	}
	step("one request too many", "LimitExceededException", func(who string) error { return errorOf(r.forgot(who)) })
	for range codeAttempts {
		step("a wrong code", "CodeMismatchException: Invalid verification code provided, please try again.",
			func(who string) error { return r.reset(who, "x", another) })
	}
	step("one wrong code too many", "LimitExceededException", func(who string) error { return r.reset(who, "x", another) })
	if sent := len(r.box.Messages("")) - before; sent != codeRequests {
		t.Errorf("%d codes were sent, want Jane's %d", sent, codeRequests)
	}
	unknown, err := r.forgot("11111111-2222-4333-8444-555555555555")
	if err != nil || len(*unknown.CodeDeliveryDetails.Destination) != len("j***@e***") {
		t.Errorf("a sub that nobody has: %+v, %v", unknown, err)
	}
}

func TestChangedPasswordWantsTheFormerOne(t *testing.T) {
	r := newRig(t).with(jane)
	access := r.signIn(stepUpID, jane).AccessToken
	change := func(from, to string) error {
		return errorOf(
			r.sdk.ChangePassword(t.Context(),
				&cognito.ChangePasswordInput{AccessToken: access, PreviousPassword: &from, ProposedPassword: &to}),
		)
	}
	wantRefusal(t, "a weak one", change(password, "weak"), "InvalidPasswordException")
	wantRefusal(t, "the same", change(password, password), "PasswordHistoryPolicyViolationException")
	chain := []string{password, password + "1", password + "2", password + "3"}
	for i := range chain[1:] {
		must.Do(t, change(chain[i], chain[i+1]))
	}
	// The policy looks at three passwords, the present one among them.
	wantRefusal(t, "the one before the last", change(chain[3], chain[1]), "PasswordHistoryPolicyViolationException")
	must.Do(t, change(chain[3], chain[0])) // The policy does not look at the fourth last.
	if kept := len(r.find(jane).passwords); kept != 3 {
		t.Errorf("%d passwords are kept, want those that the policy looks at", kept)
	}
	for range codeAttempts {
		wantRefusal(t, "a wrong former one", change(another, password+"4"),
			"NotAuthorizedException: Incorrect username or password.")
	}
	wantRefusal(t, "after five of them", change(chain[0], password+"4"), "LimitExceededException")
	must.Get(r.SignInWithPassword(webID, jane, chain[0]))(t)
}

func TestAnAdministratorMakesSomebodyReplaceThePassword(t *testing.T) {
	r := newRig(t).with(jane)
	tokens := r.signIn(webID, jane)
	ask := func(who string) error {
		return errorOf(r.sdk.AdminResetUserPassword(t.Context(),
			&cognito.AdminResetUserPasswordInput{UserPoolId: aws.String(poolID), Username: &who}))
	}
	must.Do(t, ask(jane))
	const required = "PasswordResetRequiredException: Password reset required for the user"
	refused(t, "the former password", required)(r.SignInWithPassword(webID, jane, password))
	refused(t, "a wrong password", "NotAuthorizedException")(r.SignInWithPassword(webID, jane, another))
	refused(t, "an access token of before", required)(
		r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: tokens.AccessToken}))
	status := func() types.UserStatusType {
		return must.Get(r.sdk.AdminGetUser(t.Context(),
			&cognito.AdminGetUserInput{UserPoolId: aws.String(poolID), Username: aws.String(jane)}))(t).UserStatus
	}
	if got := status(); got != types.UserStatusTypeResetRequired {
		t.Errorf("the user is %s", got)
	}
	must.Get(r.renew(webID, tokens.RefreshToken))(t)
	must.Do(t, r.reset(jane, r.code(jane), another))
	if _, err := r.SignInWithPassword(webID, jane, another); err != nil || status() != types.UserStatusTypeConfirmed {
		t.Errorf("with the new password: %v, %s", err, status())
	}

	const state = "NotAuthorizedException: User password cannot be reset in the current state."
	must.Get(r.sdk.AdminCreateUser(t.Context(),
		&cognito.AdminCreateUserInput{UserPoolId: aws.String(poolID), Username: aws.String("john@example.com")}))(t)
	wantRefusal(t, "who has a temporary password", ask("john@example.com"), state)
	wantRefusal(t, "who does not exist", ask("jack@example.com"), "UserNotFoundException")
	must.Get(r.signUp("june@example.com", password, nil))(t)
	wantRefusal(t, "without a verified address", ask("june@example.com"),
		"InvalidParameterException: Cannot reset password")
	r.disable(jane)
	wantRefusal(t, "who is disabled", ask(jane), "NotAuthorizedException: User is disabled.")
}
