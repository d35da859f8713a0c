package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// requestHeaders are what the front end may send: a token, a body's type, and what signing a request adds.
var requestHeaders = []string{"Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"}

// exposedHeaders are what the front end's code may read of an answer. API Gateway renames a function's WWW-Authenticate.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
var exposedHeaders = []string{"WWW-Authenticate", "X-Amzn-Remapped-WWW-Authenticate", "Location", "Retry-After", "X-Amzn-RequestId"}

// addPreflight answers browsers' OPTIONS for the one origin. It is the only method without authorizer: a preflight
// carries no credentials (Fetch Standard, "CORS-preflight fetch"), and reaches no code of ours.
func (a *API) addPreflight(resource awsapigateway.Resource) {
	preflight := resource.AddCorsPreflight(&awsapigateway.CorsOptions{
		AllowOrigins:     jsii.Strings(a.origin),
		AllowMethods:     jsii.Strings(methods...),
		AllowHeaders:     jsii.Strings(requestHeaders...),
		ExposeHeaders:    jsii.Strings(exposedHeaders...),
		AllowCredentials: jsii.Bool(false),
		MaxAge:           awscdk.Duration_Minutes(jsii.Number(10)),
	})
	preflight.Node().DefaultChild().(awsapigateway.CfnMethod).
		AddPropertyOverride(jsii.String("Integration.PassthroughBehavior"), jsii.String("NEVER"))
}
