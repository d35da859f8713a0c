package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/lambda/contract"
)

// requestHeaders are what the front end may send: a token, a body's type, and what signing a request adds.
var requestHeaders = []string{
	"Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
}

// addPreflight answers browsers' OPTIONS for the one origin. It is the only method without authorizer: a preflight
// carries no credentials (Fetch Standard, "CORS-preflight fetch"), and reaches no code of ours.
func (a *API) addPreflight(resource awsapigateway.Resource) {
	preflight := resource.AddCorsPreflight(&awsapigateway.CorsOptions{
		AllowOrigins:     jsii.Strings(a.origin),
		AllowMethods:     jsii.Strings(methods...),
		AllowHeaders:     jsii.Strings(requestHeaders...),
		ExposeHeaders:    jsii.Strings(contract.ExposedHeaders()...),
		AllowCredentials: jsii.Bool(false),
		MaxAge:           duration.Minutes(10),
	})
	preflight.Node().DefaultChild().(awsapigateway.CfnMethod).
		AddPropertyOverride(jsii.String("Integration.PassthroughBehavior"), jsii.String("NEVER"))
}
