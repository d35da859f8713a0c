package test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

// limits are those of an API, for constructs that make one.
var limits = config.API{
	RateLimit: 1, BurstLimit: 1,
	Guests: config.Throttle{Rate: 1, Burst: 1}, Preflights: config.Throttle{Rate: 1, Burst: 1},
}

func TestAPIConstructsRefuseMisuseByName(t *testing.T) {
	api := func(s awscdk.Stack) *restapi.API {
		return restapi.New(s, "Shop", restapi.Props{Pool: pool, WebOrigin: "https://a.test", Logs: kept(s), API: limits})
	}
	handler := &golambda.Function{}
	for _, m := range []misuse{
		{"API without anything", func(s awscdk.Stack) { restapi.New(s, "Shop", restapi.Props{}) },
			`S/Shop: Pool must be given, got none; WebOrigin must be one origin, got ""; API must be given, got none; ` +
				"API.Guests must be given, got none; API.Preflights must be given, got none; " +
				noLogs},
		{"API for every origin", func(s awscdk.Stack) {
			restapi.New(s, "Shop", restapi.Props{Pool: pool, WebOrigin: "*", Logs: kept(s), API: limits})
		}, `S/Shop: WebOrigin must be one origin, got "*"`},
		{"route that says nothing", func(s awscdk.Stack) { api(s).Add(restapi.Route{}) },
			`S/Shop/Rest/ : Method must be one of [GET POST PUT DELETE], got ""; ` +
				`Path must be one lower-case segment such as "/orders", got ""; ` +
				"Caller must be CustomerWith(scope), SteppedUpWith(scope) or Signed(), got nobody: " +
				"a route that does not say who may call it is not added; Handler must be given, got none"},
		{"checkout without stepping up", func(s awscdk.Stack) {
			caller := restapi.CustomerWith(contract.OrdersWrite)
			api(s).Add(restapi.Route{Method: "POST", Path: "/orders", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/POST /orders: Caller must be SteppedUpWith(securecart/orders.write), got CustomerWith"},
		{"change of nothing", func(s awscdk.Stack) {
			caller := restapi.SteppedUpWith(contract.ProfileWrite)
			api(s).Add(restapi.Route{Method: "PUT", Path: "/profile", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/PUT /profile: Body must be given for PUT, got none"},
		{"deletion with a body", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{
				Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(contract.LinksWrite), Handler: handler,
				Body: &awsapigateway.JsonSchema{},
			})
		}, "S/Shop/Rest/DELETE /links: Body must be absent for DELETE, got one"},
		{"stepping up to read", func(s awscdk.Stack) {
			caller := restapi.SteppedUpWith(contract.OrdersRead)
			api(s).Add(restapi.Route{Method: "GET", Path: "/orders", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/GET /orders: Caller must be SteppedUpWith a high-risk scope, got securecart/orders.read"},
		{"route with a scope that no client can obtain", func(s awscdk.Stack) {
			caller := restapi.CustomerWith("securecart/coupons.read")
			api(s).Add(restapi.Route{Method: "GET", Path: "/coupons", Caller: caller, Handler: handler})
		}, "S/Shop/Rest/GET /coupons: Caller has the scope securecart/coupons.read, and no client can obtain this scope: " +
			"list it in Scopes and in one of ReadScopes, BrowseScopes and HighRiskScopes of lambda/contract"},
		{"route for every method and path", func(s awscdk.Stack) {
			api(s).Add(restapi.Route{Method: "ANY", Path: "/{proxy+}", Caller: restapi.Signed(), Handler: handler})
		}, `S/Shop/Rest/ANY /{proxy+}: Method must be one of [GET POST PUT DELETE], got "ANY"; ` +
			`Path must be one lower-case segment such as "/orders", got "/{proxy+}"`},
		{"permission for a route that wants a token", func(s awscdk.Stack) {
			api := api(s)
			orders := golambda.New(s, "Fn", golambda.Props{
				Builder: &golambda.Builder{Root: greeter(t)}, Name: "greeter", Description: "d",
				Logs: logging.Settings{RetentionDays: 1, Key: logging.NewKey(s, "Key", logging.KeyProps{})},
			})
			caller := restapi.CustomerWith(contract.OrdersRead)
			method := api.Add(restapi.Route{Method: "GET", Path: "/orders", Caller: caller, Handler: orders})[0]
			method.AllowInvoke("Sid")
		}, "S/Shop/Rest/GET /orders: Caller must be Signed() for a role to call the route, got another"},
		{"function without anything", func(s awscdk.Stack) { golambda.New(s, "Fn", golambda.Props{}) },
			`S/Fn: Builder must be given, got none; Name must be a folder below lambda/, got ""; ` +
				"Description must be given, got none; " + noLogs},
		{"web ACL of no pool", func(s awscdk.Stack) { webacl.NewForUserPool(s, "Acl", webacl.UserPoolProps{}) },
			"S/Acl: Pool must be given, got none; WebACL.SignIn must be given, got none; " +
				"WebACL.SignUp must be given, got none; " + noLogs},
		{"web ACL of no API", func(s awscdk.Stack) { webacl.NewForAPI(s, "Acl", webacl.APIProps{}) },
			"S/Acl: StageARN must be given, got none; WebACL.API must be given, got none; " +
				noLogs},
	} {
		t.Run(m.name, m.check)
	}
}
