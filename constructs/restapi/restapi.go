// Package restapi provisions the shop's API: a regional REST API that authenticates every request before any code of
// ours sees it.
//
// Default is deny: a route without a caller cannot be declared, there is no ANY and no proxy path, and the only
// requests answered without authentication are the browsers' preflights, by API Gateway itself.
package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/logging"
)

// stageName is the first segment of every path of the API.
const stageName = "v1"

// Props configures an API.
type Props struct {
	// Pool is the user pool whose tokens open routes. Required.
	Pool awscognito.CfnUserPool
	// WebOrigin is the only origin whose pages may call the API. Required.
	WebOrigin string
	// Limits are how much the API takes and whether this stage owns the account's logging role. Required.
	Limits config.API
	// Logs says how the access log and the execution log are kept. Required.
	Logs logging.Props
}

// API is a REST API to which routes are added.
type API struct {
	REST awsapigateway.RestApi

	customers awsapigateway.CognitoUserPoolsAuthorizer
	steppedUp awsapigateway.CognitoUserPoolsAuthorizer
	validator awsapigateway.RequestValidator
	origin    string
	signed    map[string]bool
	limits    config.API
	settings  []any
}

// New adds an API without any route to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *API {
	c := check.Of(scope, id)
	c.Given(props.Pool != nil, "Pool")
	c.Require(props.WebOrigin != "" && props.WebOrigin != "*", "WebOrigin",
		"must be one origin, got %q", props.WebOrigin)
	c.Require(props.Limits.RateLimit > 0, "Limits.RateLimit", "must be at least 1, got %d", props.Limits.RateLimit)
	c.Require(props.Limits.BurstLimit >= props.Limits.RateLimit, "Limits.BurstLimit",
		"must be at least RateLimit (%d), got %d", props.Limits.RateLimit, props.Limits.BurstLimit)
	c.Require(props.Limits.Guests.Rate > 0, "Limits.Guests", "must have a Rate, got %+v", props.Limits.Guests)
	c.Require(props.Limits.Preflights.Rate > 0, "Limits.Preflights",
		"must have a Rate, got %+v", props.Limits.Preflights)
	props.Logs.Check(c)
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	log := logging.NewGroup(self, "AccessLog", nil, props.Logs)
	rest := awsapigateway.NewRestApi(self, jsii.String("Rest"), &awsapigateway.RestApiProps{
		RestApiName: jsii.String(*awscdk.Stack_Of(self).StackName()),
		Description: jsii.String("SecureCart: products, checkout, and each customer's own orders and account"),
		EndpointConfiguration: &awsapigateway.EndpointConfiguration{
			Types: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL},
		},
		// The account's logging role is this package's, and only where the stage owns it.
		CloudWatchRole: jsii.Bool(false),
		Deploy:         jsii.Bool(true),
		DeployOptions: &awsapigateway.StageOptions{
			StageName:            jsii.String(stageName),
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(log),
			AccessLogFormat:      awsapigateway.AccessLogFormat_Custom(jsii.String(accessLog())),
			TracingEnabled:       jsii.Bool(true),
		},
	})
	requireTLS(rest)
	pool := awscognito.UserPool_FromUserPoolArn(self, jsii.String("UserPool"), props.Pool.AttrArn())
	api := &API{
		REST:      rest,
		origin:    props.WebOrigin,
		signed:    map[string]bool{},
		limits:    props.Limits,
		customers: newAuthorizer(self, "Customers", pool, 5),
		// Nothing cached: a token that has expired or an authorizer that has changed must not open a high-risk route.
		steppedUp: newAuthorizer(self, "SteppedUp", pool, 0),
		validator: awsapigateway.NewRequestValidator(self, jsii.String("Validator"), &awsapigateway.RequestValidatorProps{
			RestApi:                   rest,
			ValidateRequestBody:       jsii.Bool(true),
			ValidateRequestParameters: jsii.Bool(true),
		}),
	}
	// What no route says otherwise: a method without settings of its own would have none of these.
	api.set("*", "/*", config.Throttle{Rate: props.Limits.RateLimit, Burst: props.Limits.BurstLimit})
	// The construct's own output of the URL has a hash for a name; package stacks adds one for people.
	rest.Node().TryRemoveChild(jsii.String("Endpoint"))
	nag.Accept(rest.DeploymentStage(), accepted()...)
	addGatewayResponses(rest, props.WebOrigin)
	keepExecutionLog(self, rest, props.Logs)
	if props.Limits.OwnsAccountLogging {
		ownAccountLogging(self, rest)
	}
	return api
}

// requireTLS takes TLS 1.3, and 1.2 with forward secrecy, and refuses requests whose host is not the one of the
// handshake. The default policy of a regional API takes TLS 1.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
func requireTLS(rest awsapigateway.RestApi) {
	api := rest.Node().DefaultChild().(awsapigateway.CfnRestApi)
	// Written out: the constant of the CDK holds its own name in Go, without the prefix that API Gateway knows it by.
	api.SetSecurityPolicy(jsii.String("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"))
	api.SetEndpointAccessMode(jsii.String("STRICT"))
}

// accepted are the findings that the stage meets, and why they stay.
func accepted() []nag.Accepted {
	return append(
		nag.InHIPAAAndPCI("APIGWCacheEnabledAndEncrypted",
			"Nothing is cached: a cache could answer one customer with what is another's."),
		nag.InHIPAAAndPCI("APIGWSSLEnabled",
			"A client certificate is for HTTP backends; API Gateway calls functions by Lambda's API, which checks "+
				"who it is.")...)
}

// newAuthorizer lets API Gateway check access tokens of the pool and remember the result for some minutes.
func newAuthorizer(
	scope constructs.Construct, id string, pool awscognito.IUserPool, minutes int,
) awsapigateway.CognitoUserPoolsAuthorizer {
	props := &awsapigateway.CognitoUserPoolsAuthorizerProps{
		AuthorizerName:   jsii.String(id),
		CognitoUserPools: &[]awscognito.IUserPool{pool},
		IdentitySource:   awsapigateway.IdentitySource_Header(jsii.String("Authorization")),
		ResultsCacheTtl:  awscdk.Duration_Minutes(jsii.Number(minutes)),
	}
	return awsapigateway.NewCognitoUserPoolsAuthorizer(scope, jsii.String(id), props)
}
