package main

import (
	"slices"
	"strings"

	"github.com/securecart/identity/lambda/contract"
)

var (
	toOffer, byAdmin = []string{contract.LinksOffer}, []string{contract.Admin}
	read, risky      = contract.ReadScopes(), contract.HighRiskScopes()
	// api are the scopes of the API; every are all scopes that a decision must cover. A scope in the wrong list of package
	// contract is found by test/threats, which lists them by kind, and refused by SteppedUpWith.
	api   = slices.Concat(read, toOffer, risky)
	every = slices.Concat(api, byAdmin)

	// An offer is for customers of a provider, who have no stepped-up token.
	toBuy    = changes{Added: slices.Concat(read, risky), Suppressed: slices.Concat(toOffer, byAdmin)}
	toSet    = changes{Suppressed: api}
	toBrowse = changes{Added: slices.Concat(read, toOffer), Suppressed: slices.Concat(risky, byAdmin)}
	stripped = changes{Suppressed: every}
)

const (
	newPassword = "TokenGeneration_NewPasswordChallenge"
	device      = "TokenGeneration_AuthenticateDevice"
	machine     = "TokenGeneration_ClientCredentials"
)

// isAsked reports whether Cognito asks for a factor that counts at every sign-in.
func (u user) isAsked() bool {
	counts := u.Preferred == "SMS_MFA" || u.Preferred == "SOFTWARE_TOKEN_MFA"
	return counts && slices.Contains(u.Active, u.Preferred)
}

// A signIn is a case of the table with the expected result.
type signIn struct {
	client, source string
	user           user
	stored         item
	verifier       string
	want           changes
	writes         string
}

var signIns = []signIn{
	{stepUpID, authentication, withTOTP, trusted, "", toBuy, ""},
	{stepUpID, authentication, withSMS, trustedSMS, "", toBuy, ""},
	{stepUpID, authentication, withSMS, trusted, "", stripped, ""},
	{stepUpID, authentication, withTOTP, trustedSMS, "", stripped, ""},
	{stepUpID, authentication, withTOTP, proven(trustedSMS), anotherVerifier, stripped, ""},
	{stepUpID, authentication, withTOTP, proven(trustedSMS), verifier, toBuy, "seal"},
	{stepUpID, authentication, withSMS, proven(trusted), verifier, toBuy, "seal"},
	{stepUpID, authentication, withTOTP, trusted, "nonsense", toBuy, ""},
	{stepUpID, authentication, withTOTP, proven(trusted), verifier, toBuy, ""},
	{stepUpID, authentication, withTOTP, proven(trusted), anotherVerifier, toBuy, ""},
	{stepUpID, authentication, user{[]string{"EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"}, "SOFTWARE_TOKEN_MFA"},
		trusted, "", toBuy, ""},

	{stepUpID, authentication, withTOTP, proven(unknown), verifier, toBuy, "seal"},
	{stepUpID, authentication, withSMS, proven(unknown), verifier, toBuy, "seal"},
	{stepUpID, authentication, withTOTP, proven(suspended), verifier, toBuy, "seal"},
	{stepUpID, authentication, withTOTP, proven(onlyBegun), verifier, toBuy, "seal"},

	{stepUpID, authentication, withTOTP, unknown, "", stripped, ""},
	{stepUpID, authentication, withTOTP, unknown, verifier, stripped, ""},
	{stepUpID, authentication, withTOTP, suspended, "", stripped, ""},
	{stepUpID, authentication, withTOTP, suspended, verifier, stripped, ""},
	{stepUpID, authentication, withTOTP, onlyBegun, verifier, stripped, ""},
	{stepUpID, authentication, withTOTP, proven(unknown), "", stripped, ""},
	{stepUpID, authentication, withTOTP, proven(suspended), "", stripped, ""},
	{stepUpID, authentication, withTOTP, proven(suspended), anotherVerifier, stripped, ""},
	{stepUpID, authentication, withTOTP, proven(suspended), challenge, stripped, ""},
	{stepUpID, authentication, withTOTP, proven(suspended), verifier + "=", stripped, ""},

	{stepUpID, authentication, user{}, proven(trusted), verifier, stripped, ""},
	{stepUpID, authentication, user{}, proven(unknown), verifier, stripped, ""},
	{stepUpID, authentication, user{[]string{"SOFTWARE_TOKEN_MFA"}, ""}, proven(trusted), verifier, stripped, ""},
	{stepUpID, authentication, user{[]string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"}, ""}, trusted, "", stripped, ""},
	{stepUpID, authentication, user{nil, "SOFTWARE_TOKEN_MFA"}, proven(trusted), verifier, stripped, ""},
	{stepUpID, authentication, user{[]string{"SMS_MFA"}, "SOFTWARE_TOKEN_MFA"}, trusted, "", stripped, ""},
	{stepUpID, authentication, user{[]string{"EMAIL_OTP"}, "EMAIL_OTP"}, proven(trusted), verifier, stripped, ""},
	{stepUpID, authentication, user{[]string{"EMAIL_OTP", "SMS_MFA"}, "EMAIL_OTP"}, trusted, "", stripped, ""},
	{stepUpID, authentication, user{[]string{"WEB_AUTHN"}, "WEB_AUTHN"}, trusted, "", stripped, ""},
	{stepUpID, authentication, user{[]string{"software_token_mfa"}, "software_token_mfa"}, trusted, "", stripped, ""},

	{stepUpID, hostedAuth, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, refreshTokens, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, newPassword, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, device, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, machine, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, "TokenGeneration_Tomorrow", withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, "tokengeneration_authentication", withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID, " TokenGeneration_Authentication", withTOTP, proven(trusted), verifier, stripped, ""},

	{accountID, authentication, user{}, proven(unknown), verifier, toSet, "suspend"},
	{accountID, authentication, withTOTP, proven(unknown), verifier, toSet, "suspend"},
	{accountID, authentication, withTOTP, proven(trusted), verifier, toSet, "suspend"},
	{accountID, authentication, withSMS, proven(suspended), verifier, toSet, "suspend"},
	{accountID, authentication, user{}, proven(onlyBegun), verifier, toSet, "suspend"},

	{accountID, authentication, withTOTP, unknown, "", stripped, ""},
	{accountID, authentication, withTOTP, trusted, "", stripped, ""},
	{accountID, authentication, withTOTP, trusted, verifier, stripped, ""},
	{accountID, authentication, withTOTP, proven(trusted), "", stripped, ""},
	{accountID, authentication, withTOTP, proven(trusted), anotherVerifier, stripped, ""},
	{accountID, authentication, withTOTP, proven(trusted), challenge, stripped, ""},
	{accountID, hostedAuth, withTOTP, proven(trusted), verifier, stripped, ""},
	{accountID, refreshTokens, withTOTP, proven(trusted), verifier, stripped, ""},
	{accountID, newPassword, withTOTP, proven(trusted), verifier, stripped, ""},
	{accountID, device, withTOTP, proven(trusted), verifier, stripped, ""},
	{accountID, machine, withTOTP, proven(trusted), verifier, stripped, ""},

	{webID, hostedAuth, withTOTP, proven(trusted), verifier, toBrowse, ""},
	{webID, refreshTokens, withTOTP, proven(trusted), verifier, toBrowse, ""},
	{webID, authentication, withTOTP, proven(trusted), verifier, toBrowse, ""},
	{webID, authentication, user{}, unknown, "", toBrowse, ""},
	{webID, newPassword, withTOTP, proven(trusted), verifier, stripped, ""},
	{webID, device, withTOTP, proven(trusted), verifier, stripped, ""},
	{webID, machine, withTOTP, proven(trusted), verifier, stripped, ""},
	{webID, "TokenGeneration_Tomorrow", withTOTP, proven(trusted), verifier, stripped, ""},

	{anotherID, authentication, withTOTP, proven(trusted), verifier, stripped, ""},
	{anotherID, hostedAuth, withTOTP, proven(trusted), verifier, stripped, ""},
	{strings.ToUpper(stepUpID), authentication, withTOTP, proven(trusted), verifier, stripped, ""},
	{stepUpID + " ", authentication, withTOTP, proven(trusted), verifier, stripped, ""},
	{strings.ToUpper(accountID), authentication, withTOTP, proven(trusted), verifier, stripped, ""},
}

// becomes is the item after the write.
func (s signIn) becomes() item {
	switch s.writes {
	case "seal":
		kinds := map[string]string{"SOFTWARE_TOKEN_MFA": "totp", "SMS_MFA": "sms"}
		return sealed(1_800_000_000, kinds[s.user.Preferred])
	case "suspend":
		return merged(s.stored, item{"factorSuspendedAt": 1_800_000_000.0})
	default:
		return s.stored
	}
}

// asks are the calls that the decision needs: of Cognito, and of the table.
func (s signIn) asks() (users int, table []string) {
	if s.source != authentication || s.client != stepUpID && s.client != accountID {
		return 0, nil
	}
	if s.client == stepUpID {
		users = 1
		if !s.user.isAsked() {
			return users, nil
		}
	}
	if s.writes != "" {
		return users, []string{"GetItem", "UpdateItem"}
	}
	return users, []string{"GetItem"}
}
