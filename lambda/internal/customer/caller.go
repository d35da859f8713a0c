// Package customer returns the customer of a request, and checks whether the customer has stepped up.
//
// The customer is always the sub of the access token that API Gateway's Cognito authorizer has verified, and never a
// value from path, query or body: otherwise customers could read another customer's orders. The authorizer checks
// signature, expiry and scope; they are not checked again. The package checks that an authorizer ran and that it got an
// access token, so that a route deployed without an authorizer answers 401.
package customer

import (
	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
)

// Sub returns the sub of the customer who sent the request. Otherwise the error is a 401 Problem whose reason names the
// claim that is wrong, not its value.
func Sub(request events.APIGatewayProxyRequest) (string, error) {
	claims, found := request.RequestContext.Authorizer["claims"].(map[string]any)
	if !found {
		return "", gateway.Unauthorized("claims are missing or not an object")
	}
	// An ID token has the same sub, but is meant for the client and gives no access.
	if use, _ := claims["token_use"].(string); use != "access" {
		return "", gateway.Unauthorized("claim token_use is not access")
	}
	customer, _ := claims["sub"].(string)
	if !IsSub(customer) {
		return "", gateway.Unauthorized("claim sub is not a lower-case UUID")
	}
	return customer, nil
}

// Username returns the user name in the pool of the customer who sent the request. It is the sub for customers who
// signed up, but not for customers of a provider. An access token has it as username, an ID token as cognito:username.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
func Username(request events.APIGatewayProxyRequest) (string, error) {
	if _, err := Sub(request); err != nil {
		return "", err
	}
	claims, _ := request.RequestContext.Authorizer["claims"].(map[string]any)
	name, _ := claims["username"].(string)
	if name == "" {
		return "", gateway.Unauthorized("claim username is missing or not a string")
	}
	return name, nil
}
