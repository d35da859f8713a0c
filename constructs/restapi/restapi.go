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
	// Pool is the user pool whose tokens open routes. Required.
	Pool *userpool.UserPool
	// WebOrigin is the only origin whose pages may call the API. Required.
	WebOrigin string
	// API says how much the API takes and whether this stage owns the account's logging role. Required.
	API config.API
	// Logs says how the access log and the execution log are kept. Required.
	Logs logging.Settings
}

// API is a REST API to which routes are added.
type API struct {
	// URL is the base URL, with a trailing slash. StageARN names the API's stage to AWS WAF.
	URL, StageARN string
	// Name and StageName are those under which CloudWatch counts requests.
	Name, StageName string
	// AccessLog is the name of the log group with one event for each request.
	AccessLog string

	rest                 awsapigateway.RestApi
	root                 awsapigateway.IResource
	stage                awsapigateway.CfnStage
	customers, steppedUp awsapigateway.CognitoUserPoolsAuthorizer
	validator            awsapigateway.RequestValidator
	origin               string
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
		Name:      *awscdk.Stack_Of(scope).StackName(),
		StageName: stageName,
		AccessLog: log.Name(),
		rest:      rest,
		root:      rest.Root(),
		stage:     nag.Accept(stage, accepted()...).(awsapigateway.CfnStage),
		origin:    props.WebOrigin,
		limits:    props.API,
		customers: newAuthorizer(self, "Customers", pool, 5),
		// Nothing cached: a token that has expired or an authorizer that has changed must not open a high-risk route.
		steppedUp: newAuthorizer(self, "SteppedUp", pool, 0),
		validator: awsapigateway.NewRequestValidator(self, jsii.String("Validator"),
			&awsapigateway.RequestValidatorProps{
				RestApi:                   rest,
				ValidateRequestBody:       jsii.Bool(true),
				ValidateRequestParameters: jsii.Bool(true),
			}),
		resources:    map[string]awsapigateway.Resource{},
		integrations: map[*golambda.Function]awsapigateway.LambdaIntegration{},
	}
	// What no route says otherwise: a method without settings of its own would have none of these.
	api.set(setting("*", "/*", config.Throttle{Rate: props.API.RateLimit, Burst: props.API.BurstLimit}))
	addGatewayResponses(rest, props.WebOrigin)
	waitsFor := []constructs.IDependable{newExecutionLog(self, *rest.RestApiId(), props.Logs)}
	if props.API.OwnsAccountLogging {
		// A stage with logging is refused until the account has its role.
		waitsFor = append(waitsFor, ownAccountLogging(self))
	}
	stage.Node().AddDependency(waitsFor...)
	return api
}

// limited breaks if a kind of method has no limit of its own.
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
		// The account's logging role is this package's, and only where the stage owns it.
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
	// The construct's own output of the URL has a hash for a name; package stacks adds one for people.
	node.TryRemoveChild(jsii.String("Endpoint"))
	return rest
}

// requireTLS takes TLS 1.3, and 1.2 with forward secrecy, and refuses requests whose host is not the one of the
// handshake. The default policy of a regional API takes TLS 1.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
func requireTLS(api awsapigateway.CfnRestApi) {
	// Written out: the constant of the CDK holds its own name in Go, without the prefix that API Gateway knows it by.
	api.SetSecurityPolicy(jsii.String("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"))
	api.SetEndpointAccessMode(jsii.String("STRICT"))
}

// accepted are the findings that the stage meets, and why they stay.
func accepted() []nag.Accepted {
	return []nag.Accepted{
		nag.InHIPAAAndPCI("APIGWCacheEnabledAndEncrypted",
			"Nothing is cached: a cache could answer one customer with what is another's."),
		nag.InHIPAAAndPCI("APIGWSSLEnabled",
			"A client certificate is for HTTP backends; API Gateway calls functions by Lambda's API, which checks "+
				"who it is."),
	}
}

// newAuthorizer lets API Gateway check access tokens of the pool and remember the result for some minutes.
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
