package config

import (
	"slices"
)

// plan is rules 3 and 4: what each feature plan lacks.
func plan(s Stage, p *problems) {
	u := s.Users
	if !oneOf(p, "Users.Plan", u.Plan, Essentials, Plus) {
		return
	}
	if u.Plan == Plus {
		return
	}
	if u.MFA == RiskBased {
		p.add("Users.MFA", "risk-based MFA needs feature plan Plus, got %s; set Plan: Plus or MFA: Required", u.Plan)
	}
	if u.ThreatProtection != "" {
		p.add(
			"Users.ThreatProtection",
			"threat protection needs feature plan Plus, got %s with %s; set Plan: Plus or remove ThreatProtection",
			u.ThreatProtection,
			u.Plan,
		)
	}
	if s.Logs.UserActivity {
		p.add(
			"Logs.UserActivity",
			"the user-activity log needs feature plan Plus, got %s; set Plan: Plus or UserActivity: false",
			u.Plan,
		)
	}
}

func mfa(s Stage, p *problems) {
	u := s.Users
	if u.RequireACR && u.MFA == Off {
		p.add("Users.RequireACR", "needs a second factor, got true with MFA Off; set MFA: Optional or RequireACR: false")
	}
	if !oneOf(p, "Users.MFA", u.MFA, Off, Optional, Required, RiskBased) {
		return
	}
	if u.ThreatProtection != "" {
		oneOf(p, "Users.ThreatProtection", u.ThreatProtection, Audit, Enforce)
	}
	if s.Logs.UserActivity && u.Plan == Plus && u.ThreatProtection == "" {
		p.add(
			"Logs.UserActivity",
			"user activity is only logged while threat protection watches it, got none; "+
				"set ThreatProtection: Audit or Enforce, or UserActivity: false",
		)
	}
	if u.MFA == Off && s.Purpose == Production {
		p.add("Users.MFA", "Production must offer a second factor, got Off; set MFA: Optional, Required or RiskBased")
	}
	if u.MFA != RiskBased {
		return
	}
	// Half a set would leave the risk configuration unheeded, without any error from AWS.
	if u.ThreatProtection != Enforce {
		p.add(
			"Users.ThreatProtection",
			"risk-based MFA needs threat protection Enforce, got %q; set ThreatProtection: Enforce or MFA: Required",
			u.ThreatProtection,
		)
	}
	if !s.Email.SES() {
		p.add(
			"Email",
			"risk-based MFA notifies customers through SES, got Cognito's own sender; "+
				"set Email.From and Email.IdentityARN or MFA: Required",
		)
	}
}

// secondFactors is rule 5. Its other half, SMS with recovery by phone, cannot be written: recovery is by e-mail only.
func secondFactors(s Stage, p *problems) {
	u := s.Users
	if u.MFA == Off && len(u.SecondFactors) > 0 {
		p.add("Users.SecondFactors", "must be empty with MFA Off, got %v; remove them or set MFA: Optional", u.SecondFactors)
	}
	if u.MFA != Off && len(u.SecondFactors) == 0 {
		p.add("Users.SecondFactors", "MFA %s needs a second factor, got none; set SecondFactors: TOTP, SMS or both", u.MFA)
	}
	for _, f := range u.SecondFactors {
		oneOf(p, "Users.SecondFactors", f, TOTP, SMS)
	}
	if len(slices.Compact(slices.Sorted(slices.Values(u.SecondFactors)))) != len(u.SecondFactors) {
		p.add("Users.SecondFactors", "must name each factor once, got %v; remove the repetition", u.SecondFactors)
	}
}

// firstFactors is rules 1 and 6.
func firstFactors(s Stage, p *problems) {
	u := s.Users
	for _, f := range u.FirstFactors {
		if !oneOf(p, "Users.FirstFactors", f, EmailOTP, SMSOTP, Passkey) {
			continue
		}
		if u.MFA == Required && f != Passkey {
			p.add(
				"Users.FirstFactors",
				"a one-time code as first factor cannot be combined with MFA Required, got %s; remove it or set MFA: Optional",
				f,
			)
		}
		// Cognito: "Can't turn off SMS_MFA when SMS configuration is set".
		if f == SMSOTP && !slices.Contains(u.SecondFactors, SMS) {
			p.add(
				"Users.FirstFactors",
				"codes by SMS as first factor need SMS among SecondFactors (Cognito refuses one without the other), "+
					"got SMSOTP with %v; add SMS to SecondFactors or remove SMSOTP",
				u.SecondFactors,
			)
		}
		if f == EmailOTP && !s.Email.SES() {
			p.add(
				"Users.FirstFactors",
				"one-time codes by e-mail need SES, got EmailOTP with Cognito's own sender; "+
					"set Email.From and Email.IdentityARN or remove EmailOTP",
			)
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(u.FirstFactors)))) != len(u.FirstFactors) {
		p.add("Users.FirstFactors", "must name each factor once, got %v; remove the repetition", u.FirstFactors)
	}
	passkeys(u, p)
}

// passkeys is rule 2.
func passkeys(u Users, p *problems) {
	offersPasskey := slices.Contains(u.FirstFactors, Passkey)
	switch {
	case offersPasskey && !oneOf(p, "Users.Passkeys", u.Passkeys, PossessionOnly, UserVerified):
	case !offersPasskey && u.Passkeys != "":
		p.add(
			"Users.Passkeys",
			"belongs to the first factor Passkey, got %s without it; add Passkey to FirstFactors or remove Passkeys",
			u.Passkeys,
		)
	case offersPasskey && u.MFA == Required && u.Passkeys != UserVerified:
		p.add(
			"Users.Passkeys",
			"MFA Required needs passkeys that verify their user, got %s; set Passkeys: UserVerified or MFA: Optional",
			u.Passkeys,
		)
	}
}

func password(s Stage, p *problems) {
	if got := s.Users.PasswordLength; got < 12 || got > 99 {
		p.add("Users.PasswordLength", "must be 12 (PCI DSS 4.0.1, 8.3.6) to 99, got %d; set a length in that range", got)
	}
}
