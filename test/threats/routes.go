package threats

import (
	"slices"
	"strings"
)

// The authorizers that there are, and the only route that takes AWS credentials.
const (
	customersAuthorizer = "${Api.ShopCustomers}"
	steppedUpAuthorizer = "${Api.ShopSteppedUp}"
	signedRoute         = "GET /products"
)

// routes are the threats to the API's routes.
var routes = []Threat{
	{
		ID:    "A1",
		Title: "Call a method that asks for no credentials",
		Sources: []string{
			checkov + " (CKV_AWS_59)", cdkNag + " APIG4, COG4", kics + " (1056dfbb, 7fd0d461)", cloudGoat + "terraform/apig.tf (authorization NONE)",
		},
		Closed: "Every method takes a token of this user pool, but one that takes AWS credentials and the " +
			"preflights, which reach no function.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			for _, r := range in.routes() {
				in.integrates(r)
				switch {
				case r.verb == "OPTIONS":
					r.at("AuthorizationType").is("NONE")
					for _, asked := range []string{"AuthorizerId", "AuthorizationScopes", "RequestModels", "RequestValidatorId"} {
						r.at(asked).absent() // a preflight has neither token nor body
					}
				case r.String() == signedRoute:
					r.at("AuthorizationType").is("AWS_IAM")
					r.at("AuthorizerId").absent()
					r.at("AuthorizationScopes").absent()
				default:
					r.at("AuthorizationType").is("COGNITO_USER_POOLS")
					if id := r.at("AuthorizerId").text(); id != customersAuthorizer && id != steppedUpAuthorizer {
						r.at("AuthorizerId").fail("is %s, which is none of ours", id)
					}
				}
			}
			in.named(authorizer, "Api.ShopCustomers", "Api.ShopSteppedUp")
			for _, a := range in.every(authorizer) {
				a.at("Type").is("COGNITO_USER_POOLS")
				a.at("ProviderARNs").lists(in.only(userPool).ref("Arn"))
				a.at("IdentitySource").is("method.request.header.Authorization")
			}
		},
	},
	{
		ID:      "A2",
		Title:   "Send an ID token, which every sign-in yields, as if it were leave to call the API",
		Sources: []string{userPoolAuthorizer},
		Closed:  "Every method that takes tokens names a scope, and ID tokens carry none.",
		Proofs:  []Proof{Templates, Code},
		Tests:   []string{"lambda/internal/customer.TestCustomerIsRefusedWithoutAPlausibleSubOfAnAccessToken"},
		check: func(in *inspection) {
			for _, r := range in.tokenRoutes() {
				if len(r.scopes) == 0 {
					r.at("AuthorizationScopes").fail("is empty: ID tokens would open %s", r)
				}
			}
		},
	},
	{
		ID:      "A3",
		Title:   "Get by with a scope that every token carries, because scopes are alternatives",
		Sources: []string{userPoolAuthorizer + " (several scopes are OR-ed)"},
		Closed: "Every method names exactly one scope of ours, its own: a reading one to read, a high-risk one to " +
			"change anything.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			known := in.scopes()
			for _, r := range in.tokenRoutes() {
				if scope := strings.Join(r.scopes, " "); scope != scopeOf[r.String()] || !slices.Contains(known, scope) {
					r.at("AuthorizationScopes").fail("is %v for %s, want %q of %v", r.scopes, r, scopeOf[r.String()], known)
				}
			}
		},
	},
	{
		ID:      "A4",
		Title:   "Bring a token of another client: the authorizer asks for no audience",
		Sources: []string{userPoolAuthorizer, cognitoGuide + "amazon-cognito-user-pools-using-the-access-token.html"},
		Closed: "No client may ask for a high-risk scope, the trigger grants it to StepUp only, and the handlers " +
			"check client and age once more. That is all the handlers prove: see U41.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/customer.TestNoClaimsGetThroughButTheRightOnes", "lambda/internal/customer.TestGateWithoutAClientLetsNobodyThrough",
			"lambda/orders.TestNothingIsOrderedWithoutAStepUp", "lambda/customers.TestNothingIsChangedWithoutAStepUp",
		},
		check: func(in *inspection) {
			for _, c := range in.every(client) {
				for _, scope := range highRisk {
					if c.at("AllowedOAuthScopes").contains(scope) {
						c.at("AllowedOAuthScopes").fail("holds %s", scope)
					}
				}
			}
			for _, r := range in.routes() {
				if !r.wantsStepUp() {
					continue
				}
				handlers := 0
				for _, f := range in.any(function) {
					if f.ref("Arn") == r.handler() {
						handlers++
						f.at("Environment", "Variables", "STEP_UP_CLIENT_ID").reads(in.the(client, stepUpClient).ref())
					}
				}
				if handlers != 1 {
					r.fail("is handled by %d functions of this stage, want one", handlers)
				}
			}
			names := in.only(parameter).at("Value").text()
			if want := clientNames(accountClient, stepUpClient, webClient); names != want {
				in.only(parameter).at("Value").fail("is %s, want %s: the triggers would take one client for the other",
					names, want)
			}
		},
	},
	{
		ID:      "A5",
		Title:   "Go on for as long as the authorizer remembers its last answer",
		Sources: []string{userPoolAuthorizer + " (cached five minutes unless set)"},
		Closed: "The authorizer of high-risk routes remembers nothing, the other five minutes at most, and each " +
			"route asks its own.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			in.the(authorizer, "Api.ShopSteppedUp").at("AuthorizerResultTtlInSeconds").is(0)
			in.the(authorizer, "Api.ShopCustomers").at("AuthorizerResultTtlInSeconds").between(0, 300)
			for _, r := range in.tokenRoutes() {
				want := customersAuthorizer
				if r.wantsStepUp() {
					want = steppedUpAuthorizer
				}
				r.at("AuthorizerId").reads(want)
			}
		},
	},
	{
		ID:      "A6",
		Title:   "Reach what nobody listed through ANY or a greedy path",
		Sources: []string{gatewayGuide + "api-gateway-set-up-simple-proxy.html", cloudGoat + "terraform/apig.tf ({folder}/{item})"},
		Closed:  "Every method names its verb and every path its segments.",
		Proofs:  []Proof{Templates},
		check: func(in *inspection) {
			for _, r := range in.routes() {
				if !slices.Contains([]string{"DELETE", "GET", "OPTIONS", "POST", "PUT"}, r.verb) {
					r.at("HttpMethod").fail("is %s", r.verb)
				}
			}
			for _, segment := range in.every(apiResource) {
				if part := segment.at("PathPart").text(); strings.ContainsAny(part, "{}+*") {
					segment.at("PathPart").fail("is %s", part)
				}
				segment.hasParent()
			}
		},
	},
	{
		ID:      "A7",
		Title:   "Profit from a tightened setting that was never deployed",
		Sources: []string{gatewayGuide + "how-to-deploy-api.html"},
		Closed: "The deployment waits for every part of the one API and is another one whenever a part changes; the " +
			"stage serves that one.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test.TestARouteThatChangesIsDeployed"},
		check: func(in *inspection) {
			d := in.only(deployment)
			in.only(apiStage).at("DeploymentId").is(map[string]any{"Ref": d.id})
			for _, typ := range apiParts {
				for _, part := range in.every(typ) {
					part.at("RestApiId").reads(in.only(restAPI).ref())
					if deployed := typ != deployment && typ != apiStage; deployed && !slices.Contains(d.DependsOn, part.id) {
						d.fail("does not wait for %s", part.id)
					}
				}
			}
		},
	},
}

var (
	// working are the methods that reach a function, preflights the others.
	working = those(method, func(r resource) bool { return r.Properties["HttpMethod"] != "OPTIONS" })
)

// clientNames is the parameter by which the triggers tell clients apart.
func clientNames(account, stepUp, web string) string {
	return `{"account":"${` + account + `}","stepUp":"${` + stepUp + `}","web":"${` + web + `}"}`
}
