package restapi

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/lambda/contract"
)

// requestHeaders are the headers that the front end may send: a token, the body's type, and those of a signed request.
var requestHeaders = []string{
	"Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
}

// addPreflight answers browsers' OPTIONS requests for the one origin. It is the only method without authorizer: a
// preflight carries no credentials (Fetch Standard, "CORS-preflight fetch"). API Gateway answers it itself, without a
// function.
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
