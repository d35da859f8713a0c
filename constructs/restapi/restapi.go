// Package restapi provisions the shop's API: a regional REST API that authenticates every request before it calls a
// function.
//
// The default is deny: a route without a caller cannot be declared, and there is no ANY and no proxy path. Only
// browsers' preflights are answered without authentication, by API Gateway itself.
package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/userpool"
)

// stageName is the first segment of every path of the API.
const stageName = "v1"

// Props configures an API.
type Props struct {
	// Pool is the user pool whose tokens the API accepts. Required.
	Pool *userpool.UserPool
	// WebOrigin is the only origin whose pages may call the API. Required.
	WebOrigin string
	// API holds the rate limits and whether this stage owns the account's logging role. Required.
	API config.API
	// Logs are the settings of the access log and the execution log. Required.
	Logs logging.Settings
}

// API is a REST API to which routes are added.
type API struct {
	// URL is the base URL, with a trailing slash. StageARN is the ARN of the API's stage for AWS WAF.
	URL, StageARN string
	// ID is the API's own, as requests that change it name it.
	ID string
	// Name and StageName are the dimensions of the API's CloudWatch metrics.
	Name, StageName string
	// AccessLog is the name of the log group with one event for each request.
	AccessLog string

	rest                 awsapigateway.RestApi
	root                 awsapigateway.IResource
	stage                awsapigateway.CfnStage
	customers, steppedUp awsapigateway.CognitoUserPoolsAuthorizer
	validator            awsapigateway.RequestValidator
	preflight            preflight
	limits               config.API
	settings             []any
	resources            map[string]awsapigateway.Resource
	integrations         map[*golambda.Function]awsapigateway.LambdaIntegration
}

// New adds an API without any route to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *API {
	check.Props(scope, id,
		check.Given(props.Pool != nil, "Pool"),
		check.Require(config.IsOrigin(props.WebOrigin), "WebOrigin", "must be one origin, got %q", props.WebOrigin),
		limited(props.API),
		props.Logs.Check(),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	log := logging.NewGroup(self, "AccessLog", logging.GroupProps{Settings: props.Logs})
	rest := newREST(self, log)
	pool := awscognito.UserPool_FromUserPoolArn(self, jsii.String("UserPool"), jsii.String(props.Pool.ARN))
	stage := rest.DeploymentStage()
	api := &API{
		URL:       *rest.Url(),
		StageARN:  *stage.StageArn(),
		ID:        *rest.RestApiId(),
		Name:      *awscdk.Stack_Of(scope).StackName(),
		StageName: stageName,
		AccessLog: log.Name(),
		rest:      rest,
		root:      rest.Root(),
		stage:     nag.Accept(stage, accepted()...).(awsapigateway.CfnStage),
		preflight: newPreflight(props.WebOrigin),
		limits:    props.API,
		customers: newAuthorizer(self, "Customers", pool, 5),
		// Nothing is cached: a cached result could allow a high-risk route after the token has expired.
		steppedUp: newAuthorizer(self, "SteppedUp", pool, 0),
		validator: awsapigateway.NewRequestValidator(self, jsii.String("Validator"),
			&awsapigateway.RequestValidatorProps{
				RestApi:                   rest,
				ValidateRequestBody:       jsii.Bool(true),
				ValidateRequestParameters: jsii.Bool(true),
			}),
		settings: []any{
			// These apply to every method without its own.
			setting("*", "/*", config.Throttle{Rate: props.API.RateLimit, Burst: props.API.BurstLimit}),
		},
		resources:    map[string]awsapigateway.Resource{},
		integrations: map[*golambda.Function]awsapigateway.LambdaIntegration{},
	}
	addGatewayResponses(rest, props.WebOrigin)
	waitsFor := []constructs.IDependable{newExecutionLog(self, *rest.RestApiId(), props.Logs)}
	if props.API.OwnsAccountLogging {
		// API Gateway refuses a stage with logging until the account has its logging role.
		waitsFor = append(waitsFor, ownAccountLogging(self))
	}
	stage.Node().AddDependency(waitsFor...)
	return api
}

// limited returns a broken rule for each kind of method without a limit.
func limited(api config.API) check.Broken {
	return check.All(
		check.Given(min(api.RateLimit, api.BurstLimit) > 0, "API"),
		check.Given(min(api.Guests.Rate, api.Guests.Burst) > 0, "API.Guests"),
		check.Given(min(api.Preflights.Rate, api.Preflights.Burst) > 0, "API.Preflights"),
	)
}

func newREST(scope constructs.Construct, log *logging.Group) awsapigateway.RestApi {
	rest := awsapigateway.NewRestApi(scope, jsii.String("Rest"), &awsapigateway.RestApiProps{
		RestApiName: awscdk.Stack_Of(scope).StackName(),
		Description: jsii.String("SecureCart: products, checkout, and each customer's own orders and account"),
		EndpointConfiguration: &awsapigateway.EndpointConfiguration{
			Types: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL},
		},
		// ownAccountLogging provisions the account's logging role, and only where the stage owns it.
		CloudWatchRole: jsii.Bool(false),
		Deploy:         jsii.Bool(true),
		DeployOptions: &awsapigateway.StageOptions{
			StageName:            jsii.String(stageName),
			AccessLogDestination: awsapigateway.NewLogGroupLogDestination(log.Resource()),
			AccessLogFormat:      awsapigateway.AccessLogFormat_Custom(jsii.String(accessLog())),
			TracingEnabled:       jsii.Bool(true),
		},
	})
	node := rest.Node()
	requireTLS(node.DefaultChild().(awsapigateway.CfnRestApi))
	// The L2 construct's output of the URL has a hash in its name; package stacks adds a readable one.
	node.TryRemoveChild(jsii.String("Endpoint"))
	return rest
}

// requireTLS accepts TLS 1.3, and 1.2 with forward secrecy, and refuses requests whose Host differs from the
// handshake's. The default policy of a regional API accepts TLS 1.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
func requireTLS(api awsapigateway.CfnRestApi) {
	// A literal: the CDK's Go constant lacks the prefix of API Gateway's value.
	api.SetSecurityPolicy(jsii.String("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"))
	api.SetEndpointAccessMode(jsii.String("STRICT"))
}

// accepted are the cdk-nag findings of the API's stage that are accepted, with reasons.
func accepted() []nag.Accepted {
	return []nag.Accepted{
		nag.InHIPAAAndPCI("APIGWCacheEnabledAndEncrypted",
			"Nothing is cached: a cache could answer one customer with what is another's."),
		nag.InHIPAAAndPCI("APIGWSSLEnabled",
			"A client certificate is for HTTP backends; API Gateway calls functions by Lambda's API, which checks "+
				"who it is."),
	}
}

// newAuthorizer lets API Gateway verify access tokens of the pool and cache the result for the given minutes.
func newAuthorizer(
	scope constructs.Construct, id string, pool awscognito.IUserPool, minutes int,
) awsapigateway.CognitoUserPoolsAuthorizer {
	props := &awsapigateway.CognitoUserPoolsAuthorizerProps{
		AuthorizerName:   jsii.String(id),
		CognitoUserPools: &[]awscognito.IUserPool{pool},
		IdentitySource:   awsapigateway.IdentitySource_Header(jsii.String("Authorization")),
		ResultsCacheTtl:  duration.Minutes(minutes),
	}
	return awsapigateway.NewCognitoUserPoolsAuthorizer(scope, jsii.String(id), props)
}
