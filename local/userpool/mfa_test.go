package userpool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/jonboulle/clockwork"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func (r *rig) setAttributes(attributes map[string]string) {
	r.t.Helper()
	in := &cognito.AdminUpdateUserAttributesInput{UserPoolId: aws.String(poolID), Username: aws.String(jane)}
	for name, value := range attributes {
		in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: aws.String(name), Value: aws.String(value)})
	}
	must.Get(r.sdk.AdminUpdateUserAttributes(r.t.Context(), in))(r.t)
}

type settings struct {
	sms  *types.SMSMfaSettingsType
	totp *types.SoftwareTokenMfaSettingsType
}

func (r *rig) preferAsAdmin(s settings) error {
	_, err := r.sdk.AdminSetUserMFAPreference(r.t.Context(), &cognito.AdminSetUserMFAPreferenceInput{
		UserPoolId: aws.String(poolID), Username: aws.String(jane), SMSMfaSettings: s.sms, SoftwareTokenMfaSettings: s.totp,
	})
	return err
}

func TestEnrolledAuthenticatorIsAskedForAndEachOfItsCodesWorksOnce(t *testing.T) {
	r := newRig(t).with(jane)
	secret := r.enrol(*r.signIn(stepUpID, jane).AccessToken)
	user, _ := r.adminGet(jane)
	if diff := cmp.Diff([]string{totpMFA}, user.UserMFASettingList); diff != "" ||
		aws.ToString(user.PreferredMfaSetting) != totpMFA {
		t.Errorf("preferred %s, list (-want +got):\n%s", aws.ToString(user.PreferredMfaSetting), diff)
	}
	asked, err := r.srp(stepUpID, jane, password)
	if err != nil || asked.ChallengeName != totpMFA || asked.AuthenticationResult != nil {
		t.Fatalf("got %+v, %v", asked, err)
	}
	answer := func(code string) error {
		return errorOf(r.respond(stepUpID, *asked.Session, totpMFA, map[string]string{"SOFTWARE_TOKEN_MFA_CODE": code}))
	}
	const used = "ExpiredCodeException: Your software token has already been used once."
	wantRefusal(t, "the code of the enrolment", answer(r.totp(secret)), used)
	for _, wrong := range []string{" ", "000000", "12345", "1234567", "abcdef"} {
		if wrong != r.totp(secret) {
			wantRefusal(t, "wrong code "+wrong, answer(wrong), "CodeMismatchException: Invalid code received for user")
		}
		r.clock.Advance(2 * time.Second)
	}
	r.clock.Advance(2 * totpPeriod * time.Second)
	code := r.totp(secret)
	must.Do(t, answer(code))
	wantRefusal(t, "the session again", answer(code), "NotAuthorizedException: Invalid session for the user")
	asked = must.Get(r.proved(stepUpID))(t)
	wantRefusal(t, "the code again", answer(code), used)
}

func TestCodesAreTakenThirtySecondsEarlyAndLate(t *testing.T) {
	now := time.Unix(1_800_000_015, 0)
	secret := newTOTPSecret()
	for offset, want := range map[time.Duration]totpResult{
		-61 * time.Second: totpWrong, -30 * time.Second: totpRight, 0: totpRight, 30 * time.Second: totpRight,
		61 * time.Second: totpWrong,
	} {
		device := totpDevice{secret: secret}
		code := codeAt(t, secret, now.Add(offset))
		if got := device.take(code, now); got != want {
			t.Errorf("a code %v off: %v, want %v", offset, got, want)
		}
		if got := device.take(code, now); want == totpRight && got != totpReused {
			t.Errorf("a code %v off is taken twice", offset)
		}
	}
	device := totpDevice{secret: secret}
	for step := range 1000 {
		at := now.Add(time.Duration(step) * totpPeriod * time.Second)
		if device.take(codeAt(t, secret, at), at) != totpRight || len(device.used) > 2*totpSkew+1 {
			t.Fatalf("step %d: %d marks", step, len(device.used))
		}
	}
}

func codeAt(t testing.TB, secret string, at time.Time) string {
	r := rig{t: t, clock: clockwork.NewFakeClockAt(at)}
	return r.totp(secret)
}

func TestSessionOfAChallengeIsGoodForItsClientItsChallengeAndItsTime(t *testing.T) {
	r := newRig(t).with(jane, "eve@example.com")
	secret := r.enrol(*r.signIn(stepUpID, jane).AccessToken)
	r.clock.Advance(2 * totpPeriod * time.Second)
	begin := func() string {
		asked := must.Get(r.proved(stepUpID))(t)
		return *asked.Session
	}
	const denied = "NotAuthorizedException: Invalid session for the user"
	session := begin()
	right := func() map[string]string { return map[string]string{"SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)} }
	refused(t, "another client", denied)(r.respond(webID, session, totpMFA, right()))
	refused(t, "another challenge", denied)(r.respond(stepUpID, session, mfaSetup, right()))
	refused(t, "SMS instead", denied)(r.respond(stepUpID, session, smsMFA, map[string]string{"SMS_MFA_CODE": "x"}))
	refused(t, "no new password", denied)(
		r.respond(stepUpID, session, newPasswordRequired, map[string]string{"NEW_PASSWORD": password}))
	refused(t, "an invented session", denied)(r.respond(stepUpID, opaque(), totpMFA, right()))
	other := right()
	other["USERNAME"] = "eve@example.com"
	refused(t, "another user", denied)(r.respond(stepUpID, session, totpMFA, other))
	refused(t, "managed login", denied)(
		r.AnswerChallenge(Answer{ClientID: stepUpID, Name: totpMFA, Session: session, Responses: right()}))
	must.Get(r.respond(stepUpID, session, totpMFA, right()))(t) // None of those used the session up.
	session = begin()
	r.clock.Advance(3 * time.Minute)
	refused(t, "after three minutes", denied)(r.respond(stepUpID, session, totpMFA, right()))
	session = begin()
	must.Do(t, r.preferAsAdmin(settings{totp: &types.SoftwareTokenMfaSettingsType{Enabled: false}}))
	refused(t, "after the factors changed", denied)(r.respond(stepUpID, session, totpMFA, right()))
	hosted, err := r.SignInWithPassword(webID, jane, password)
	if err != nil || hosted.Name != "" {
		t.Errorf("a factor that was switched off is asked for: %+v, %v", hosted, err)
	}
}

func TestWrongSecondFactorsLockOutLikeWrongPasswords(t *testing.T) {
	r := newRig(t).with(jane)
	secret := r.enrol(*r.signIn(stepUpID, jane).AccessToken)
	r.clock.Advance(2 * totpPeriod * time.Second)
	// A right password in between must not give five more guesses.
	var last string
	for range freeFailures {
		asked := must.Get(r.SignInWithPassword(webID, jane, password))(t)
		last = asked.Session
		refused(t, "wrong code", "CodeMismatchException")(r.AnswerChallenge(
			Answer{
				ClientID: webID, Name: totpMFA, Session: asked.Session,
				Responses: map[string]string{"SOFTWARE_TOKEN_MFA_CODE": "x"},
			},
		))
	}
	refused(t, "right password", "NotAuthorizedException: Password attempts exceeded")(
		r.SignInWithPassword(webID, jane, password))
	refused(t, "right code", "NotAuthorizedException: Password attempts exceeded")(
		r.AnswerChallenge(Answer{webID, totpMFA, last, map[string]string{"SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)}}))
	r.clock.Advance(time.Second)
	asked := must.Get(r.SignInWithPassword(webID, jane, password))(t)
	done, err := r.AnswerChallenge(
		Answer{webID, totpMFA, asked.Session, map[string]string{"SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)}})
	if err != nil || done.Name != "" || done.Username == "" || !done.AuthTime.Equal(r.clock.Now()) {
		t.Errorf("after the lockout: %+v, %v", done, err)
	}
}

func TestFactorThatIsNotSetUpCannotBeSwitchedOn(t *testing.T) {
	r := newRig(t).with(jane)
	wantRefusal(t, "no authenticator", r.preferAsAdmin(settings{totp: &types.SoftwareTokenMfaSettingsType{Enabled: true}}),
		"InvalidParameterException: User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")
	wantRefusal(t, "no number", r.preferAsAdmin(settings{sms: &types.SMSMfaSettingsType{Enabled: true}}),
		"InvalidParameterException")
	access := *r.signIn(stepUpID, jane).AccessToken
	verify := func(code string) error {
		return errorOf(
			r.sdk.VerifySoftwareToken(t.Context(), &cognito.VerifySoftwareTokenInput{AccessToken: &access, UserCode: &code}))
	}
	wantRefusal(t, "nothing associated", verify("123456"), "SoftwareTokenMFANotFoundException")
	associated := must.Get(r.sdk.AssociateSoftwareToken(t.Context(),
		&cognito.AssociateSoftwareTokenInput{AccessToken: &access}))(t)
	late := codeAt(t, *associated.SecretCode, r.clock.Now().Add(-2*time.Minute))
	wantRefusal(t, "a code that is late", verify(late), "EnableSoftwareTokenMFAException: Code mismatch")
	wantRefusal(t, "associated only", r.preferAsAdmin(settings{totp: &types.SoftwareTokenMfaSettingsType{Enabled: true}}),
		"InvalidParameterException")
	email := &cognito.SetUserMFAPreferenceInput{
		AccessToken: &access, EmailMfaSettings: &types.EmailMfaSettingsType{Enabled: true},
	}
	refused(t, "e-mail", "InvalidParameterException: EMAIL_OTP is not enabled for the user pool")(
		r.sdk.SetUserMFAPreference(t.Context(), email))
	off := newRig(t, func(s *deployed.Stage) { s.UserPool.EnabledMfas = []string{smsMFA} }).with(jane)
	refused(t, "the pool has no TOTP", "InvalidParameterException: Software token MFA is not enabled for the user pool")(
		off.sdk.AssociateSoftwareToken(t.Context(),
			&cognito.AssociateSoftwareTokenInput{AccessToken: off.signIn(stepUpID, jane).AccessToken}))
}
