package threats

import (
	"encoding/json"
	"slices"
	"strings"
)

// Where headers stand in preflights and gateway responses.
const (
	onMethod  = "method.response.header."
	onGateway = "gatewayresponse.header."
)

// exchange are the threats in what browsers and the API say to each other.
var exchange = []Threat{
	{
		ID:      "A8",
		Title:   "Have a customer's browser call the API from another site",
		Sources: []string{cdkDefaults + " (ALL_ORIGINS)", "OWASP Cross-Site Request Forgery Prevention Cheat Sheet"},
		Closed: "Preflights, gateway responses and functions allow the one web origin, and no credentials of the " +
			"browser.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/gateway.TestAnswerIsJSONForTheShopsOriginOnlyAndNotStored",
			"lambda/internal/function.TestReaderTakesExactlyOneOrigin",
		},
		check: func(in *inspection) {
			origin := "'" + in.Config.Web.Origin + "'"
			for _, r := range in.routes() {
				if r.verb != "OPTIONS" {
					continue
				}
				for _, answer := range r.at("Integration", "IntegrationResponses").each() {
					headers := answer.at("ResponseParameters")
					headers.at(onMethod + "Access-Control-Allow-Origin").is(origin)
					headers.at(onMethod + "Access-Control-Allow-Credentials").absent()
					headers.at(onMethod + "Vary").is("'Origin'")
					headers.permitsListed()
				}
			}
			for _, g := range in.every(gatewayResponse) {
				g.at("ResponseParameters", onGateway+"Access-Control-Allow-Origin").is(origin)
				g.at("ResponseParameters", onGateway+"Access-Control-Allow-Credentials").absent()
			}
			for _, r := range in.routes() {
				for _, f := range in.any(function) {
					if f.ref("Arn") == r.handler() {
						f.at("Environment", "Variables", "WEB_ORIGIN").is(in.Config.Web.Origin)
					}
				}
			}
			if strings.Contains(in.Config.Web.Origin, "*") {
				in.fail(in.ID, "is served to the origin %s", in.Config.Web.Origin)
			}
		},
	},
	{
		ID:    "A9",
		Title: "Learn about the inside, or about credentials, from the text of a refusal",
		Sources: []string{
			hackGateway + " (UpdateGatewayResponse, $context.error.message)", gatewayGuide + "supported-gateway-response-types.html",
		},
		Closed: "Every kind of refusal has an answer of its own that says what to do and no more; only the request " +
			"id varies.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/internal/gateway.TestEveryFailureIsAProblemWithTheHeadersOfAnAnswer",
			"lambda/internal/function.TestFaultNamesTheOperationAndNoARN",
		},
		check: func(in *inspection) {
			var kinds []string
			for _, g := range in.every(gatewayResponse) {
				kinds = append(kinds, g.at("ResponseType").text())
				g.sendsListed()
				g.saysTheSame()
			}
			for _, kind := range difference(refusals, kinds) {
				in.fail(in.ID, "leaves the answer to %s to API Gateway", kind)
			}
		},
	},
	{
		ID:      "A10",
		Title:   "Slip a body past the validation by another content type",
		Sources: []string{hackGateway + " (PassthroughBehavior)", cloudGoat + "terraform/apig.tf (WHEN_NO_MATCH)", cdkNag + " APIG2"},
		Closed: "Nothing passes through unmatched; bodies and parameters are validated, and a body that a route " +
			"reads is JSON with listed properties of known types only.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"lambda/internal/request.TestBodyMustBeDeclaredAsJSON", "lambda/internal/request.TestWrongContentIsNamedByItsPath"},
		check: func(in *inspection) {
			for _, v := range in.every(validator) {
				v.at("ValidateRequestBody").is(true)
				v.at("ValidateRequestParameters").is(true)
			}
			for _, r := range in.routes() {
				r.at("Integration", "PassthroughBehavior").is("NEVER")
				if r.verb == "OPTIONS" {
					continue
				}
				r.at("RequestValidatorId").reads(in.only(validator).ref())
				if !r.hasBody() {
					r.at("RequestModels").absent()
					continue
				}
				if types := r.at("RequestModels").keys(); !slices.Equal(types, []string{"application/json"}) {
					r.at("RequestModels").fail("are for %v, want application/json", types)
				}
				in.describesBody(r)
			}
		},
	},
	{
		ID:      "A14",
		Title:   "Be served what the cache keeps for another customer",
		Sources: []string{gatewayGuide + "api-gateway-caching.html", checkov + " (CKV_AWS_120 wants a cache)", hackGateway + " (UpdateStage)"},
		Closed:  "The API caches nothing.",
		Proofs:  []Proof{Templates},
		check: func(in *inspection) {
			for _, s := range in.every(apiStage) {
				s.at("CacheClusterEnabled").among(nil, false)
				s.at("CacheClusterSize").absent()
				for _, setting := range s.at("MethodSettings").each() {
					setting.at("CachingEnabled").is(false)
				}
			}
		},
	},
	{
		ID:      "A20",
		Title:   "Pass off an API key, which every copy of the front end holds, as a credential",
		Sources: []string{hackGateway + " (CreateApiKey)", gatewayGuide + "api-gateway-api-usage-plans.html"},
		Closed:  "There are no API keys, and no method asks for one.",
		Proofs:  []Proof{Templates},
		check: func(in *inspection) {
			for _, m := range in.every(method) {
				m.at("ApiKeyRequired").is(false)
			}
			in.none(keys...)
		},
	},
}

// problemType is the media type of refusals.
const problemType = "application/problem+json"

// saysTheSame expects a gateway response to have one text, whatever type it is asked for as: a problem, of which the request id
// alone varies.
func (g resource) saysTheSame() {
	bodies := g.at("ResponseTemplates")
	bodies.holds("application/json", problemType)
	body := bodies.at(problemType).text()
	if rest := strings.Replace(body, "$context.requestId", "", 1); strings.Contains(rest, "$") || !json.Valid([]byte(body)) {
		bodies.at(problemType).fail("is %s", body)
	}
	for _, mediaType := range bodies.keys() {
		bodies.at(mediaType).is(body)
	}
}

// keys are what API keys are made of.
var keys = []string{"AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::UsagePlanKey"}

// refusals are the kinds of gateway response that callers can provoke.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
var refusals = []string{
	"ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE", "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS",
	"DEFAULT_4XX", "DEFAULT_5XX", "EXPIRED_TOKEN", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "INVALID_API_KEY", "INVALID_SIGNATURE",
	"MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED", "UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE",
	"WAF_FILTERED",
}
