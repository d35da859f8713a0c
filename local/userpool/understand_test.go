package userpool

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
)

func TestStageThatIsNotUnderstoodDoesNotStart(t *testing.T) {
	keys := must.Get(sharedKeys())(t)
	start := func(changes ...func(*deployed.Stage)) error {
		s := devStage()
		for _, change := range changes {
			change(s)
		}
		_, err := New(Options{
			Stage: s, Trigger: (&rig{}).trigger, Mailbox: mailbox.New(time.Now), Now: time.Now, Keys: keys, Authorize: anybody,
		})
		return err
	}
	type stage = deployed.Stage
	type appClient = deployed.UserPoolClient
	tests := map[string]func(*stage){
		"LambdaVersion":    func(s *stage) { s.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = "V1_0" },
		"UserPoolTier":     func(s *stage) { s.UserPool.UserPoolTier = "LITE" },
		"MfaConfiguration": func(s *stage) { s.UserPool.MfaConfiguration = "MAYBE" },
		"EnabledMfas":      func(s *stage) { s.UserPool.EnabledMfas = []string{"EMAIL_OTP"} },
		"AllowedFirstAuthFactors": func(s *stage) {
			s.UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors = []string{"WEB_AUTHN"}
		},
		"AttributeDataType":          func(s *stage) { s.UserPool.Schema[0].AttributeDataType = "Number" },
		"UsernameAttributes":         func(s *stage) { s.UserPool.UsernameAttributes = []string{"phone_number"} },
		"UsernameAttributes must be": func(s *stage) { s.UserPool.UsernameAttributes = nil },
		"AutoVerifiedAttributes":     func(s *stage) { s.UserPool.AutoVerifiedAttributes = []string{"address"} },
		"must name email":            func(s *stage) { s.UserPool.AutoVerifiedAttributes = []string{"phone_number"} },
		"StringAttributeConstraints": func(s *stage) { s.UserPool.Schema[0].StringAttributeConstraints.MaxLength = "many" },
		"DefaultEmailOption": func(s *stage) {
			s.UserPool.VerificationMessageTemplate.DefaultEmailOption = "CONFIRM_WITH_LINK"
		},
		"RecoveryMechanisms must be":  func(s *stage) { s.UserPool.AccountRecoverySetting.RecoveryMechanisms = nil },
		"provider_email, which is no": func(s *stage) { s.Providers["Google"].AttributeMapping["provider_email"] = "email" },
		"no id":                       func(s *stage) { s.UserPool.ID = "" },
		"provider Google maps":        func(s *stage) { s.Providers["Google"].AttributeMapping["custom:role"] = "role" },
		"another pool's":              client(webID, func(c *appClient) { c.UserPoolID = "x" }),
		"GenerateSecret":              client(webID, func(c *appClient) { c.GenerateSecret = true }),
		"ExplicitAuthFlows []":        client(webID, func(c *appClient) { c.ExplicitAuthFlows = nil }),
		"ALLOW_CUSTOM_AUTH": client(webID, func(c *appClient) {
			c.ExplicitAuthFlows = append(c.ExplicitAuthFlows, "ALLOW_CUSTOM_AUTH")
		}),
		"PreventUserExistenceErrors": client(webID, func(c *appClient) { c.PreventUserExistenceErrors = "LEGACY" }),
		"RefreshTokenRotation":       client(webID, func(c *appClient) { c.RefreshTokenRotation.Feature = "DISABLED" }),
		"no provider Facebook": client(webID, func(c *appClient) {
			c.SupportedIdentityProviders = []string{"Facebook"}
		}),
		"TokenValidityUnits": client(webID, func(c *appClient) { c.TokenValidityUnits.AccessToken = "hours" }),
		"custom:role is no":  client(webID, func(c *appClient) { c.WriteAttributes = []string{"custom:role"} }),
		"RecoveryMechanisms": func(s *stage) {
			must.Do(t, json.Unmarshal([]byte(`[{"Name":"verified_phone_number","Priority":1}]`),
				&s.UserPool.AccountRecoverySetting.RecoveryMechanisms))
		},
		"AttributesRequireVerificationBeforeUpdate": func(s *stage) {
			s.UserPool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = []string{"email"}
		},
	}
	var all []func(*deployed.Stage)
	for want, change := range tests {
		if err := start(change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if want != "no id" && want != "another pool's" && !strings.Contains(want, "must be") {
			all = append(all, change)
		}
	}
	if err := start(all...); err == nil || strings.Count(err.Error(), "\n") < len(all)-5 {
		t.Errorf("not everything is reported at once: %v", err)
	}
	must.Do(t, start())
	registrationOnly := devStage()
	registrationOnly.UserPool.LambdaConfig.PreTokenGenerationConfig.LambdaArn = ""
	for name, options := range map[string]Options{
		"a trigger that nobody invokes": {Stage: registrationOnly, Mailbox: mailbox.New(time.Now), Now: time.Now},
		"nothing":                       {}, "no trigger": {Stage: devStage(), Mailbox: mailbox.New(time.Now), Now: time.Now},
		"no clock": {Stage: devStage(), Mailbox: mailbox.New(time.Now)},
	} {
		if _, err := New(options); err == nil {
			t.Errorf("%s will do", name)
		}
	}
}

func TestAFlagIsWrittenByNoClient(t *testing.T) {
	client := deployed.UserPoolClient{WriteAttributes: []string{"email", "email_verified"}}
	wantRefusal(t, "a flag in the list", writable(client, map[string]string{"email_verified": "true"}),
		"NotAuthorizedException")
}
