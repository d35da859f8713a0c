package apigateway

import (
	"errors"
	"net/http"
)

// Types of gateway responses in use: supported-gateway-response-types.html.
const (
	accessDenied       = "ACCESS_DENIED"
	configurationError = "API_CONFIGURATION_ERROR"
	badBody            = "BAD_REQUEST_BODY"
	badParameters      = "BAD_REQUEST_PARAMETERS"
	default4xx         = "DEFAULT_4XX"
	default5xx         = "DEFAULT_5XX"
	expiredToken       = "EXPIRED_TOKEN"
	integrationTimeout = "INTEGRATION_TIMEOUT"
	invalidSignature   = "INVALID_SIGNATURE"
	missingToken       = "MISSING_AUTHENTICATION_TOKEN"
	tooLarge           = "REQUEST_TOO_LARGE"
	throttled          = "THROTTLED"
	unauthorized       = "UNAUTHORIZED"
	unsupportedMedia   = "UNSUPPORTED_MEDIA_TYPE"
)

// responseType holds API Gateway's defaults of a type of gateway response.
type responseType struct {
	// status is 0 for the two defaults, which keep the existing status.
	status int
	// message and code are empty for unused types. The documentation does not list them; clients of API Gateway report
	// them.
	message, code string
}

// responseTypes are all types that the documentation lists.
var responseTypes = map[string]responseType{
	accessDenied:       {http.StatusForbidden, "User is not authorized to access this resource", "AccessDeniedException"},
	configurationError: {http.StatusInternalServerError, "Internal server error", "InternalServerErrorException"},
	badBody:            {http.StatusBadRequest, "Invalid request body", "BadRequestException"},
	badParameters:      {http.StatusBadRequest, "Missing required request parameters", "BadRequestException"},
	default4xx:         {0, "Bad Request", "BadRequestException"},
	default5xx:         {0, "Internal server error", "InternalServerErrorException"},
	expiredToken: {http.StatusForbidden, "The security token included in the request is expired",
		"ExpiredTokenException"},
	integrationTimeout: {http.StatusGatewayTimeout, "Endpoint request timed out", "InternalServerErrorException"},
	invalidSignature: {
		http.StatusForbidden, "The request signature we calculated does not match the signature you provided",
		"InvalidSignatureException",
	},
	missingToken:     {http.StatusForbidden, "Missing Authentication Token", "MissingAuthenticationTokenException"},
	tooLarge:         {http.StatusRequestEntityTooLarge, "Request Too Long", "RequestTooLargeException"},
	throttled:        {http.StatusTooManyRequests, "Too Many Requests", "TooManyRequestsException"},
	unauthorized:     {http.StatusUnauthorized, "Unauthorized", "UnauthorizedException"},
	unsupportedMedia: {http.StatusUnsupportedMediaType, "Unsupported Media Type", "BadRequestException"},

	"AUTHORIZER_CONFIGURATION_ERROR": {status: http.StatusInternalServerError},
	"AUTHORIZER_FAILURE":             {status: http.StatusInternalServerError},
	"INTEGRATION_FAILURE":            {status: http.StatusGatewayTimeout},
	"INVALID_API_KEY":                {status: http.StatusForbidden},
	"QUOTA_EXCEEDED":                 {status: http.StatusTooManyRequests},
	"RESOURCE_NOT_FOUND":             {status: http.StatusNotFound},
	"WAF_FILTERED":                   {status: http.StatusForbidden},
}

// failure is the reason for API Gateway's own response. It holds nothing of a token.
type failure struct {
	kind    string
	status  int
	message string
	// code is the value of x-amzn-ErrorType.
	code string
}

func (f *failure) Error() string { return f.kind + ": " + f.message }

// refuse returns the failure of a type that has a status, with API Gateway's own message.
func refuse(kind string) error { return refuseSaying(kind, responseTypes[kind].message) }

func refuseSaying(kind, message string) error {
	return failureOf(kind, responseTypes[kind].status, message)
}

func failureOf(kind string, status int, message string) *failure {
	return &failure{kind: kind, status: status, message: message, code: responseTypes[kind].code}
}

// badRequest is a 400 for invalid requests. AWS does not document API Gateway's response.
func badRequest(message string) error {
	return failureOf(default4xx, http.StatusBadRequest, message)
}

// badGateway answers to a function that has failed or has not answered in the format of a proxy integration:
// set-up-lambda-proxy-integrations.html, "If the function output is of a different format, API Gateway returns a 502
// Bad Gateway error response". No type has that status, so the default applies.
func badGateway() error {
	return failureOf(default5xx, http.StatusBadGateway, responseTypes[default5xx].message)
}

// asFailure treats every other error as API Gateway's internal error.
func asFailure(err error) *failure {
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	return failureOf(default5xx, http.StatusInternalServerError, responseTypes[default5xx].message)
}
