package test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
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
var pool = &userpool.UserPool{ID: "pool", ARN: "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_pool"}

// kept says how logs are kept, for constructs that write one.
func kept(stack awscdk.Stack) logging.Settings {
	return logging.Settings{RetentionDays: 1, Key: logging.NewKey(stack, "LogKey", logging.KeyProps{})}
}

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
		{"Google without a secret", func(s awscdk.Stack) {
			google := config.Provider{Kind: config.Google}
			identityprovider.New(s, "Idp", identityprovider.Props{Pool: pool, Provider: google})
		}, "S/Idp: Provider.SecretName must be given, got none"},
		{"provider of no kind", func(s awscdk.Stack) { identityprovider.New(s, "Idp", identityprovider.Props{}) },
			`S/Idp: Pool must be given, got none; Provider.Kind must be Google, Facebook, OIDC or SAML, got ""; ` +
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
		{"two grants of one name", func(s awscdk.Stack) {
			iamrole.NewPolicy(s, "Policy", iamrole.PolicyProps{Grants: []iamrole.Grants{
				pool.Allow("Users", userpool.List), pool.Allow("Users", userpool.List), pool.Allow("Users", userpool.Delete),
			}})
		}, `S/Policy: Role must be given, got none; Grants must have names of their own, got "Users" for two that differ`},
		{"policy of nothing", func(s awscdk.Stack) { iamrole.NewPolicy(s, "Policy", iamrole.PolicyProps{}) },
			"S/Policy: Role must be given, got none; Grants must be given, got none"},
	} {
		t.Run(m.name, m.check)
	}
}

func TestAPIConstructsRefuseMisuseByName(t *testing.T) {
	one := config.Throttle{Rate: 1, Burst: 1}
	limits := config.API{RateLimit: 1, BurstLimit: 1, Guests: one, Preflights: one}
	api := func(s awscdk.Stack) *restapi.API {
		return restapi.New(s, "Shop", restapi.Props{Pool: pool, WebOrigin: "https://a.test", Logs: kept(s), API: limits})
	}
	handler := &golambda.Function{}
	for _, m := range []misuse{
		{"API without anything", func(s awscdk.Stack) { restapi.New(s, "Shop", restapi.Props{}) },
			`S/Shop: Pool must be given, got none; WebOrigin must be one origin, got ""; API must be given, got none; ` +
				"API.Guests must be given, got none; API.Preflights must be given, got none; " +
				"Logs.RetentionDays must be given, got none; Logs.Key must be given, got none"},
		{"API for every origin", func(s awscdk.Stack) {
			restapi.New(s, "Shop", restapi.Props{Pool: pool, WebOrigin: "*", Logs: kept(s), API: limits})
		}, `S/Shop: WebOrigin must be one origin, got "*"`},
		{"route that says nothing", func(s awscdk.Stack) { api(s).Add(restapi.Route{}) },
			`S/Shop/Rest/ : Method must be one of [GET POST PUT DELETE], got ""; ` +
				`Path must be one lower-case segment such as "/orders", got ""; ` +
				"Caller must be CustomerWith(scope), SteppedUpWith(scope) or Signed(), got nobody: " +
				"a route that does not say who may call it is not added; Handler must be given, got none"},
		{"checkout without stepping up", func(s awscdk.Stack) {
			caller := restapi.CustomerWith(userpool.OrdersWrite)
			api(s).Add(restapi.Route{Method: "POST", Path: "/orders", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/POST /orders: Caller must be SteppedUpWith(securecart/orders.write), got CustomerWith"},
		{"change of nothing", func(s awscdk.Stack) {
			caller := restapi.SteppedUpWith(userpool.ProfileWrite)
			api(s).Add(restapi.Route{Method: "PUT", Path: "/profile", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/PUT /profile: Body must be given for PUT, got none"},
		{"deletion with a body", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{
				Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(userpool.LinksWrite), Handler: handler,
				Body: &awsapigateway.JsonSchema{},
			})
		}, "S/Shop/Rest/DELETE /links: Body must be absent for DELETE, got one"},
		{"stepping up to read", func(s awscdk.Stack) {
			caller := restapi.SteppedUpWith(userpool.OrdersRead)
			api(s).Add(restapi.Route{Method: "GET", Path: "/orders", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/GET /orders: Caller must be SteppedUpWith a high-risk scope, got securecart/orders.read"},
		{"route for every method and path", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "ANY", Path: "/{proxy+}", Caller: restapi.Signed(), Handler: handler})
		}, `S/Shop/Rest/ANY /{proxy+}: Method must be one of [GET POST PUT DELETE], got "ANY"; ` +
			`Path must be one lower-case segment such as "/orders", got "/{proxy+}"`},
		{"permission for a route that wants a token", func(s awscdk.Stack) {
			catalog := golambda.New(s, "Fn", golambda.Props{
				Builder: &golambda.Builder{Root: root}, Name: "orders", Description: "d", Logs: kept(s),
			})
			api := restapi.New(s, "Shop", restapi.Props{
				Pool: pool, WebOrigin: "https://a.test", API: limits,
				Logs: logging.Settings{RetentionDays: 1, Key: logging.NewKey(s, "Key", logging.KeyProps{})},
			})
			caller := restapi.CustomerWith(userpool.OrdersRead)
			method := api.Add(restapi.Route{Method: "GET", Path: "/orders", Caller: caller, Handler: catalog})
			method.AllowInvoke("Sid")
		}, "S/Shop/Rest/GET /orders: Caller must be Signed() for a role to call the route, got another"},
		{"function without anything", func(s awscdk.Stack) { golambda.New(s, "Fn", golambda.Props{}) },
			`S/Fn: Builder must be given, got none; Name must be a folder below lambda/, got ""; ` +
				"Description must be given, got none; Logs.RetentionDays must be given, got none; " +
				"Logs.Key must be given, got none"},
		{"web ACL of no pool", func(s awscdk.Stack) { webacl.NewForUserPool(s, "Acl", webacl.UserPoolProps{}) },
			"S/Acl: Pool must be given, got none; WebACL.SignIn must be given, got none; " +
				"WebACL.SignUp must be given, got none; Logs.RetentionDays must be given, got none; Logs.Key must be given, got none"},
		{"web ACL of no API", func(s awscdk.Stack) { webacl.NewForAPI(s, "Acl", webacl.APIProps{}) },
			"S/Acl: StageARN must be given, got none; WebACL.API must be given, got none; " +
				"Logs.RetentionDays must be given, got none; Logs.Key must be given, got none"},
	} {
		t.Run(m.name, m.check)
	}
}

func TestDataConstructsRefuseMisuseByName(t *testing.T) {
	for _, m := range []misuse{
		{"log that nothing encrypts", func(s awscdk.Stack) { logging.NewGroup(s, "Log", logging.GroupProps{}) },
			"S/Log: Logs.RetentionDays must be given, got none; Logs.Key must be given, got none"},
		{"delivered log without a reason", func(s awscdk.Stack) {
			logging.NewDeliveryGroup(s, "Log", logging.DeliveryGroupProps{})
		}, "S/Log: Logs.RetentionDays must be given, got none; Reason must be given, got none"},
		{"alarm without anything", func(s awscdk.Stack) { alarm.NewSMSSpend(s, "SmsSpend", alarm.SMSSpendProps{}) },
			"S/SmsSpend: Alarms.SMSSpendUSD must be given, got none; Key must be given, got none"},
		{"table without anything", func(s awscdk.Stack) { storage.NewTable(s, "Orders", storage.TableProps{}) },
			"S/Orders: Key must be given, got none; PartitionKey must be given, got none; " +
				"Limits.MaxReads must be given, got none; Limits.MaxWrites must be given, got none"},
		{"table with half an index", func(s awscdk.Stack) {
			storage.NewTable(s, "Orders", storage.TableProps{
				Key:          storage.NewKey(s, "Key", storage.KeyProps{Encrypts: "a"}),
				PartitionKey: "a", Limits: config.Tables{MaxReads: 1, MaxWrites: 1},
				LocalIndex: storage.Index{Name: "l", SortKey: "b"}, GlobalIndex: storage.Index{Name: "g"},
			})
		}, "S/Orders: LocalIndex must be of a table with SortKey, got {Name:l PartitionKey: SortKey:b} without; " +
			"GlobalIndex must have a PartitionKey, got {Name:g PartitionKey: SortKey:}"},
		{"bucket without anything", func(s awscdk.Stack) { storage.NewBucket(s, "Media", storage.BucketProps{}) },
			`S/Media: Log must be given, got none; WebOrigin must be one origin, got ""`},
		{"bucket for every origin", func(s awscdk.Stack) {
			log := storage.NewLogBucket(s, "Log", storage.LogBucketProps{RetentionDays: 1})
			storage.NewBucket(s, "Media", storage.BucketProps{Log: log, WebOrigin: "https://*.shop.test"})
		}, `S/Media: WebOrigin must be one origin, got "https://*.shop.test"`},
		{"log bucket without anything", func(s awscdk.Stack) { storage.NewLogBucket(s, "Log", storage.LogBucketProps{}) },
			"S/Log: RetentionDays must be given, got none"},
		{"key of nothing", func(s awscdk.Stack) { storage.NewKey(s, "Key", storage.KeyProps{}) },
			"S/Key: Encrypts must be given, got none"},
		{"support desk without anything, for people without a second factor", func(s awscdk.Stack) {
			supportdesk.New(s, "Desk", supportdesk.Props{
				Agents: []string{"user/jane", "role/deployer"}, PrivacyOfficers: []string{"user/*"},
			})
		},
			"S/Desk: StageID must be given, got none; Pool must be given, got none; Orders must be given, got none; " +
				"Customers must be given, got none; Links must be given, got none; Proofs must be given, got none; " +
				`Documents must be given, got none; Agents must be users and permission sets, got "role/deployer"; ` +
				`PrivacyOfficers must be users and permission sets, got "user/*"`},
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
