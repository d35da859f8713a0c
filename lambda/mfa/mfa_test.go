package mfa_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/mfa"
)

// Cognito's names.
const (
	totp  = "SOFTWARE_TOKEN_MFA"
	sms   = "SMS_MFA"
	email = "EMAIL_OTP"
)

var (
	both     = []mfa.Factor{mfa.TOTP, mfa.SMS}
	onlyTOTP = []mfa.Factor{mfa.TOTP}
	onlySMS  = []mfa.Factor{mfa.SMS}
)

func TestFactorIsAskedForIfItIsActivePreferredAndOffered(t *testing.T) {
	for name, test := range map[string]struct {
		active    []string
		preferred string
		offered   []mfa.Factor
		want      mfa.Factor
	}{
		"authenticator":                      {[]string{totp}, totp, onlyTOTP, mfa.TOTP},
		"text message":                       {[]string{sms}, sms, onlySMS, mfa.SMS},
		"authenticator among others":         {[]string{email, sms, totp}, totp, both, mfa.TOTP},
		"text message among others":          {[]string{email, sms, totp}, sms, both, mfa.SMS},
		"no factor":                          {nil, "", both, mfa.None},
		"authenticator not active":           {[]string{sms}, totp, both, mfa.None},
		"text message not active":            {nil, sms, both, mfa.None},
		"none preferred":                     {[]string{totp, sms}, "", both, mfa.None},
		"authenticator not offered":          {[]string{totp}, totp, onlySMS, mfa.None},
		"text message not offered":           {[]string{sms}, sms, onlyTOTP, mfa.None},
		"nothing offered":                    {[]string{totp, sms}, totp, nil, mfa.None},
		"e-mail":                             {[]string{email, totp, sms}, email, both, mfa.None},
		"a factor that Cognito may add":      {[]string{"PIGEON_MFA"}, "PIGEON_MFA", both, mfa.None},
		"our own name":                       {[]string{"totp"}, "totp", both, mfa.None},
		"an empty name":                      {[]string{""}, "", both, mfa.None},
		"preferred is not the offered, both": {[]string{totp, sms}, sms, onlyTOTP, mfa.None},
	} {
		if got := mfa.Asked(test.active, test.preferred, test.offered); got != test.want {
			t.Errorf("%s: %s is asked for, want %s", name, got, test.want)
		}
	}
}

func TestSettingNamesTheFactorsThatAreOffered(t *testing.T) {
	for text, want := range map[string][]mfa.Factor{"": nil, "TOTP": onlyTOTP, "SMS": onlySMS, "TOTP,SMS": both} {
		got, err := mfa.Read(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: error %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestMisspeltSettingIsRefused(t *testing.T) {
	for _, text := range []string{
		"totp", "none", "EmailCode", "EMAIL_OTP", ",", "TOTP,", ",SMS", "TOTP SMS", "TOTP, SMS", "TOTP,SMS,Passkey",
	} {
		got, err := mfa.Read(text)
		want := `SECOND_FACTORS must be TOTP, SMS, both or empty, got "` + text + `"`
		if err == nil || err.Error() != want || got != nil {
			t.Errorf("%q is read as %v, error %v; want error %s", text, got, err, want)
		}
	}
}
