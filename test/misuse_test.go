package test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/identitypool"
	"github.com/securecart/identity/constructs/identityprovider"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/schedule"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/supportdesk"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
)

// misuse is a call of a construct that must panic, and the whole text of the panic.
type misuse struct {
	name string
	call func(stack awscdk.Stack)
	want string
}

func (m misuse) check(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("S"), nil)
	defer func() {
		if got := fmt.Sprint(recover()); got != m.want {
			t.Errorf("panic differs\n got: %s\nwant: %s", got, m.want)
		}
	}()
	m.call(stack)
}

// pool is a user pool for constructs that need one.
func pool(stack awscdk.Stack) awscognito.CfnUserPool {
	return awscognito.NewCfnUserPool(stack, jsii.String("Pool"), nil)
}

// kept says how logs are kept, for constructs that write one.
func kept(stack awscdk.Stack) logging.Props {
	return logging.Props{RetentionDays: 1, Key: logging.NewKey(stack, "LogKey", false)}
}

func TestIdentityConstructsRefuseMisuseByName(t *testing.T) {
	web := config.Web{CallbackURLs: []string{"https://a.test/in"}, LogoutURLs: []string{"https://a.test/"}}
	tokens := config.Tokens{Access: time.Hour, ID: time.Hour, Refresh: 24 * time.Hour}
	for _, m := range []misuse{
		{"user pool without anything", func(s awscdk.Stack) { userpool.New(s, "Users", userpool.Props{}) },
			`S/Users: Users.Plan must be Essentials or Plus, got ""; Users.MFA must be Off, Optional, Required or RiskBased, got ""; ` +
				`Domain must have exactly one of Prefix and Custom, got {Prefix: Custom: CertificateARN:}; Logs.RetentionDays must be at least 1, got 0; ` +
				`Tokens must be given, got none; Registration must be given, got none; ClientsParameter must begin with a slash, got ""`},
		{"risk-based MFA without SES", func(s awscdk.Stack) {
			userpool.New(s, "Users", userpool.Props{
				Users: config.Users{Plan: config.Plus, MFA: config.RiskBased}, Domain: config.Domain{Prefix: "p"}, Logs: config.Logs{RetentionDays: 1},
				Tokens: &golambda.Function{}, Registration: &golambda.Function{}, ClientsParameter: "/clients",
			})
		}, "S/Users: Email must be SES with MFA RiskBased, got Cognito's own sender"},
		{"provider of no kind", func(s awscdk.Stack) { identityprovider.New(s, "Idp", identityprovider.Props{}) },
			`S/Idp: Pool must be given, got none; Provider.Kind must be Google, Facebook, OIDC or SAML, got ""`},
		{"Google without a secret", func(s awscdk.Stack) {
			identityprovider.New(s, "Idp", identityprovider.Props{Pool: pool(s), Provider: config.Provider{Kind: config.Google}})
		}, "S/Idp: Provider.SecretName must name a secret in Secrets Manager for Google, got none"},
		{"client without anything", func(s awscdk.Stack) { appclient.NewWeb(s, "Web", appclient.WebProps{}) },
			"S/Web: Pool must be given, got none; Web.CallbackURLs must be given, got none; Web.LogoutURLs must be given, got none; " +
				"Tokens.Access must be at least 5m, got 0s; Tokens.ID must be at least 5m, got 0s; Tokens.Refresh must be longer than Tokens.Access (0s), got 0s"},
		{"8 a mapped attribute that the client may not write", func(s awscdk.Stack) {
			appclient.NewWeb(s, "Web", appclient.WebProps{Pool: pool(s), Web: web, Tokens: tokens, Providers: []*identityprovider.Provider{{Name: "Okta", Maps: []string{"zoneinfo"}}}})
		}, "S/Web: Providers must map attributes that the client may write ([email name given_name family_name picture custom:provider_email]), got zoneinfo from Okta"},
		{"step-up client without a pool", func(s awscdk.Stack) { appclient.NewStepUp(s, "StepUp", nil) }, "S/StepUp: Pool must be given, got none"},
		{"account client without a pool", func(s awscdk.Stack) { appclient.NewAccount(s, "Account", nil) }, "S/Account: Pool must be given, got none"},
		{"schedule of nothing", func(s awscdk.Stack) { schedule.NewHourly(s, "Hourly", schedule.Props{}) },
			"S/Hourly: Function must be given, got none; Description must be given, got none"},
		{"clients that nobody can tell apart", func(s awscdk.Stack) { userpool.NewClients(s, "Clients", userpool.ClientsProps{Parameter: "clients"}) },
			`S/Clients: Parameter must begin with a slash, got "clients"; StepUp must be given, got none; Account must be given, got none; Web must be given, got none`},
		{"identity pool without anything", func(s awscdk.Stack) { identitypool.New(s, "Identities", identitypool.Props{}) },
			"S/Identities: Pool must be given, got none; Client must be given, got none"},
	} {
		t.Run(m.name, m.check)
	}
}

func TestDataAndAPIConstructsRefuseMisuseByName(t *testing.T) {
	api := func(s awscdk.Stack) *restapi.API {
		return restapi.New(s, "Shop", restapi.Props{
			Pool: pool(s), WebOrigin: "https://a.test", Logs: kept(s),
			Limits: config.API{RateLimit: 1, BurstLimit: 1, Guests: config.Throttle{Rate: 1}, Preflights: config.Throttle{Rate: 1}},
		})
	}
	for _, m := range []misuse{
		{"API without anything", func(s awscdk.Stack) { restapi.New(s, "Shop", restapi.Props{}) },
			`S/Shop: Pool must be given, got none; WebOrigin must be one origin, got ""; Limits.RateLimit must be at least 1, got 0; ` +
				`Limits.Guests must have a Rate, got {Rate:0 Burst:0}; Limits.Preflights must have a Rate, got {Rate:0 Burst:0}; Logs.RetentionDays must be at least 1, got 0; Logs.Key must be given, got none`},
		{"API for every origin", func(s awscdk.Stack) {
			limits := config.API{RateLimit: 2, BurstLimit: 1, Guests: config.Throttle{Rate: 1}, Preflights: config.Throttle{Rate: 1}}
			restapi.New(s, "Shop", restapi.Props{Pool: pool(s), WebOrigin: "*", Limits: limits, Logs: kept(s)})
		}, `S/Shop: WebOrigin must be one origin, got "*"; Limits.BurstLimit must be at least RateLimit (2), got 1`},
		{"route that says nothing", func(s awscdk.Stack) { api(s).Add(restapi.Route{}) },
			`S/Shop/Rest/ : Method must be one of [GET POST PUT DELETE], got ""; Path must be one lower-case segment such as "/orders", got ""; ` +
				"Caller must be CustomerWith(scope), SteppedUpWith(scope) or Signed(), got nobody: a route that does not say who may call it is not added; Handler must be given, got none"},
		{"checkout without stepping up", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "POST", Path: "/orders", Caller: restapi.CustomerWith(userpool.OrdersWrite), Handler: &golambda.Function{}})
		}, "S/Shop/Rest/POST /orders: Caller must be SteppedUpWith(securecart/orders.write), got CustomerWith"},
		{"change of nothing", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "PUT", Path: "/profile", Caller: restapi.SteppedUpWith(userpool.ProfileWrite), Handler: &golambda.Function{}})
		}, "S/Shop/Rest/PUT /profile: Body must be given for PUT, got none"},
		{"deletion with a body", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{
				Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(userpool.LinksWrite), Handler: &golambda.Function{},
				Body: &awsapigateway.JsonSchema{},
			})
		}, "S/Shop/Rest/DELETE /links: Body must be absent for DELETE, got one"},
		{"stepping up to read", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "GET", Path: "/orders", Caller: restapi.SteppedUpWith(userpool.OrdersRead), Handler: &golambda.Function{}})
		}, "S/Shop/Rest/GET /orders: Caller must be SteppedUpWith a high-risk scope, got securecart/orders.read"},
		{"route for every method and path", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "ANY", Path: "/{proxy+}", Caller: restapi.Signed(), Handler: &golambda.Function{}})
		}, `S/Shop/Rest/ANY /{proxy+}: Method must be one of [GET POST PUT DELETE], got "ANY"; Path must be one lower-case segment such as "/orders", got "/{proxy+}"`},
		{"permission for a route that wants a token", func(s awscdk.Stack) { api(s).AllowInvoke(nil, "Sid", "GET", "/orders") },
			"S/Shop/Rest/GET /orders: Route must be added for Signed() callers first, got none such"},
		{"function without anything", func(s awscdk.Stack) { golambda.New(s, "Fn", golambda.Props{}) },
			`S/Fn: Builder must be given, got none; Name must be a folder below lambda/, got ""; Description must be given, got none; Logs.RetentionDays must be at least 1, got 0; Logs.Key must be given, got none`},
		{"log that nothing encrypts", func(s awscdk.Stack) { logging.NewGroup(s, "Log", nil, logging.Props{}) },
			"S/Log: Logs.RetentionDays must be at least 1, got 0; Logs.Key must be given, got none"},
		{"delivered log without a reason", func(s awscdk.Stack) { logging.NewDeliveryGroup(s, "Log", nil, logging.Props{}, "") },
			"S/Log: Logs.RetentionDays must be at least 1, got 0; Reason must be given, got none"},
		{"alarm without anything", func(s awscdk.Stack) { alarm.NewSMSSpend(s, "SmsSpend", alarm.SMSSpendProps{}) },
			"S/SmsSpend: Alarms.SMSSpendUSD must be at least 1, got 0; Key must be given, got none"},
		{"firewall of no pool", func(s awscdk.Stack) { webacl.ForUserPool(s, "Firewall", webacl.UserPoolProps{}) },
			"S/Firewall: Pool must be given, got none; Limits.SignUp must be at least 10, got 0; Limits.SignIn must be more than SignUp (0), got 0; " +
				"Logs.RetentionDays must be at least 1, got 0; Logs.Key must be given, got none"},
		{"firewall of no API", func(s awscdk.Stack) { webacl.ForAPI(s, "Firewall", webacl.APIProps{Limits: config.Firewall{API: 9}}) },
			"S/Firewall: Stage must be given, got none; Limits.API must be at least 10, got 9; Logs.RetentionDays must be at least 1, got 0; Logs.Key must be given, got none"},
		{"table without anything", func(s awscdk.Stack) { storage.NewTable(s, "Orders", storage.TableProps{}) },
			"S/Orders: Key must be given, got none; PartitionKey must be given, got none; Limits must be at least 1 each, got {MaxReads:0 MaxWrites:0}"},
		{"table with half an index", func(s awscdk.Stack) {
			storage.NewTable(s, "Orders", storage.TableProps{
				Key: storage.NewKey(s, "Key", storage.KeyProps{Encrypts: "a"}), PartitionKey: "a", Limits: config.Tables{MaxReads: 1, MaxWrites: 1},
				LocalIndex: storage.Index{Name: "l", SortKey: "b"}, GlobalIndex: storage.Index{Name: "g"},
			})
		}, "S/Orders: LocalIndex must be of a table with SortKey, got {Name:l PartitionKey: SortKey:b} without; GlobalIndex must have a PartitionKey, got {Name:g PartitionKey: SortKey:}"},
		{"bucket for every origin", func(s awscdk.Stack) {
			storage.NewBucket(s, "Media", storage.BucketProps{WebOrigin: "*"})
		}, `S/Media: Log must be given, got none; WebOrigin must be one origin, got "*"`},
		{"key of nothing", func(s awscdk.Stack) { storage.NewKey(s, "Key", storage.KeyProps{}) }, "S/Key: Encrypts must be given, got none"},
		{"support desk without anything", func(s awscdk.Stack) {
			supportdesk.New(s, "Desk", supportdesk.Props{Agents: []string{"role/deployer", "user/*"}})
		},
			"S/Desk: StageID must be given, got none; Pool must be given, got none; Orders must be given, got none; Customers must be given, got none; " +
				"Links must be given, got none; Proofs must be given, got none; Documents must be given, got none; " +
				`Agents, PrivacyOfficers must be "user/…" or "role/aws-reserved/sso.amazonaws.com/…", got "role/deployer"; ` +
				`Agents, PrivacyOfficers must name one each, got "user/*"`},
	} {
		t.Run(m.name, m.check)
	}
}

func TestAFunctionThatDoesNotBuildSaysWhy(t *testing.T) {
	broken := t.TempDir()
	for file, text := range map[string]string{"go.mod": "module broken\n", "lambda/broken/main.go": "package main\n\nfunc main() { undefined() }\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(broken, file)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(broken, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ root, name, want string }{
		{root, "missing", "S/Fn: Name must name a program that builds, got lambda/missing, which has no main.go; there are catalog, customers, links, orders, registration, tokens, unconfirmed"},
		{broken, "broken", "S/Fn: Name must name a program that builds, got build functions: exit status 1\n" +
			"# broken/lambda/broken\nlambda/broken/main.go:3:15: undefined: undefined\n"},
	} {
		misuse{c.name, func(stack awscdk.Stack) {
			golambda.New(stack, "Fn", golambda.Props{Builder: &golambda.Builder{Root: c.root}, Name: c.name, Description: "d", Logs: kept(stack)})
		}, c.want}.check(t)
	}
}
