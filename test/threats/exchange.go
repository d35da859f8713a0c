package threats

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Where headers stand in preflights and gateway responses.
const (
	onMethod  = "method.response.header."
	onGateway = "gatewayresponse.header."
)

// exchange are the threats in requests and responses between browsers and API.
var exchange = []Threat{
	{
		ID:      "A8",
		Title:   "Make a customer's browser call the API from another site",
		Sources: []string{cdkDefaults + " (ALL_ORIGINS)", "OWASP Cross-Site Request Forgery Prevention Cheat Sheet"},
		Closed: "Preflights, gateway responses and functions allow only the one web origin, and no credentials of the " +
			"browser.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/gateway.TestAnswerIsJSONForTheShopsOriginOnlyAndNotStored",
			"lambda/internal/function.TestReaderTakesExactlyOneOrigin",
		},
		check: func(in *Inspection) {
			origin := "'" + in.Config.Web.Origin + "'"
			for _, r := range in.Routes() {
				if r.Verb != "OPTIONS" {
					continue
				}
				for _, answer := range r.At("Integration", "IntegrationResponses").Each() {
					headers := answer.At("ResponseParameters")
					headers.At(onMethod + "Access-Control-Allow-Origin").Is(origin)
					headers.At(onMethod + "Access-Control-Allow-Credentials").Absent()
					headers.At(onMethod + "Vary").Is("'Origin'")
					headers.permitsListed()
				}
			}
			for _, g := range in.Every(gatewayResponse) {
				g.At("ResponseParameters", onGateway+"Access-Control-Allow-Origin").Is(origin)
				g.At("ResponseParameters", onGateway+"Access-Control-Allow-Credentials").Absent()
			}
			for _, r := range in.Routes() {
				for _, f := range in.Any(function) {
					if f.Ref("Arn") == r.Handler() {
						f.At("Environment", "Variables", "WEB_ORIGIN").Is(in.Config.Web.Origin)
					}
				}
			}
			if strings.Contains(in.Config.Web.Origin, "*") {
				in.Fail(in.ID, "is served to the origin %s", in.Config.Web.Origin)
			}
		},
	},
	{
		ID:    "A9",
		Title: "Learn about internals or credentials from the text of a refusal",
		Sources: []string{
			hackGateway + " (UpdateGatewayResponse, $context.error.message)",
			gatewayGuide + "supported-gateway-response-types.html",
		},
		Closed: "Every kind of refusal has its own fixed text, which only says what to do; only the request id varies.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/gateway.TestEveryFailureIsAProblemWithTheHeadersOfAnAnswer",
			"lambda/internal/function.TestFaultNamesTheOperationAndNoARN",
		},
		check: func(in *Inspection) {
			var kinds []string
			for _, g := range in.Every(gatewayResponse) {
				kinds = append(kinds, g.At("ResponseType").Text())
				g.sendsListed()
				g.saysTheSame()
			}
			for _, kind := range difference(slices.Collect(maps.Keys(refusals)), kinds) {
				in.Fail(in.ID, "leaves the answer to %s to API Gateway", kind)
			}
		},
	},
	{
		ID:    "A10",
		Title: "Bypass the validation of a body by another content type",
		Sources: []string{
			hackGateway + " (PassthroughBehavior)", cloudGoat + "terraform/apig.tf (WHEN_NO_MATCH)", cdkNag + " APIG2",
		},
		Closed: "Bodies of other content types are refused. Bodies and parameters are validated: a body is JSON with only " +
			"listed properties of known types.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/gateway.TestBodyMustBeDeclaredAsJSON",
			"lambda/internal/gateway.TestWrongContentIsNamedByItsPath",
		},
		check: func(in *Inspection) {
			for _, v := range in.Every(validator) {
				v.At("ValidateRequestBody").Is(true)
				v.At("ValidateRequestParameters").Is(true)
			}
			for _, r := range in.Routes() {
				r.At("Integration", "PassthroughBehavior").Is("NEVER")
				if r.Verb == "OPTIONS" {
					continue
				}
				r.At("RequestValidatorId").Reads(in.Only(validator).Ref())
				taken := map[string]any{}
				maps.Copy(taken, parameters[r.String()])
				r.At("RequestParameters").Is(taken)
				if !r.hasBody() {
					r.At("RequestModels").Absent()
					continue
				}
				if types := r.At("RequestModels").Keys(); !slices.Equal(types, []string{"application/json"}) {
					r.At("RequestModels").Fail("are for %v, want application/json", types)
				}
				in.describesBody(r)
			}
		},
	},
	{
		ID:    "A14",
		Title: "Get another customer's response from a cache",
		Sources: []string{
			gatewayGuide + "api-gateway-caching.html", checkov + " (CKV_AWS_120 wants a cache)", hackGateway + " (UpdateStage)",
		},
		Closed: "The API caches nothing.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			for _, s := range in.Every(apiStage) {
				s.At("CacheClusterEnabled").Among(nil, false)
				s.At("CacheClusterSize").Absent()
				for _, setting := range s.At("MethodSettings").Each() {
					setting.At("CachingEnabled").Is(false)
				}
			}
		},
	},
	{
		ID:      "A20",
		Title:   "Use an API key, which every copy of the front end holds, as a credential",
		Sources: []string{hackGateway + " (CreateApiKey)", gatewayGuide + "api-gateway-api-usage-plans.html"},
		Closed:  "There are no API keys, and no method asks for one.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			for _, m := range in.Every(method) {
				m.At("ApiKeyRequired").Is(false)
			}
			in.None(keys...)
		},
	},
}

// parameters are the parameters and headers of routes, and whether a request must have them.
var parameters = map[string]map[string]any{
	"GET /orders": {"method.request.querystring.limit": false, "method.request.querystring.cursor": false},
	"GET /products": {
		"method.request.querystring.limit": false, "method.request.querystring.cursor": false,
		"method.request.querystring.category": false,
	},
	"POST /orders":  {"method.request.header.Idempotency-Key": true},
	"DELETE /links": {"method.request.querystring.provider": false},
}

// problemType is the media type of refusals.
const problemType = "application/problem+json"

// saysTheSame expects a gateway response to have one text for all media types: a problem in which only the request id
// varies.
func (g Resource) saysTheSame() {
	bodies := g.At("ResponseTemplates")
	bodies.hasKeys("application/json", problemType)
	body := bodies.At(problemType).Text()
	var problem struct{ Type, Title, Detail, RequestID string }
	err := json.Unmarshal([]byte(body), &problem)
	if rest := strings.Replace(body, "$context.requestId", "", 1); strings.Contains(rest, "$") || err != nil {
		bodies.At(problemType).Fail("is %s", body)
	}
	if problem.Type == "" || problem.Title == "" || problem.Detail == "" || problem.RequestID == "" {
		bodies.At(problemType).Fail("lacks type, title, detail or requestId: %s", body)
	}
	bodies.At("application/json").Is(body) // AWS does not document which of the two API Gateway uses
}

// The types of API keys.
var keys = []string{"AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::UsagePlanKey"}

// refusals are the kinds of gateway response that callers can provoke, with their status. The defaults leave it to API
// Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
var refusals = map[string]any{
	"ACCESS_DENIED": "403", "API_CONFIGURATION_ERROR": "500", "AUTHORIZER_CONFIGURATION_ERROR": "500",
	"AUTHORIZER_FAILURE": "500", "BAD_REQUEST_BODY": "400", "BAD_REQUEST_PARAMETERS": "400", "DEFAULT_4XX": nil,
	"DEFAULT_5XX": nil, "EXPIRED_TOKEN": "403", "INTEGRATION_FAILURE": "504", "INTEGRATION_TIMEOUT": "504",
	"INVALID_API_KEY": "403", "INVALID_SIGNATURE": "403", "MISSING_AUTHENTICATION_TOKEN": "403", "QUOTA_EXCEEDED": "429",
	"REQUEST_TOO_LARGE": "413", "RESOURCE_NOT_FOUND": "404", "THROTTLED": "429", "UNAUTHORIZED": "401",
	"UNSUPPORTED_MEDIA_TYPE": "415", "WAF_FILTERED": "403",
}
