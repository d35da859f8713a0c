package main

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/contract"
)

// A user is a line of an export.
type user struct {
	Username   string            `json:"username"`
	Status     string            `json:"status"`
	Enabled    bool              `json:"enabled"`
	Created    *time.Time        `json:"created,omitempty"`
	Modified   *time.Time        `json:"modified,omitempty"`
	Attributes map[string]string `json:"attributes"`
}

// exported are the attributes that an export holds. Any other that the pool may get is left out until it is listed.
var exported = []string{
	"sub", "email", "email_verified", "phone_number", "phone_number_verified", "locale", "identities",
	contract.ProviderEmail,
}

func userOf(u types.UserType) user {
	out := user{
		Username: aws.ToString(u.Username), Status: string(u.UserStatus), Enabled: u.Enabled,
		Created: u.UserCreateDate, Modified: u.UserLastModifiedDate, Attributes: map[string]string{},
	}
	for _, attribute := range u.Attributes {
		if name := aws.ToString(attribute.Name); slices.Contains(exported, name) {
			out.Attributes[name] = aws.ToString(attribute.Value)
		}
	}
	return out
}
