package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// want compares a property with what the construct promises; harm says what would break.
func want(t *testing.T, f found, expected any, harm string, path ...any) {
	t.Helper()
	if diff := cmp.Diff(expected, f.get(path...)); diff != "" {
		t.Errorf("%s: %v is not as promised: %s\n(-want +got)\n%s", f, path, harm, diff)
	}
}

// list turns texts into what encoding/json makes of them.
func list(texts ...string) []any {
	values := make([]any, 0, len(texts))
	for _, text := range texts {
		values = append(values, text)
	}
	return values
}

func TestCustomersSignUpThemselvesWithAVerifiedEmail(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		want(t, pool, list("email"), "customers would sign in by a user name nobody knows", "UsernameAttributes")
		want(t, pool, nil, "an alias could not be removed again", "AliasAttributes")
		want(t, pool, false, "Ann@ and ann@ would be two customers", "UsernameConfiguration", "CaseSensitive")
		want(t, pool, false, "only staff could add customers", "AdminCreateUserConfig", "AllowAdminCreateUserOnly")
		verified := []string{"email"}
		if s.config.Users.SendsSMS() {
			verified = append(verified, "phone_number")
		}
		want(t, pool, list(verified...), "anybody could claim an address, or a number", "AutoVerifiedAttributes")
		want(t, pool, list(verified...), "an unverified address would take over the account, an unverified number would be sent codes",
			"UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate")
	})
}

func TestTheOnlyDeclaredAttributeDecidesNothing(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		want(t, s.only(t, "AWS::Cognito::UserPool"), []any{map[string]any{
			"Name": "provider_email", "AttributeDataType": "String", "Mutable": true,
			"StringAttributeConstraints": map[string]any{"MinLength": "0", "MaxLength": "2048"},
		}}, "a required attribute shuts customers of a provider out, an immutable one makes their second sign-in fail, and a standard one "+
			"that is declared may make every update of the pool fail", "Schema")
	})
}

func TestPasswordsAreLongMixedAndNotReused(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		want(t, pool, map[string]any{
			"MinimumLength":    float64(s.config.Users.PasswordLength),
			"RequireLowercase": true, "RequireUppercase": true, "RequireNumbers": true, "RequireSymbols": true,
			"PasswordHistorySize": 5.0, "TemporaryPasswordValidityDays": 1.0,
		}, "PCI DSS 8.3.6 and 8.3.7 would not be met", "Policies", "PasswordPolicy")
		if s.config.Users.PasswordLength < 12 {
			t.Errorf("%s: passwords of %d characters", pool, s.config.Users.PasswordLength)
		}
	})
}

func TestMFAIsWhatTheStageSays(t *testing.T) {
	modes := map[config.MFA]string{config.Off: "OFF", config.Optional: "OPTIONAL", config.Required: "ON", config.RiskBased: "OPTIONAL"}
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		want(t, pool, modes[s.config.Users.MFA], "the second factor would be asked of the wrong people", "MfaConfiguration")
		seconds := map[config.SecondFactor]string{config.TOTP: "SOFTWARE_TOKEN_MFA", config.SMS: "SMS_MFA"}
		var enabled []string
		for _, factor := range s.config.Users.SecondFactors {
			enabled = append(enabled, seconds[factor])
		}
		if len(enabled) == 0 {
			want(t, pool, nil, "factors without MFA", "EnabledMfas")
		} else {
			want(t, pool, list(enabled...), "customers could not enrol the factors", "EnabledMfas")
		}
		want(t, pool, nil, "a remembered device would skip the second factor", "DeviceConfiguration")
		want(t, pool, []any{map[string]any{"Name": "verified_email", "Priority": 1.0}},
			"recovery by SMS would make the second factor a way around the first", "AccountRecoverySetting", "RecoveryMechanisms")
	})
}

func TestFirstFactorsAreWhatTheStageSays(t *testing.T) {
	names := map[config.FirstFactor]string{config.EmailOTP: "EMAIL_OTP", config.SMSOTP: "SMS_OTP", config.Passkey: "WEB_AUTHN"}
	passkeys := map[config.PasskeyStrength][2]any{
		config.UserVerified:   {"MULTI_FACTOR_WITH_USER_VERIFICATION", "required"},
		config.PossessionOnly: {"SINGLE_FACTOR", "required"},
		"":                    {nil, nil},
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		pool, offered := s.only(t, "AWS::Cognito::UserPool"), []string{"PASSWORD"}
		for _, factor := range s.config.Users.FirstFactors {
			offered = append(offered, names[factor])
		}
		want(t, pool, list(offered...), "customers would be offered other ways to sign in", "Policies", "SignInPolicy", "AllowedFirstAuthFactors")
		want(t, pool, passkeys[s.config.Users.Passkeys][0], "AWS refuses passkeys with MFA required, or one factor would count as two", "WebAuthnFactorConfiguration")
		want(t, pool, passkeys[s.config.Users.Passkeys][1], "a stolen key would be enough", "WebAuthnUserVerification")
		if !slices.Contains(s.config.Users.FirstFactors, config.EmailOTP) {
			want(t, pool, nil, "a message that is never sent", "EmailAuthenticationMessage")
			return
		}
		if text := pool.text(t, "EmailAuthenticationMessage"); strings.Count(text, "{####}") != 1 {
			t.Errorf("%s: the sign-in code must stand in the message once, or Cognito refuses it: %q", pool, text)
		}
		want(t, pool, "SecureCart: your sign-in code", "the message would look like anybody's", "EmailAuthenticationSubject")
	})
}

func TestThreatProtectionIsWhatTheStageSays(t *testing.T) {
	plans := map[config.Plan]string{config.Essentials: "ESSENTIALS", config.Plus: "PLUS"}
	modes := map[config.ThreatProtection]string{"": "OFF", config.Audit: "AUDIT", config.Enforce: "ENFORCED"}
	eachStage(t, func(t *testing.T, s stageOf) {
		pool := s.only(t, "AWS::Cognito::UserPool")
		want(t, pool, plans[s.config.Users.Plan], "the plan would be Cognito's choice", "UserPoolTier")
		want(t, pool, modes[s.config.Users.ThreatProtection], "risky sign-ins would pass unseen", "UserPoolAddOns", "AdvancedSecurityMode")
		if s.config.Users.ThreatProtection != config.Enforce {
			s.none(t, "AWS::Cognito::UserPoolRiskConfigurationAttachment", "AWS refuses it without threat protection")
			return
		}
		risk := s.only(t, "AWS::Cognito::UserPoolRiskConfigurationAttachment")
		want(t, risk, "ALL", "other clients would go unprotected", "ClientId")
		want(t, risk, "BLOCK", "leaked passwords would sign in", "CompromisedCredentialsRiskConfiguration", "Actions", "EventAction")
		want(t, risk, list("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"), "leaked passwords would be accepted", "CompromisedCredentialsRiskConfiguration", "EventFilter")
		if s.config.Users.MFA != config.RiskBased {
			want(t, risk, nil, "AWS refuses adaptive MFA with MFA required", "AccountTakeoverRiskConfiguration")
			return
		}
		want(t, risk, map[string]any{
			"MediumAction": map[string]any{"EventAction": "MFA_IF_CONFIGURED", "Notify": true},
			"HighAction":   map[string]any{"EventAction": "MFA_REQUIRED", "Notify": true},
		}, "a risky sign-in would not be asked for the second factor", "AccountTakeoverRiskConfiguration", "Actions")
		want(t, risk, s.config.Email.IdentityARN, "customers would not hear of it", "AccountTakeoverRiskConfiguration", "NotifyConfiguration", "SourceArn")
	})
}

func TestManagedLoginIsVersionTwoAtTheStagesDomain(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		domain := s.only(t, "AWS::Cognito::UserPoolDomain")
		want(t, domain, 2.0, "passkeys and branding need managed login", "ManagedLoginVersion")
		url := s.stack(t, "UserPool").Template.Outputs["ManagedLoginUrl"].Value
		if s.config.Domain.Custom == "" {
			want(t, domain, s.config.Domain.Prefix, "customers would land elsewhere", "Domain")
			want(t, domain, nil, "AWS refuses a certificate on a prefix", "CustomDomainConfig")
			if diff := cmp.Diff(any("https://"+s.config.Domain.Prefix+".auth."+s.config.Region+".amazoncognito.com"), url); diff != "" {
				t.Errorf("output ManagedLoginUrl (-want +got)\n%s", diff)
			}
			return
		}
		want(t, domain, s.config.Domain.Custom, "customers would land elsewhere", "Domain")
		want(t, domain, map[string]any{"CertificateArn": s.config.Domain.CertificateARN, "SecurityPolicy": "TLS_V1_2_2021"},
			"old TLS would be accepted", "CustomDomainConfig")
		if diff := cmp.Diff(any("https://"+s.config.Domain.Custom), url); diff != "" {
			t.Errorf("output ManagedLoginUrl (-want +got)\n%s", diff)
		}
	})
}

func TestResourceServerHasExactlyTheListedScopes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		server := s.only(t, "AWS::Cognito::UserPoolResourceServer")
		want(t, server, "securecart", "scopes would have another name", "Identifier")
		var names []string
		for i := range server.get("Scopes").([]any) {
			names = append(names, server.text(t, "Scopes", i, "ScopeName"))
			if server.text(t, "Scopes", i, "ScopeDescription") == "" {
				t.Errorf("%s: scope %s has no description", server, names[i])
			}
		}
		compare(t, names, []string{"links.offer", "links.write", "orders.read", "orders.write", "payment.write", "profile.read", "profile.write"}, "a route or a client would ask for a scope that does not exist")
	})
}

func TestPoolLogsGoToAGroupThatCognitoMayWriteTo(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		delivery := s.only(t, "AWS::Cognito::LogDeliveryConfiguration")
		group := s.resource(t, "UserPool", "UsersLog")
		want(t, group, nil, "Cognito refuses to deliver to a group with a customer-managed key", "KmsKeyId")
		want(t, group, "/aws/vendedlogs/cognito/SecureCart-"+s.config.Name+"-UserPool", "the account's log resource policy would outgrow its limit", "LogGroupName")
		sources := map[string]string{}
		for i := range delivery.get("LogConfigurations").([]any) {
			sources[delivery.text(t, "LogConfigurations", i, "EventSource")] = delivery.text(t, "LogConfigurations", i, "LogLevel")
			arn := delivery.text(t, "LogConfigurations", i, "CloudWatchLogsConfiguration", "LogGroupArn")
			if expected := "arn:aws:logs:" + s.config.Region + ":" + s.account() + ":log-group:" + group.text(t, "LogGroupName"); arn != expected {
				t.Errorf("%s delivers to %s, want %s", delivery, arn, expected)
			}
		}
		expected := map[string]string{"userNotification": "ERROR"}
		if s.config.Logs.UserActivity {
			expected["userAuthEvents"] = "INFO"
		}
		if diff := cmp.Diff(expected, sources); diff != "" {
			t.Errorf("%s: logged sources (-want +got)\n%s", delivery, diff)
		}
	})
}
