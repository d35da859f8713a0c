package deployed

import "encoding/json"

// API is a REST API with all its parts.
type API struct {
	ID string
	// Name is the API's name in metrics.
	Name string
	// StageName is the first part of every path.
	StageName string
	// Throttling applies to each method of the stage that is not in MethodThrottling.
	Throttling Throttling
	// MethodThrottling holds the methods' own limits, by verb and path, such as "POST /orders".
	MethodThrottling map[string]Throttling
	// AccessLogFormat is one JSON text with $context variables.
	AccessLogFormat string
	Methods         []Method
	Authorizers     map[string]Authorizer
	Validators      map[string]RequestValidator
	// Models are JSON schemas by the name that RequestModels of methods refer to.
	Models map[string]Model
	// GatewayResponses by response type, such as "UNAUTHORIZED".
	GatewayResponses map[string]GatewayResponse
}

// Throttling is the token bucket of each method: requests per second, and how many at once.
type Throttling struct {
	Rate  float64
	Burst int
}

// Method is an AWS::ApiGateway::Method.
type Method struct {
	// Path is the resource's path, such as "/orders".
	Path string `json:"-"`

	ApiKeyRequired      bool
	AuthorizationScopes []string
	// AuthorizationType is NONE, AWS_IAM or COGNITO_USER_POOLS.
	AuthorizationType string
	AuthorizerID      string
	HTTPMethod        string
	Integration       Integration
	MethodResponses   []struct {
		ResponseParameters map[string]bool
		StatusCode         string
	}
	// RequestModels by content type.
	RequestModels map[string]string
	// RequestParameters are "method.request.<header|querystring>.<name>", and whether they are required.
	RequestParameters  map[string]bool
	RequestValidatorID string
	ResourceID         string
	RestAPIID          string
}

// Integration answers a method: with a Lambda function (AWS_PROXY) or fixed headers (MOCK).
type Integration struct {
	IntegrationHttpMethod string
	IntegrationResponses  []struct {
		ResponseParameters map[string]string
		StatusCode         string
	}
	PassthroughBehavior string
	RequestTemplates    map[string]string
	TimeoutInMillis     int
	Type                string
	URI                 string

	// FunctionARN is the function that URI names, empty unless Type is AWS_PROXY.
	FunctionARN string `json:"-"`
}

// Authorizer is an AWS::ApiGateway::Authorizer.
type Authorizer struct {
	ID string `json:"-"`

	AuthorizerResultTtlInSeconds int
	// IdentitySource is where the token is, "method.request.header.Authorization".
	IdentitySource string
	Name           string
	ProviderARNs   []string
	RestAPIID      string
	Type           string
}

// RequestValidator is an AWS::ApiGateway::RequestValidator.
type RequestValidator struct {
	RestAPIID                                      string
	ValidateRequestBody, ValidateRequestParameters bool
}

// Model is an AWS::ApiGateway::Model.
type Model struct {
	ContentType string
	RestAPIID   string
	Schema      json.RawMessage
}

// GatewayResponse is an AWS::ApiGateway::GatewayResponse.
type GatewayResponse struct {
	// ResponseParameters are "gatewayresponse.header.<name>" with a value in single quotes.
	ResponseParameters map[string]string
	// ResponseTemplates by content type.
	ResponseTemplates map[string]string
	ResponseType      string
	RestAPIID         string
	// StatusCode is empty for DEFAULT_4XX and DEFAULT_5XX, which do not change the status.
	StatusCode string
}
