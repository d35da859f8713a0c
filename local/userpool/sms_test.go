package userpool

import (
	"testing"
	"time"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

// janeWithPhone is confirmed and has a number, which SMS can be sent to.
func janeWithPhone(r *rig) {
	r.t.Helper()
	r.register(jane)
	r.setAttributes(map[string]string{"phone_number": "+4915112345678"})
}

func TestSMSCodeIsSentAskedForAndProvesTheNumber(t *testing.T) {
	r := newRig(t, wide)
	janeWithPhone(r)
	must.Do(t, r.preferAsAdmin(settings{sms: &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true}}))
	asked, err := r.srp(webID, jane, password)
	if err != nil || asked.ChallengeName != smsMFA {
		t.Fatalf("got %+v, %v", asked, err)
	}
	parameters := asked.ChallengeParameters
	if parameters["CODE_DELIVERY_DELIVERY_MEDIUM"] != "SMS" ||
		parameters["CODE_DELIVERY_DESTINATION"] != "+*********5678" {
		t.Errorf("parameters %v", parameters)
	}
	code := r.code("+4915112345678")
	if got := r.box.Messages("")[0].Body; got != "SecureCart: your code is "+code+"." {
		t.Errorf("sent %q", got)
	}
	for _, wrong := range []string{" ", "x" + code} {
		refused(t, "wrong code", "CodeMismatchException")(
			r.respond(webID, *asked.Session, smsMFA, map[string]string{"SMS_MFA_CODE": wrong}))
	}
	out, err := r.respond(webID, *asked.Session, smsMFA, map[string]string{"SMS_MFA_CODE": code})
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("got %+v, %v", out, err)
	}
	if _, attributes := r.adminGet(jane); attributes["phone_number_verified"] != "true" {
		t.Errorf("attributes %v, want the number verified", attributes)
	}
	for range codeRequests - 1 {
		must.Get(r.SignInWithPassword(webID, jane, password))(t)
	}
	refused(t, "one SMS too many", "LimitExceededException")(r.SignInWithPassword(webID, jane, password))
}

func TestOfTwoFactorsThePreferredOneIsAskedForOrElseTheUser(t *testing.T) {
	r := newRig(t, wide)
	janeWithPhone(r)
	secret := r.enrol(*r.signIn(stepUpID, jane).AccessToken)
	r.clock.Advance(2 * totpPeriod * time.Second)
	on := settings{&types.SMSMfaSettingsType{Enabled: true}, &types.SoftwareTokenMfaSettingsType{Enabled: true}}
	must.Do(t, r.preferAsAdmin(on))
	choose := func(answer string) (*cognito.RespondToAuthChallengeOutput, error) {
		asked, err := r.proved(stepUpID)
		if err != nil || asked.ChallengeName != selectMFAType ||
			asked.ChallengeParameters["MFAS_CAN_CHOOSE"] != `["SMS_MFA","SOFTWARE_TOKEN_MFA"]` {
			t.Fatalf("got %+v, %v", asked, err)
		}
		return r.respond(stepUpID, *asked.Session, selectMFAType, map[string]string{"ANSWER": answer})
	}
	chosen, err := choose(totpMFA)
	if err != nil || chosen.ChallengeName != totpMFA {
		t.Fatalf("got %+v, %v", chosen, err)
	}
	if _, err := r.respond(stepUpID, *chosen.Session, totpMFA,
		map[string]string{"SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)}); err != nil {
		t.Error(err)
	}
	if chosen, err = choose(smsMFA); err != nil || chosen.ChallengeName != smsMFA {
		t.Errorf("got %+v, %v", chosen, err)
	}
	refused(t, "another factor", "InvalidParameterException")(choose("EMAIL_OTP"))
	wantRefusal(t, "both preferred", r.preferAsAdmin(settings{
		&types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true},
		&types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	}), "InvalidParameterException: Only one MFA method can be preferred")
	wantRefusal(t, "preferred but off", r.preferAsAdmin(settings{sms: &types.SMSMfaSettingsType{PreferredMfa: true}}),
		"InvalidParameterException")
	must.Do(t, r.preferAsAdmin(settings{sms: &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true}}))
	if asked, err := r.SignInWithPassword(webID, jane, password); err != nil || asked.Name != smsMFA {
		t.Errorf("got %+v, %v; want the preferred factor", asked, err)
	}
	r.setAttributes(map[string]string{"phone_number": ""})
	if user, _ := r.adminGet(jane); cmp.Diff([]string{totpMFA}, user.UserMFASettingList) != "" ||
		user.PreferredMfaSetting != nil {
		t.Errorf("without a number: %+v", user)
	}
}
