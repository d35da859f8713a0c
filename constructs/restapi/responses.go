package restapi

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// gatewayResponse is a response that API Gateway makes itself, as application/problem+json (RFC 9457). Status 0 leaves
// the status to API Gateway: a status set on the two defaults would replace that of every other response.
type gatewayResponse struct {
	kind   string
	status int
	title  string
	detail string
}

// gatewayResponses are all kinds that the documentation lists. The texts are constants, so that no response reveals
// request data or the authorizer's reason.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func gatewayResponses() []gatewayResponse {
	const (
		unavailable = "The request could not be answered. Try again later."
		signature   = "The AWS signature of the request is missing, expired or wrong."
	)
	return []gatewayResponse{
		{"UNAUTHORIZED", 401, "Unauthorized",
			"The access token is missing, expired or without the scope of this route."},
		{"ACCESS_DENIED", 403, "Forbidden", "These credentials do not allow this route."},
		{"MISSING_AUTHENTICATION_TOKEN", 403, "Forbidden",
			"There is no such route, or it wants credentials that the request lacks."},
		{"INVALID_SIGNATURE", 403, "Forbidden", signature},
		{"EXPIRED_TOKEN", 403, "Forbidden", signature},
		{"INVALID_API_KEY", 403, "Forbidden", "These credentials do not allow this route."},
		{"WAF_FILTERED", 403, "Forbidden", "The request was refused by a firewall rule."},
		{"BAD_REQUEST_PARAMETERS", 400, "Bad request",
			"A parameter or header is missing or malformed."},
		{"BAD_REQUEST_BODY", 400, "Bad request", "The body is not what this route takes."},
		{"RESOURCE_NOT_FOUND", 404, "Not found", "There is no such resource."},
		{"REQUEST_TOO_LARGE", 413, "Content too large",
			"The body is larger than this route takes."},
		{"UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported media type", "Send application/json."},
		{"THROTTLED", 429, "Too many requests",
			"Too many requests at once. Try again in a moment."},
		{"QUOTA_EXCEEDED", 429, "Too many requests", "Too many requests. Try again later."},
		{"AUTHORIZER_FAILURE", 500, "Internal error", unavailable},
		{"AUTHORIZER_CONFIGURATION_ERROR", 500, "Internal error", unavailable},
		{"API_CONFIGURATION_ERROR", 500, "Internal error", unavailable},
		{"INTEGRATION_FAILURE", 504, "Gateway timeout", unavailable},
		{"INTEGRATION_TIMEOUT", 504, "Gateway timeout", unavailable},
		{"DEFAULT_4XX", 0, "Request refused", "The request was refused."},
		{"DEFAULT_5XX", 0, "Internal error", unavailable},
	}
}

// responseTypes are the kinds as CDK values, each created once.
var responseTypes = sync.OnceValue(func() map[string]awsapigateway.ResponseType {
	types := map[string]awsapigateway.ResponseType{}
	for _, r := range gatewayResponses() {
		types[r.kind] = awsapigateway.ResponseType_Of(jsii.String(r.kind))
	}
	return types
})

// problem is the media type of RFC 9457.
const problem = "application/problem+json"

// addGatewayResponses sets the text of every response that API Gateway makes itself, and its CORS headers. Without them
// a browser would report a network error to the front end instead of a 401.
//
// AWS does not document which of several templates API Gateway uses, nor whether it considers the request's Accept
// header. So both media types have the same text, and the header names the type in either case (docs/aws.md, R1).
func addGatewayResponses(rest awsapigateway.RestApi, origin string) {
	for _, r := range gatewayResponses() {
		body := jsii.String(r.body())
		headers := map[string]*string{
			"Content-Type":                  jsii.Sprintf("'%s'", problem),
			"Access-Control-Allow-Origin":   jsii.Sprintf("'%s'", origin),
			"Access-Control-Expose-Headers": jsii.Sprintf("'%s'", strings.Join(contract.ExposedHeaders(), ",")),
			"Cache-Control":                 jsii.String("'no-store'"),
			"Vary":                          jsii.String("'Origin'"),
		}
		options := &awsapigateway.GatewayResponseOptions{
			Type:            responseTypes()[r.kind],
			ResponseHeaders: &headers,
			Templates:       &map[string]*string{problem: body, "application/json": body},
		}
		if r.status != 0 {
			options.StatusCode = jsii.Sprintf("%d", r.status)
		}
		switch r.status {
		case 401:
			headers["WWW-Authenticate"] = jsii.String("'Bearer'")
		case 429:
			headers["Retry-After"] = jsii.String("'1'")
		}
		rest.AddGatewayResponse(jsii.String(camel(r.kind)), options)
	}
}

// body is the problem document. The only request data in it is $context.requestId.
func (r gatewayResponse) body() string {
	document, err := json.Marshal(struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status,omitempty"`
		Detail    string `json:"detail"`
		RequestID string `json:"requestId"`
	}{"about:blank", r.title, r.status, r.detail, "$context.requestId"})
	if err != nil {
		panic(err) // a struct of strings always encodes
	}
	return string(document)
}

// camel turns ACCESS_DENIED into AccessDenied, the form of construct ids.
func camel(kind string) string {
	var id strings.Builder
	for word := range strings.SplitSeq(strings.ToLower(kind), "_") {
		id.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return id.String()
}
