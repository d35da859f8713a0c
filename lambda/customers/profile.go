package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/internal/caller"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/stepup"
)

// users are those of a pool. This is all that the function can do with them.
type users interface {
	AdminGetUser(context.Context, *cognito.AdminGetUserInput, ...func(*cognito.Options)) (*cognito.AdminGetUserOutput, error)
	UpdateUserAttributes(context.Context, *cognito.UpdateUserAttributesInput, ...func(*cognito.Options)) (*cognito.UpdateUserAttributesOutput, error)
}

// profiles are those of the pool's users.
type profiles struct {
	users users
	pool  string
	gate  stepup.Gate
}

// profile is the body of the answer. What the pool does not know is left out.
type profile struct {
	Email         string `json:"email,omitempty"`
	EmailVerified *bool  `json:"emailVerified,omitempty"`
	Name          string `json:"name,omitempty"`
	GivenName     string `json:"givenName,omitempty"`
	FamilyName    string `json:"familyName,omitempty"`
	Locale        string `json:"locale,omitempty"`
	Address       string `json:"address,omitempty"`
}

// read answers GET /profile. The customer's own token could not ask Cognito: the
// Web client's has no scope for it, so that it cannot be used to change anything.
func (p *profiles) read(ctx context.Context, request events.APIGatewayProxyRequest) (gateway.Answer, error) {
	customer, err := caller.Customer(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	username, err := caller.Username(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	found, err := p.users.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: aws.String(p.pool), Username: aws.String(username)})
	if gone := new(types.UserNotFoundException); errors.As(err, &gone) {
		return gateway.Answer{}, problem.Unauthorized("the token's user has been deleted")
	}
	if err != nil {
		return gateway.Answer{}, fmt.Errorf("read a user: %w", err)
	}
	attributes := make(map[string]string)
	for _, attribute := range found.UserAttributes {
		attributes[aws.ToString(attribute.Name)] = aws.ToString(attribute.Value)
	}
	// AdminGetUser finds users by aliases too. Were a username ever another user's
	// alias, this is what keeps that one's profile from being shown.
	if attributes["sub"] != customer {
		return gateway.Answer{}, problem.Internal("ForeignUser", "the user of that name has another sub than the token")
	}
	return gateway.Answer{Body: profileOf(attributes)}, nil
}

func profileOf(attributes map[string]string) profile {
	shown := profile{
		Email:      attributes["email"],
		Name:       attributes["name"],
		GivenName:  attributes["given_name"],
		FamilyName: attributes["family_name"],
		Locale:     attributes["locale"],
		Address:    attributes["address"],
	}
	if verified, known := attributes["email_verified"]; known {
		shown.EmailVerified = aws.Bool(verified == "true")
	}
	return shown
}
