package threats

import (
	"slices"
	"strings"
)

// The authorizers, and the only route that accepts AWS credentials.
const (
	customersAuthorizer = "${Api.ShopCustomers}"
	steppedUpAuthorizer = "${Api.ShopSteppedUp}"
	signedRoute         = "GET /products"
)

// routes are the threats to the API's routes.
var routes = []Threat{
	{
		ID:    "A1",
		Title: "Call a method that requires no credentials",
		Sources: []string{
			checkov + " (CKV_AWS_59)", cdkNag + " APIG4, COG4", kics + " (1056dfbb, 7fd0d461)",
			cloudGoat + "terraform/apig.tf (authorization NONE)",
		},
		Closed: "Every method requires a token of this user pool, except one that requires AWS credentials, and the " +
			"preflights, which reach no function.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			for _, r := range in.Routes() {
				in.integrates(r)
				switch {
				case r.Verb == "OPTIONS":
					r.At("AuthorizationType").Is("NONE")
					for _, asked := range []string{
						"AuthorizerId", "AuthorizationScopes",
						"RequestModels", "RequestParameters", "RequestValidatorId",
					} {
						r.At(asked).Absent() // a preflight has neither token nor body
					}
				case r.String() == signedRoute:
					r.At("AuthorizationType").Is("AWS_IAM")
					r.At("AuthorizerId").Absent()
					r.At("AuthorizationScopes").Absent()
				default:
					r.At("AuthorizationType").Is("COGNITO_USER_POOLS")
					if id := r.At("AuthorizerId").Text(); id != customersAuthorizer && id != steppedUpAuthorizer {
						r.At("AuthorizerId").Fail("is %s, which is none of ours", id)
					}
				}
			}
			in.Named(authorizer, "Api.ShopCustomers", "Api.ShopSteppedUp")
			for _, a := range in.Every(authorizer) {
				a.At("Type").Is("COGNITO_USER_POOLS")
				a.At("ProviderARNs").Lists(in.Only(userPool).Ref("Arn"))
				a.At("IdentitySource").Is("method.request.header.Authorization")
			}
		},
	},
	{
		ID:      "A2",
		Title:   "Call the API with an ID token, which every sign-in yields",
		Sources: []string{userPoolAuthorizer},
		Closed:  "Every method that accepts tokens names a scope, and ID tokens carry none.",
		Proofs:  []Proof{Templates, Code},
		Tests:   []string{"lambda/internal/customer.TestCustomerIsRefusedWithoutAPlausibleSubOfAnAccessToken"},
		check: func(in *Inspection) {
			for _, r := range in.tokenRoutes() {
				if len(r.Scopes) == 0 {
					r.At("AuthorizationScopes").Fail("is empty: ID tokens would open %s", r)
				}
			}
		},
	},
	{
		ID:      "A3",
		Title:   "Call a method with a scope that every token carries, because scopes are alternatives",
		Sources: []string{userPoolAuthorizer + " (several scopes are OR-ed)"},
		Closed: "Every method names exactly one scope of the API: a reading scope to read, a high-risk one to change " +
			"anything.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"cmd/docs.TestPagesAreWhatIsCommitted"},
		check: func(in *Inspection) {
			known := in.scopes()
			var named []string
			for _, r := range in.tokenRoutes() {
				scope := strings.Join(r.Scopes, " ")
				named = append(named, scope)
				if !r.mayName(scope) || !slices.Contains(known, scope) {
					r.At("AuthorizationScopes").Fail("is %v for %s, want one scope of %v of the right kind", r.Scopes, r, known)
				}
			}
			slices.Sort(named)
			if want := sorted(slices.Compact(named)); sorted(known) != want {
				in.Only(resourceServer).At("Scopes").Fail("are %s, want those of the routes: %s", sorted(known), want)
			}
		},
	},
	{
		ID:      "A4",
		Title:   "Use a token of another client: the authorizer checks no audience",
		Sources: []string{userPoolAuthorizer, cognitoGuide + "amazon-cognito-user-pools-using-the-access-token.html"},
		Closed: "No client may ask for a high-risk scope, the trigger grants it to StepUp only, and the handlers check " +
			"client and age again. They cannot check more: see U41.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/customer.TestOnlyTheRightClaimsGetThrough",
			"lambda/internal/customer.TestGateWithoutAClientLetsNobodyThrough",
			"lambda/orders.TestNothingIsOrderedWithoutAStepUp", "lambda/customers.TestNothingIsChangedWithoutAStepUp",
		},
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				for _, scope := range highRisk {
					if c.At("AllowedOAuthScopes").Contains(scope) {
						c.At("AllowedOAuthScopes").Fail("holds %s", scope)
					}
				}
			}
			for _, r := range in.Routes() {
				if !r.wantsStepUp() {
					continue
				}
				handlers := 0
				for _, f := range in.Any(function) {
					if f.Ref("Arn") == r.Handler() {
						handlers++
						f.At("Environment", "Variables", "STEP_UP_CLIENT_ID").Reads(in.The(client, stepUpClient).Ref())
					}
				}
				if handlers != 1 {
					r.Fail("is handled by %d functions of this stage, want one", handlers)
				}
			}
			names := in.Only(parameter).At("Value").Text()
			if want := clientNames(accountClient, stepUpClient, webClient); names != want {
				in.Only(parameter).At("Value").Fail("is %s, want %s: the triggers would take one client for the other",
					names, want)
			}
		},
	},
	{
		ID:      "A5",
		Title:   "Use an expired token for as long as the authorizer caches its result",
		Sources: []string{userPoolAuthorizer + " (cached five minutes unless set)"},
		Closed: "The authorizer of high-risk routes caches nothing, the other for five minutes at most, and each route " +
			"uses the right one.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			in.The(authorizer, "Api.ShopSteppedUp").At("AuthorizerResultTtlInSeconds").Is(0)
			in.The(authorizer, "Api.ShopCustomers").At("AuthorizerResultTtlInSeconds").Between(0, 300)
			for _, r := range in.tokenRoutes() {
				want := customersAuthorizer
				if r.wantsStepUp() {
					want = steppedUpAuthorizer
				}
				r.At("AuthorizerId").Reads(want)
			}
		},
	},
	{
		ID:    "A6",
		Title: "Reach unlisted functions through ANY or a greedy path",
		Sources: []string{
			gatewayGuide + "api-gateway-set-up-simple-proxy.html", cloudGoat + "terraform/apig.tf ({folder}/{item})",
		},
		Closed: "Every method names its verb and every path its segments.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			for _, r := range in.Routes() {
				if !slices.Contains([]string{"DELETE", "GET", "OPTIONS", "POST", "PUT"}, r.Verb) {
					r.At("HttpMethod").Fail("is %s", r.Verb)
				}
			}
			for _, segment := range in.Every(apiResource) {
				if part := segment.At("PathPart").Text(); strings.ContainsAny(part, "{}+*") {
					segment.At("PathPart").Fail("is %s", part)
				}
				segment.hasParent()
			}
		},
	},
	{
		ID:      "A7",
		Title:   "Use an old setting, because a tightened one was never deployed",
		Sources: []string{gatewayGuide + "how-to-deploy-api.html"},
		Closed: "The deployment depends on every part of the one API and is replaced whenever a part changes; the stage " +
			"serves it.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test.TestARouteThatChangesIsDeployed"},
		check: func(in *Inspection) {
			d := in.Only(deployment)
			in.Only(apiStage).At("DeploymentId").Is(map[string]any{"Ref": d.id})
			for _, typ := range apiParts {
				for _, part := range in.Every(typ) {
					part.At("RestApiId").Reads(in.Only(restAPI).Ref())
					if deployed := typ != deployment && typ != apiStage; deployed && !slices.Contains(d.DependsOn, part.id) {
						d.Fail("does not wait for %s", part.id)
					}
				}
			}
		},
	},
}

var (
	// working are the methods that reach a function, preflights the others.
	working = those(method, func(r Resource) bool { return r.Properties["HttpMethod"] != "OPTIONS" })
)

// clientNames is the parameter with which the triggers distinguish clients.
func clientNames(account, stepUp, web string) string {
	return `{"account":"${` + account + `}","stepUp":"${` + stepUp + `}","web":"${` + web + `}"}`
}
