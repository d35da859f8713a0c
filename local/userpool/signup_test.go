package userpool

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
)

func (r *rig) signUp(email, password string, attributes map[string]string) (*cognito.SignUpOutput, error) {
	in := &cognito.SignUpInput{ClientId: aws.String(webID), Username: aws.String(email), Password: aws.String(password)}
	for name, value := range attributes {
		in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: aws.String(name), Value: aws.String(value)})
	}
	return r.sdk.SignUp(r.t.Context(), in)
}

func (r *rig) confirm(email, code string) error {
	_, err := r.sdk.ConfirmSignUp(r.t.Context(), &cognito.ConfirmSignUpInput{
		ClientId: aws.String(webID), Username: aws.String(email), ConfirmationCode: aws.String(code),
	})
	return err
}

func (r *rig) adminGet(username string) (*cognito.AdminGetUserOutput, map[string]string) {
	r.t.Helper()
	out := must.Get(r.sdk.AdminGetUser(r.t.Context(),
		&cognito.AdminGetUserInput{UserPoolId: aws.String(poolID), Username: aws.String(username)}))(r.t)
	return out, values(out.UserAttributes)
}

func values(attributes []types.AttributeType) map[string]string {
	found := map[string]string{}
	for _, a := range attributes {
		found[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	return found
}

func TestNewUserIsConfirmedByTheCodeThatWasSent(t *testing.T) {
	r := newRig(t)
	out := must.Get(r.signUp(jane, password, map[string]string{"email": jane, "name": "Jane <Doe>"}))(t)
	want := &types.CodeDeliveryDetailsType{
		AttributeName: aws.String("email"), DeliveryMedium: "EMAIL", Destination: aws.String("J***@e***"),
	}
	if diff := cmp.Diff(want, out.CodeDeliveryDetails, cmp.Comparer(func(a, b types.CodeDeliveryDetailsType) bool {
		return *a.AttributeName == *b.AttributeName && a.DeliveryMedium == b.DeliveryMedium &&
			*a.Destination == *b.Destination
	})); diff != "" || out.UserConfirmed {
		t.Errorf("confirmed %t, delivery (-want +got):\n%s", out.UserConfirmed, diff)
	}
	sent := r.box.Messages("")
	code := sent[0].Code
	wantSent := []mailbox.Message{
		{
			To: jane, Channel: mailbox.Email, Subject: "Confirm", Body: "Your code is <b>" + code + "</b>.", Code: code,
			At: r.clock.Now(),
		},
	}
	if diff := cmp.Diff(wantSent, sent); diff != "" || len(code) != 6 {
		t.Errorf("code %q, sent (-want +got):\n%s", code, diff)
	}
	refused(t, "sign-in before the code", "UserNotConfirmedException: User is not confirmed.")(
		r.srp(webID, jane, password))
	must.Do(t, r.confirm(strings.ToUpper(jane), code))
	user, attributes := r.adminGet(jane)
	wanted := map[string]string{"sub": *out.UserSub, "email": jane, "email_verified": "true", "name": "Jane <Doe>"}
	if diff := cmp.Diff(wanted, attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if *user.Username != *out.UserSub || user.UserStatus != types.UserStatusTypeConfirmed || !user.Enabled ||
		!user.UserCreateDate.Equal(r.clock.Now()) {
		t.Errorf("user %+v", user)
	}
	r.signIn(webID, jane)
	wantRefusal(t, "confirmed twice", r.confirm(jane, code),
		"NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED")
}

func errorOf[T any](_ T, err error) error { return err }

func TestSignUpsThatAreRefused(t *testing.T) {
	r := newRig(t, wide).with(jane)
	const unauthorized = "NotAuthorizedException: A client attempted to write unauthorized attribute"
	const weak = "InvalidPasswordException: Password did not conform with policy: "
	for name, test := range map[string]struct {
		email, password string
		attributes      map[string]string
		want            string
	}{
		"a customer's address": {jane, password, nil,
			"UsernameExistsException: An account with the given email already exists."},
		"in other letters": {strings.ToUpper(jane), password, nil, "UsernameExistsException"},
		"no address":       {"jane", password, nil, "InvalidParameterException: Username should be an email."},
		"two addresses": {"a@example.com", password, map[string]string{"email": "b@example.com"},
			"InvalidParameterException"},
		"an attribute verified": {"a@example.com", password, map[string]string{"email_verified": "true"}, unauthorized},
		"not the client's":      {"a@example.com", password, map[string]string{"locale": "en"}, unauthorized},
		"a custom attribute": {"a@example.com", password, map[string]string{"custom:role": "admin"},
			"NotAuthorizedException"},
		"somebody's sub": {"a@example.com", password, map[string]string{"sub": "1"}, "NotAuthorizedException"},
		"no phone number": {"a@example.com", password, map[string]string{"phone_number": "12345"},
			"InvalidParameterException: Invalid phone number format."},
		"a long name": {"a@example.com", password, map[string]string{"name": strings.Repeat("x", 2049)},
			"InvalidParameterException"},
		"header injection":   {"a@example.com\r\nBcc: b@example.com", password, nil, "InvalidParameterException"},
		"short":              {"a@example.com", "Short 1!", nil, weak + "Password not long enough"},
		"no upper case":      {"a@example.com", "lower case 1 !!", nil, weak + "Password must have uppercase characters"},
		"no lower case":      {"a@example.com", "UPPER CASE 1 !!", nil, weak + "Password must have lowercase characters"},
		"no number":          {"a@example.com", "No number here!", nil, weak + "Password must have numeric characters"},
		"no symbol":          {"a@example.com", "Nosymbolhere123", nil, weak + "Password must have symbol characters"},
		"a space at the end": {"a@example.com", "Nosymbolhere123 ", nil, "InvalidParameterException: 1 validation"},
		"very long": {"a@example.com", "Aa1!" + strings.Repeat("x", 253), nil,
			"InvalidParameterException: 1 validation"},
	} {
		refused(t, name, test.want)(r.signUp(test.email, test.password, test.attributes))
	}
	refused(t, "unknown client", "ResourceNotFoundException: User pool client unknown does not exist.")(r.sdk.SignUp(
		t.Context(),
		&cognito.SignUpInput{
			ClientId: aws.String("unknown"), Username: aws.String("a@example.com"), Password: aws.String(password),
		},
	))
	if got := len(r.box.Messages("")); got != 1 {
		t.Errorf("%d messages, want that of the one sign-up", got)
	}
}

func TestSignUpCanBeLeftToAdministrators(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) { s.UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly = true })
	refused(t, "sign-up", "NotAuthorizedException: SignUp is not permitted for this user pool")(
		r.signUp(jane, password, nil))
}

func TestCodeWorksOnceUntilItExpiresOrANewerOneIsSent(t *testing.T) {
	r := newRig(t)
	must.Get(r.signUp(jane, password, nil))(t)
	first := r.code(jane)
	resent, err := r.sdk.ResendConfirmationCode(t.Context(),
		&cognito.ResendConfirmationCodeInput{ClientId: aws.String(webID), Username: aws.String(jane)})
	if err != nil || *resent.CodeDeliveryDetails.Destination != "J***@e***" {
		t.Fatalf("resent %+v, %v", resent, err)
	}
	second := r.code(jane)
	if first != second {
		wantRefusal(t, "the older code", r.confirm(jane, first),
			"CodeMismatchException: Invalid verification code provided, please try again.")
	}
	r.clock.Advance(24 * time.Hour)
	wantRefusal(t, "after a day", r.confirm(jane, second),
		"ExpiredCodeException: Invalid code provided, please request a code again.")
	must.Get(r.ResendConfirmationCode(webID, jane))(t)
	for _, wrong := range []string{"-", "12345", "1234567", "abcdef", r.code(jane) + "0"} {
		wantRefusal(t, wrong, r.confirm(jane, wrong), "CodeMismatchException")
	}
	wantRefusal(t, "the right code after five wrong ones", r.confirm(jane, r.code(jane)),
		"LimitExceededException: Attempt limit exceeded, please try after some time.")
	r.clock.Advance(time.Hour)
	must.Do(t, r.confirm(jane, r.code(jane))) // An hour later.
}

func TestCodesAreSentSoOftenAnHourAndNotMore(t *testing.T) {
	r := newRig(t)
	must.Get(r.signUp(jane, password, nil))(t)
	for _, email := range []string{jane, "nobody@example.com"} {
		for range codeRequests {
			must.Get(r.ResendConfirmationCode(webID, email))(t)
		}
		refused(t, email, "LimitExceededException")(r.ResendConfirmationCode(webID, email))
	}
	if got := len(r.box.Messages("")); got != codeRequests+1 {
		t.Errorf("%d messages", got)
	}
	r.clock.Advance(time.Hour)
	must.Get(r.ResendConfirmationCode(webID, jane))(t) // An hour later.
}
