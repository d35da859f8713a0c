package userpool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func mfaOn(s *deployed.Stage) { s.UserPool.MfaConfiguration = "ON" }

func TestRequiredMFAIsSetUpBeforeThereIsAToken(t *testing.T) {
	r := newRig(t, mfaOn).with(jane)
	asked, err := r.srp(stepUpID, jane, password)
	if err != nil || asked.ChallengeName != mfaSetup ||
		asked.ChallengeParameters["MFAS_CAN_SETUP"] != `["SOFTWARE_TOKEN_MFA","SMS_MFA"]` {
		t.Fatalf("got %+v, %v", asked, err)
	}
	setUp := func(session string) (*cognito.RespondToAuthChallengeOutput, error) {
		return r.respond(stepUpID, session, mfaSetup, map[string]string{})
	}
	refused(t, "nothing set up", "InvalidParameterException")(setUp(*asked.Session))
	associated := must.Get(r.sdk.AssociateSoftwareToken(t.Context(),
		&cognito.AssociateSoftwareTokenInput{Session: asked.Session}))(t)
	refused(t, "nothing verified", "InvalidParameterException")(setUp(*associated.Session))
	verify := func(code string) (*cognito.VerifySoftwareTokenOutput, error) {
		return r.sdk.VerifySoftwareToken(t.Context(), &cognito.VerifySoftwareTokenInput{
			Session: associated.Session, UserCode: &code, FriendlyDeviceName: aws.String("phone"),
		})
	}
	refused(t, "wrong code", "EnableSoftwareTokenMFAException: Code mismatch")(verify("000000"))
	verified, err := verify(r.totp(*associated.SecretCode))
	if err != nil || verified.Status != types.VerifySoftwareTokenResponseTypeSuccess {
		t.Fatalf("got %+v, %v", verified, err)
	}
	refused(t, "the session of before", "NotAuthorizedException: Invalid session")(setUp(*associated.Session))
	out, err := setUp(*verified.Session)
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("got %+v, %v", out, err)
	}
	if user, _ := r.adminGet(jane); aws.ToString(user.PreferredMfaSetting) != totpMFA {
		t.Errorf("preferred is %s", aws.ToString(user.PreferredMfaSetting))
	}
	r.clock.Advance(time.Minute)
	again, err := r.proved(stepUpID)
	if err != nil || again.ChallengeName != totpMFA || again.ChallengeParameters["FRIENDLY_DEVICE_NAME"] != "phone" {
		t.Errorf("next time: %+v, %v", again, err)
	}
	must.Do(t, r.preferAsAdmin(settings{totp: &types.SoftwareTokenMfaSettingsType{}}))
	if again, err = r.proved(stepUpID); err != nil || again.ChallengeName != totpMFA {
		t.Errorf("an administrator's preference removes what is required: %+v, %v", again, err)
	}
}

// Package login has the test for an authenticator.
func TestManagedLoginSetsUpANumber(t *testing.T) {
	r := newRig(t, wide, mfaOn).with(jane)
	begin := func() string {
		asked, err := r.SignInWithPassword(webID, jane, password)
		if err != nil || asked.Name != mfaSetup {
			t.Fatalf("got %+v, %v", asked, err)
		}
		return asked.Session
	}
	session := begin()
	refused(t, "the session at the API", "NotAuthorizedException: Invalid session")(
		r.sdk.AssociateSoftwareToken(t.Context(), &cognito.AssociateSoftwareTokenInput{Session: &session}))
	for number, want := range map[string]string{
		"": "InvalidParameterException", "0151": "InvalidParameterException", "+49 151": "InvalidParameterException",
	} {
		refused(t, "number "+number, want)(r.SetUpSMS(webID, session, number))
	}
	refused(t, "another client", "NotAuthorizedException: Invalid session")(
		r.SetUpSMS(stepUpID, session, "+4915112345678"))
	asked, err := r.SetUpSMS(webID, session, "+4915112345678")
	if err != nil || asked.Name != smsMFA {
		t.Fatalf("got %+v, %v", asked, err)
	}
	if _, attributes := r.adminGet(jane); attributes["phone_number"] != "" {
		t.Errorf("the number is Jane's before its code was entered")
	}
	done, err := r.AnswerChallenge(
		Answer{webID, smsMFA, asked.Session, map[string]string{"SMS_MFA_CODE": r.code("+4915112345678")}})
	if err != nil || done.Name != "" {
		t.Fatalf("got %+v, %v", done, err)
	}
	user, attributes := r.adminGet(jane)
	if attributes["phone_number"] != "+4915112345678" || attributes["phone_number_verified"] != "true" ||
		*user.PreferredMfaSetting != smsMFA {
		t.Errorf("user %+v", user)
	}
}

func TestNumberIsSetUpOnlyByClientsThatMayWriteIt(t *testing.T) {
	r := newRig(t, mfaOn).with(jane)
	asked := must.Get(r.SignInWithPassword(stepUpID, jane, password))(t)
	refused(t, "number", "NotAuthorizedException: A client attempted to write unauthorized attribute")(
		r.SetUpSMS(stepUpID, asked.Session, "+4915112345678"))
}

func TestNumberIsASecondFactorWhereOneIsRequired(t *testing.T) {
	r := newRig(t, wide, mfaOn)
	janeWithPhone(r)
	asked, err := r.SignInWithPassword(webID, jane, password)
	if err != nil || asked.Name != smsMFA {
		t.Errorf("got %+v, %v", asked, err)
	}
}

// create makes Jane as an administrator does and returns what was sent to her.
func (r *rig) create(in cognito.AdminCreateUserInput) (*types.UserType, error) {
	in.UserPoolId, in.Username = aws.String(poolID), aws.String(jane)
	out, err := r.sdk.AdminCreateUser(r.t.Context(), &in)
	if err != nil {
		return nil, err
	}
	return out.User, nil
}

func TestInvitedUserReplacesTheTemporaryPassword(t *testing.T) {
	r := newRig(t)
	user, err := r.create(cognito.AdminCreateUserInput{UserAttributes: []types.AttributeType{
		{Name: aws.String("email_verified"), Value: aws.String("true")},
		{Name: aws.String("name"), Value: aws.String("Jane")},
	}})
	if err != nil || user.UserStatus != types.UserStatusTypeForceChangePassword ||
		values(user.Attributes)["name"] != "Jane" {
		t.Fatalf("got %+v, %v", user, err)
	}
	temporary := r.code(jane)
	asked, err := r.srp(webID, jane, temporary)
	if err != nil || asked.ChallengeName != newPasswordRequired ||
		asked.ChallengeParameters["requiredAttributes"] != "[]" {
		t.Fatalf("got %+v, %v", asked, err)
	}
	answer := func(responses map[string]string) (*cognito.RespondToAuthChallengeOutput, error) {
		return r.respond(webID, *asked.Session, newPasswordRequired, responses)
	}
	const provided = "NotAuthorizedException: Cannot modify an already provided email"
	for name, test := range map[string]struct {
		responses map[string]string
		want      string
	}{
		"none":              {map[string]string{}, "InvalidParameterException: Missing required parameter NEW_PASSWORD"},
		"a weak one":        {map[string]string{"NEW_PASSWORD": "weak"}, "InvalidPasswordException"},
		"the temporary one": {map[string]string{"NEW_PASSWORD": temporary}, "PasswordHistoryPolicyViolationException"},
		"another address": {map[string]string{"NEW_PASSWORD": password, "userAttributes.email": "eve@example.com"},
			provided},
		"not the client's": {map[string]string{"NEW_PASSWORD": password, "userAttributes.locale": "en"},
			"NotAuthorizedException"},
	} {
		refused(t, name, test.want)(answer(test.responses))
	}
	out, err := answer(map[string]string{"NEW_PASSWORD": password, "userAttributes.name": "Jane Doe"})
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("got %+v, %v", out, err)
	}
	if source := r.events[0]["triggerSource"]; source != newPasswordChallenge {
		t.Errorf("the trigger was told %v", source)
	}
	if got := claims(t, out.AuthenticationResult.IdToken)["name"]; got != "Jane Doe" {
		t.Errorf("name %v", got)
	}
	if user, _ := r.adminGet(jane); user.UserStatus != types.UserStatusTypeConfirmed {
		t.Errorf("status %s", user.UserStatus)
	}
	refused(t, "the temporary password", "NotAuthorizedException: Incorrect username or password.")(
		r.srp(webID, jane, temporary))
}

func TestTemporaryPasswordExpires(t *testing.T) {
	r := newRig(t)
	must.Get(r.create(
		cognito.AdminCreateUserInput{TemporaryPassword: aws.String(password), MessageAction: types.MessageActionTypeSuppress},
	))(t)
	if got := r.box.Messages(""); len(got) != 0 {
		t.Errorf("sent %v", got)
	}
	refused(t, "twice", "UsernameExistsException")(r.create(cognito.AdminCreateUserInput{}))
	refused(t, "forgotten", "NotAuthorizedException: User password cannot be reset in the current state.")(
		r.ForgotPassword(webID, jane))
	r.clock.Advance(24 * time.Hour)
	refused(t, "a day later", "NotAuthorizedException: Temporary password has expired and must be reset")(
		r.srp(webID, jane, password))
	set := func(password string, permanent bool) error {
		return errorOf(r.sdk.AdminSetUserPassword(t.Context(), &cognito.AdminSetUserPasswordInput{
			UserPoolId: aws.String(poolID), Username: aws.String(jane), Password: &password, Permanent: permanent,
		}))
	}
	wantRefusal(t, "the same again", set(password, false), "PasswordHistoryPolicyViolationException")
	wantRefusal(t, "a weak one", set("weak", true), "InvalidPasswordException")
	must.Do(t, set(another, false))
	if asked, err := r.srp(webID, jane, another); err != nil || asked.ChallengeName != newPasswordRequired {
		t.Errorf("got %+v, %v", asked, err)
	}
	must.Do(t, set(another+"!", true))
	if out, err := r.srp(webID, jane, another+"!"); err != nil || out.AuthenticationResult == nil {
		t.Errorf("got %+v, %v", out, err)
	}
}
