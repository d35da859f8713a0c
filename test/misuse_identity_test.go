package test

import (
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/identitypool"
	"github.com/securecart/identity/constructs/identityprovider"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/userpool"
)

func TestIdentityConstructsRefuseMisuseByName(t *testing.T) {
	web := config.Web{CallbackURLs: []string{"https://a.test/in"}, LogoutURLs: []string{"https://a.test/"}}
	tokens := config.Tokens{Access: time.Hour, ID: time.Hour, Refresh: 24 * time.Hour}
	for _, m := range []misuse{
		{"user pool without anything", func(s awscdk.Stack) { userpool.New(s, "Users", userpool.Props{}) },
			`S/Users: Users.Plan must be Essentials or Plus, got ""; ` +
				`Users.MFA must be Off, Optional, Required or RiskBased, got ""; Domain must be given, got none; ` +
				"Logs.RetentionDays must be given, got none; Tokens must be given, got none; " +
				`Registration must be given, got none; ClientsParameter must begin with a slash, got ""`},
		{"risk-based MFA that nothing enforces and nobody hears of", func(s awscdk.Stack) {
			userpool.New(s, "Users", userpool.Props{
				Users:  config.Users{Plan: config.Plus, MFA: config.RiskBased, ThreatProtection: config.Audit},
				Domain: config.Domain{Prefix: "p"}, Logs: config.Logs{RetentionDays: 1},
				Tokens: &golambda.Function{}, Registration: &golambda.Function{}, ClientsParameter: "/clients",
			})
		}, `S/Users: Users.ThreatProtection must be Enforce with MFA RiskBased, got "Audit"; ` +
			"Email must be SES with MFA RiskBased, got Cognito's own sender"},
		{"settings that Cognito does not know", func(s awscdk.Stack) {
			userpool.New(s, "Users", userpool.Props{
				Users:  config.Users{Plan: "Lite", MFA: "Always", ThreatProtection: "On"},
				Domain: config.Domain{Prefix: "p"}, Logs: config.Logs{RetentionDays: 1},
				Tokens: &golambda.Function{}, Registration: &golambda.Function{}, ClientsParameter: "/clients",
			})
		}, `S/Users: Users.Plan must be Essentials or Plus, got "Lite"; ` +
			`Users.MFA must be Off, Optional, Required or RiskBased, got "Always"; ` +
			`Users.ThreatProtection must be empty, Audit or Enforce, got "On"`},
		{"key of a replica nowhere", func(s awscdk.Stack) { userpool.NewKey(s, "Key", userpool.KeyProps{}) },
			"S/Key: Replica must be given, got none"},
		{"replica of no key", func(s awscdk.Stack) { userpool.NewReplicaKey(s, "Key", userpool.ReplicaKeyProps{}) },
			"S/Key: Key must be given, got none; Pool must be given, got none; Primary must be given, got none"},
		{"copy of no pool", func(s awscdk.Stack) { userpool.NewCopy(s, "Copy", userpool.CopyProps{}) },
			"S/Copy: Pool must be given, got none; Region must be given, got none"},
		{"replica that nothing restrains", func(s awscdk.Stack) {
			userpool.NewReplica(s, "Replica", userpool.ReplicaProps{})
		}, "S/Replica: Pool must be given, got none; Users must be given, got none; Domain must be given, got none; " +
			"Logs.RetentionDays must be given, got none; Trigger must be given, got none"},
		{"Google without a secret", func(s awscdk.Stack) {
			google := config.Provider{Kind: config.Google}
			identityprovider.New(s, "Idp", identityprovider.Props{Pool: pool, Provider: google})
		}, "S/Idp: Provider.SecretName must be given, got none"},
		{"provider of no kind", func(s awscdk.Stack) { identityprovider.New(s, "Idp", identityprovider.Props{}) },
			`S/Idp: Pool must be given, got none; Provider.Kind must be one of ["Google" "Facebook" "SignInWithApple" ` +
				`"LoginWithAmazon" "OIDC" "SAML"], got ""; ` +
				"Provider.SecretName must be given, got none"},
		{"client without anything", func(s awscdk.Stack) { appclient.NewWeb(s, "Web", appclient.WebProps{}) },
			"S/Web: Pool must be given, got none; Web.CallbackURLs must be given, got none; " +
				"Web.LogoutURLs must be given, got none; Tokens.Access must be given, got none; " +
				"Tokens.ID must be given, got none; Tokens.Refresh must be given, got none"},
		{"8 a mapped attribute that the client may not write", func(s awscdk.Stack) {
			appclient.NewWeb(s, "Web", appclient.WebProps{
				Pool: pool, Web: web, Tokens: tokens,
				Providers: []*identityprovider.Provider{{Name: "Okta", Maps: []string{"zoneinfo"}}},
			})
		}, "S/Web: Providers must map attributes that the client may write " +
			"([email name given_name family_name picture custom:provider_email]), got zoneinfo from Okta"},
		{"step-up client without a pool", func(s awscdk.Stack) { appclient.NewStepUp(s, "StepUp", appclient.Props{}) },
			"S/StepUp: Pool must be given, got none"},
		{"account client without a pool", func(s awscdk.Stack) { appclient.NewAccount(s, "Account", appclient.Props{}) },
			"S/Account: Pool must be given, got none"},
		{"schedule of nothing", func(s awscdk.Stack) { schedule.NewHourly(s, "Hourly", schedule.Props{}) },
			"S/Hourly: Function must be given, got none; Description must be given, got none"},
		{"clients that nobody can tell apart", func(s awscdk.Stack) {
			userpool.NewClients(s, "Clients", userpool.ClientsProps{Parameter: "clients"})
		}, `S/Clients: Parameter must begin with a slash, got "clients"; StepUp must be given, got none; ` +
			"Account must be given, got none; Web must be given, got none"},
		{"identity pool without anything", func(s awscdk.Stack) {
			identitypool.New(s, "Identities", identitypool.Props{})
		}, "S/Identities: Pool must be given, got none; Client must be given, got none"},
		{"role for nobody", func(s awscdk.Stack) { iamrole.New(s, "Role", iamrole.Props{}) },
			"S/Role: AssumedBy must be given, got none; Description must be given, got none"},
		{"role with two grants of one name", func(s awscdk.Stack) {
			iamrole.New(s, "Role", iamrole.Props{AssumedBy: lambda(), Description: "d", Grants: []iamrole.Grants{
				pool.Allow("Users", userpool.List), pool.Allow("Users", userpool.List), pool.Allow("Users", userpool.Delete),
			}})
		}, `S/Role: Grants must have names of their own, got "Users" for two that differ`},
		{"grants of one name that differ in a resource or a condition", func(s awscdk.Stack) {
			here, there := grant("Users"), grant("Users")
			there.Resources = []string{"arn:aws:s3:::there"}
			mine, all := grant("Items"), grant("Items")
			mine.Conditions = map[string]any{"Bool": map[string]any{"aws:SecureTransport": "true"}}
			iamrole.NewPolicy(s, "Policy", iamrole.PolicyProps{Grants: []iamrole.Grants{{here, there, mine, all}}})
		}, `S/Policy: Role must be given, got none; Grants must have names of their own, got "Users" for two that differ; ` +
			`Grants must have names of their own, got "Items" for two that differ`},
		{"grants without a name, which is no misuse", func(s awscdk.Stack) {
			here, there := grant(""), grant("")
			there.Resources = []string{"arn:aws:s3:::there"}
			iamrole.New(s, "Role", iamrole.Props{
				AssumedBy: lambda(), Description: "d", Grants: []iamrole.Grants{{here}, {there}},
			})
		}, "<nil>"},
		{"policy of nothing", func(s awscdk.Stack) { iamrole.NewPolicy(s, "Policy", iamrole.PolicyProps{}) },
			"S/Policy: Role must be given, got none; Grants must be given, got none"},
	} {
		t.Run(m.name, m.check)
	}
}

// lambda is a principal for roles that need one.
func lambda() awsiam.IPrincipal {
	return awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil)
}

// grant is a statement for roles that need one.
func grant(sid string) iamrole.Grant {
	return iamrole.Grant{Sid: sid, Actions: []string{"s3:ListBucket"}, Resources: []string{"arn:aws:s3:::here"}}
}
