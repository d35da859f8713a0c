package restapi

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// requestHeaders are the headers that the front end may send: a token, the body's type, and those of a signed request.
var requestHeaders = []string{
	"Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
}

// preflight answers browsers' OPTIONS requests for the one origin. It is the only method without authorizer, because
// these requests carry no credentials (Fetch Standard, "CORS-preflight fetch"). API Gateway answers it itself, without
// a function. All paths share it: AddCorsPreflight would make one for each, and leave PassthroughBehavior to a default.
type preflight struct {
	integration awsapigateway.Integration
	options     awsapigateway.MethodOptions
}

func newPreflight(origin string) preflight {
	const status = "204"
	values, sent := map[string]*string{}, map[string]*bool{}
	for header, value := range map[string]string{
		"Access-Control-Allow-Origin":   origin,
		"Access-Control-Allow-Methods":  strings.Join(methods, ","),
		"Access-Control-Allow-Headers":  strings.Join(requestHeaders, ","),
		"Access-Control-Expose-Headers": strings.Join(contract.ExposedHeaders(), ","),
		"Access-Control-Max-Age":        "600", // seconds
		"Vary":                          "Origin",
	} {
		values["method.response.header."+header] = jsii.Sprintf("'%s'", value)
		sent["method.response.header."+header] = jsii.Bool(true)
	}
	return preflight{
		awsapigateway.NewMockIntegration(&awsapigateway.IntegrationOptions{
			PassthroughBehavior: awsapigateway.PassthroughBehavior_NEVER,
			RequestTemplates:    &map[string]*string{"application/json": jsii.String("{ statusCode: 200 }")},
			IntegrationResponses: &[]*awsapigateway.IntegrationResponse{
				{StatusCode: jsii.String(status), ResponseParameters: &values},
			},
		}),
		awsapigateway.MethodOptions{
			AuthorizationType: awsapigateway.AuthorizationType_NONE,
			ApiKeyRequired:    jsii.Bool(false),
			MethodResponses: &[]*awsapigateway.MethodResponse{
				{StatusCode: jsii.String(status), ResponseParameters: &sent},
			},
		},
	}
}
