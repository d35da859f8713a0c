package config

import "slices"

// Users is how customers prove who they are.
type Users struct {
	// Plan is the user pool's feature plan. Required.
	Plan Plan
	// MFA says when a second factor is asked for. Required.
	MFA MFA
	// SecondFactors are the factors that customers may enrol. Empty only with MFA Off.
	SecondFactors []SecondFactor
	// FirstFactors are offered beside the password. None if empty.
	FirstFactors []FirstFactor
	// Passkeys says what a passkey proves. Required with the first factor Passkey, empty otherwise.
	Passkeys PasskeyStrength
	// ThreatProtection is what Cognito does about risky sign-ins and leaked passwords. None if empty; needs plan Plus.
	ThreatProtection ThreatProtection
	// RequireACR makes the handlers of high-risk routes refuse tokens without the claim acr urn:cognito:loa:3 or :4.
	// Only where Cognito issues the claim; elsewhere nobody could buy. Off if false: the claim is then checked when it
	// is there.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
	RequireACR bool
	// PasswordLength is the minimum number of characters, 12 to 99. Required. That a password has all four classes of
	// characters and is none of the last five is not a setting.
	PasswordLength int
}

// SendsSMS reports whether any factor is a code by SMS.
func (u Users) SendsSMS() bool {
	return slices.Contains(u.SecondFactors, SMS) || slices.Contains(u.FirstFactors, SMSOTP)
}

// Plan is a Cognito feature plan. The plan Lite is not among them: it has neither managed login v2, passkeys and
// one-time codes nor triggers that grant scopes.
type Plan string

const (
	// Essentials has all that is needed but threat protection.
	Essentials Plan = "Essentials"
	// Plus adds threat protection, risk-based MFA and the user-activity log.
	Plus Plan = "Plus"
)

// MFA is when customers are asked for a second factor. It is one setting, because Cognito's two (pool-wide MFA and
// risk configuration) contradict each other in half of their combinations.
type MFA string

const (
	// Off never asks.
	Off MFA = "Off"
	// Optional asks those who have enrolled a factor.
	Optional MFA = "Optional"
	// Required makes everybody enrol a factor and asks at every sign-in.
	Required MFA = "Required"
	// RiskBased always asks those who have enrolled a factor, whatever the risk, and at high risk blocks those who have
	// not: "When you activate MFA for a user, they always receive a challenge … regardless of how you configured
	// adaptive authentication." https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
	RiskBased MFA = "RiskBased"
)

// SecondFactor is a way of proving possession after the password. A code by e-mail is not among them: e-mail is the
// channel of account recovery, so the mailbox would be the only thing to steal.
type SecondFactor string

const (
	// TOTP is an authenticator app (RFC 6238).
	TOTP SecondFactor = "TOTP"
	// SMS is a code sent to the customer's phone number.
	SMS SecondFactor = "SMS"
)

// FirstFactor is a way of signing in instead of the password.
type FirstFactor string

const (
	// EmailOTP is a one-time code sent by e-mail.
	EmailOTP FirstFactor = "EmailOTP"
	// SMSOTP is a one-time code sent by SMS.
	SMSOTP FirstFactor = "SMSOTP"
	// Passkey is a WebAuthn credential.
	Passkey FirstFactor = "Passkey"
)

// PasskeyStrength is what a sign-in with a passkey proves.
type PasskeyStrength string

const (
	// PossessionOnly lets a passkey without user verification pass; it counts as one factor.
	PossessionOnly PasskeyStrength = "PossessionOnly"
	// UserVerified requires the device to verify its user (PIN or biometrics); it counts as two factors.
	UserVerified PasskeyStrength = "UserVerified"
)

// ThreatProtection is a mode of Cognito's threat protection.
type ThreatProtection string

const (
	// Audit records risks and does nothing about them.
	Audit ThreatProtection = "Audit"
	// Enforce blocks leaked passwords and acts on risky sign-ins ("full function").
	Enforce ThreatProtection = "Enforce"
)
