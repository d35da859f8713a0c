package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// route is one method of the API as its template says.
type route struct {
	path, method, authorization, scopes, handler string
}

// routes is the closed world of the API: what is not here must not exist.
var routes = []route{
	{"/orders", "GET", "COGNITO_USER_POOLS", "securecart/orders.read", "${Api.OrdersFunction.Arn}"},
	{"/orders", "POST", "COGNITO_USER_POOLS", "securecart/orders.write", "${Api.OrdersFunction.Arn}"},
	{"/orders", "OPTIONS", "NONE", "", ""},
	{"/products", "GET", "AWS_IAM", "", "${Api.CatalogFunction.Arn}"},
	{"/products", "OPTIONS", "NONE", "", ""},
	{"/profile", "GET", "COGNITO_USER_POOLS", "securecart/profile.read", "${Api.CustomersFunction.Arn}"},
	{"/profile", "PUT", "COGNITO_USER_POOLS", "securecart/profile.write", "${Api.CustomersFunction.Arn}"},
	{"/profile", "OPTIONS", "NONE", "", ""},
	{"/links", "GET", "COGNITO_USER_POOLS", "securecart/profile.read", "${Api.LinksFunction.Arn}"},
	{"/links", "POST", "COGNITO_USER_POOLS", "securecart/links.write", "${Api.LinksFunction.Arn}"},
	{"/links", "DELETE", "COGNITO_USER_POOLS", "securecart/links.write", "${Api.LinksFunction.Arn}"},
	{"/links", "OPTIONS", "NONE", "", ""},
	{"/link-offers", "POST", "COGNITO_USER_POOLS", "securecart/links.offer", "${Api.LinksFunction.Arn}"},
	{"/link-offers", "OPTIONS", "NONE", "", ""},
	{"/payment-method", "PUT", "COGNITO_USER_POOLS", "securecart/payment.write", "${Api.CustomersFunction.Arn}"},
	{"/payment-method", "OPTIONS", "NONE", "", ""},
}

// highRisk are the scopes of routes that change something.
var highRisk = []string{"securecart/orders.write", "securecart/profile.write", "securecart/payment.write", "securecart/links.write"}

// offers is the one scope of a route that makes something and changes nothing: an offer alone connects nothing.
const offers = "securecart/links.offer"

// read decodes a method into a route.
func (f found) route(t *testing.T) route {
	t.Helper()
	resource := f.get("ResourceId", "Ref").(string)
	r := route{
		path:          "/" + f.stack.Template.Resources[resource].Properties["PathPart"].(string),
		method:        f.text(t, "HttpMethod"),
		authorization: f.text(t, "AuthorizationType"),
	}
	if f.get("AuthorizationScopes") != nil {
		r.scopes = strings.Join(f.strings(t, "AuthorizationScopes"), " ")
	}
	if f.get("Integration", "Type") == "AWS_PROXY" {
		uri := f.text(t, "Integration", "Uri")
		uri = strings.TrimPrefix(uri, "arn:aws:apigateway:"+f.stage.config.Region+":lambda:path/2015-03-31/functions/")
		r.handler = strings.TrimSuffix(uri, "/invocations")
	}
	return r
}

func TestTheAPIHasExactlyTheListedRoutes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var got []route
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			got = append(got, method.route(t))
		}
		sortRoutes := cmp.Transformer("sort", func(in []route) map[route]int {
			counted := map[route]int{}
			for _, r := range in {
				counted[r]++
			}
			return counted
		})
		if diff := cmp.Diff(routes, got, sortRoutes, cmp.AllowUnexported(route{})); diff != "" {
			t.Errorf("%s: routes (-want +got): a route that nobody listed may be open, a listed one is gone\n%s", s.ID, diff)
		}
	})
}

// authorizers are the two of the API by name: how long each remembers a result, in seconds.
var authorizers = map[string]float64{"Customers": 300, "SteppedUp": 0}

func TestBothAuthorizersAcceptThisPoolsTokensOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		got := map[string]float64{}
		for _, authorizer := range s.all(t, "AWS::ApiGateway::Authorizer") {
			want(t, authorizer, "COGNITO_USER_POOLS", "tokens would be checked by code of ours", "Type")
			want(t, authorizer, "method.request.header.Authorization", "tokens would be looked for elsewhere", "IdentitySource")
			compare(t, authorizer.strings(t, "ProviderARNs"), []string{"${UserPool.UsersPool.Arn}"}, "tokens of another pool would be accepted")
			ttl, ok := authorizer.get("AuthorizerResultTtlInSeconds").(float64)
			if !ok {
				t.Errorf("%s: how long it remembers a result is left to a default", authorizer)
			}
			got[authorizer.text(t, "Name")] = ttl
		}
		if diff := cmp.Diff(authorizers, got); diff != "" {
			t.Errorf("%s: authorizers and how long they remember (-want +got)\n%s", s.ID, diff)
		}
	})
}

// TestEveryMethodAuthenticates is what "nothing reachable without authentication" means, whatever routes there are.
func TestEveryMethodAuthenticates(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			r := method.route(t)
			want(t, method, false, "an API key is no authentication", "ApiKeyRequired")
			switch r.authorization {
			case "COGNITO_USER_POOLS":
				authorizer := "${Api.ShopCustomers}"
				if slices.Contains(highRisk, r.scopes) {
					authorizer = "${Api.ShopSteppedUp}"
				}
				if got := method.text(t, "AuthorizerId"); got != authorizer {
					t.Errorf("%s asks %s, want %s", method, got, authorizer)
				}
				if strings.Count(r.scopes, " ") > 0 || !strings.HasPrefix(r.scopes, "securecart/") {
					t.Errorf("%s: scopes %q: without exactly one scope of ours, ID tokens or any access token would open it", method, r.scopes)
				}
				if changes := r.method != "GET" && r.scopes != offers; changes != slices.Contains(highRisk, r.scopes) {
					t.Errorf("%s: %s with scope %s: whatever changes something needs a stepped-up sign-in, and nothing else does", method, r.method, r.scopes)
				}
			case "AWS_IAM":
				want(t, method, nil, "IAM methods have no authorizer", "AuthorizerId")
			default:
				if r.method != "OPTIONS" || method.get("Integration", "Type") != "MOCK" {
					t.Errorf("%s: %s %s is open to everybody", method, r.method, r.path)
				}
			}
			if r.method == "ANY" || strings.Contains(r.path, "{") {
				t.Errorf("%s: %s %s hides methods that nobody listed", method, r.method, r.path)
			}
			want(t, method, "NEVER", "a body of another type would pass unvalidated", "Integration", "PassthroughBehavior")
		}
	})
}

func TestEveryRequestIsValidated(t *testing.T) {
	const query, header = "method.request.querystring.", "method.request.header."
	parameters := map[string]map[string]any{
		"GET /orders":   {query + "limit": false, query + "cursor": false},
		"GET /products": {query + "limit": false, query + "cursor": false, query + "category": false},
		"POST /orders":  {header + "Idempotency-Key": true},
		"DELETE /links": {query + "provider": false},
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		validator := s.only(t, "AWS::ApiGateway::RequestValidator")
		want(t, validator, true, "bodies would reach the handlers unvalidated", "ValidateRequestBody")
		want(t, validator, true, "parameters would reach the handlers unvalidated", "ValidateRequestParameters")
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			r := method.route(t)
			if r.method == "OPTIONS" {
				continue
			}
			want(t, method, map[string]any{"Ref": validator.id}, "nothing would be validated", "RequestValidatorId")
			got, _ := method.get("RequestParameters").(map[string]any)
			if diff := cmp.Diff(parameters[r.method+" "+r.path], got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: parameters (-want +got)\n%s", method, diff)
			}
		}
	})
}

func TestEveryBodyHasAModelThatAllowsNothingElse(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			r := method.route(t)
			models, _ := method.get("RequestModels").(map[string]any)
			if hasBody := (r.method == "POST" || r.method == "PUT") && r.scopes != offers; !hasBody {
				if len(models) > 0 {
					t.Errorf("%s takes no body, and has models %v", method, models)
				}
				continue
			}
			if len(models) != 1 || models["application/json"] == nil {
				t.Fatalf("%s: models %v, want one for application/json: any body would reach the handler", method, models)
			}
			id := method.get("RequestModels", "application/json", "Ref").(string)
			objects := 0
			walk(method.stack.Template.Resources[id].Properties["Schema"], func(value any) {
				object, ok := value.(map[string]any)
				for _, quoting := range []string{"pattern", "enum", "minLength", "maxLength", "minimum", "maximum"} {
					if _, isRule := object[quoting].(map[string]any); !isRule && object[quoting] != nil {
						t.Errorf("%s: %s of %s: API Gateway may quote what breaks it in its log, a card number, say", method, quoting, id)
					}
				}
				if ok && object["type"] == "object" {
					objects++
					if object["additionalProperties"] != false {
						t.Errorf("%s: an object of %s takes properties that nobody listed", method, id)
					}
				}
			})
			if objects == 0 {
				t.Errorf("%s: the schema of %s describes no object", method, id)
			}
		}
	})
}

func TestBrowsersMayCallFromTheWebOriginOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		origin, preflights := "'"+s.config.Web.Origin+"'", 0
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			if method.route(t).method != "OPTIONS" {
				continue
			}
			preflights++
			headers := []any{"Integration", "IntegrationResponses", 0, "ResponseParameters"}
			want(t, method, origin, "pages of others could call the API in a customer's name", append(headers, "method.response.header.Access-Control-Allow-Origin")...)
			want(t, method, nil, "cookies would be sent along", append(headers, "method.response.header.Access-Control-Allow-Credentials")...)
			want(t, method, "'Origin'", "a cache could answer another origin", append(headers, "method.response.header.Vary")...)
		}
		if preflights != len(s.all(t, "AWS::ApiGateway::Resource")) {
			t.Errorf("%s: %d preflights for %d paths: browsers could not call the others", s.ID, preflights, len(s.all(t, "AWS::ApiGateway::Resource")))
		}
		for _, response := range s.all(t, "AWS::ApiGateway::GatewayResponse") {
			want(t, response, origin, "the front end would see a network error", "ResponseParameters", "gatewayresponse.header.Access-Control-Allow-Origin")
		}
		for id, function := range s.stack(t, "Api").Template.OfType("AWS::Lambda::Function") {
			want(t, found{function, id, s.stack(t, "Api"), s}, s.config.Web.Origin, "answers could not be read by the front end", "Environment", "Variables", "WEB_ORIGIN")
		}
	})
}
