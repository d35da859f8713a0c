package main

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/internal/awstest"
)

// directory stands in for Cognito: it speaks its JSON protocol for one user pool
// and, as there, knows a user by name, and by a token that is still good.
type directory struct {
	client *cognito.Client
	url    string

	lock   sync.Mutex
	users  map[string]map[string]string // attributes by username
	tokens map[string]string            // usernames by access token
	calls  []string
}

// message has the fields of all requests and answers.
type message struct {
	UserPoolID     string      `json:"UserPoolId,omitempty"`
	Username       string      `json:",omitempty"`
	AccessToken    string      `json:",omitempty"`
	UserAttributes []attribute `json:",omitempty"`
	Type           string      `json:"__type,omitempty"`
	Message        string      `json:"message,omitempty"`
}

type attribute struct{ Name, Value string }

func newDirectory(t *testing.T) *directory {
	t.Helper()
	d := &directory{users: make(map[string]map[string]string), tokens: make(map[string]string)}
	service := awstest.Answering(t, func(r *http.Request, sent message) (int, any) {
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
		answer := d.answer(operation, r.Header.Get("Authorization"), sent)
		if answer.Type != "" {
			return http.StatusBadRequest, answer
		}
		return http.StatusOK, answer
	})
	d.url = service.URL
	d.client = cognito.NewFromConfig(service.Config())
	return d
}

func (d *directory) answer(operation, authorization string, sent message) message {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.calls = append(d.calls, operation)
	switch operation {
	case "AdminGetUser":
		user, found := d.users[sent.Username]
		switch {
		case !strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 ") || !strings.Contains(authorization, "/cognito-idp/"):
			return message{Type: "MissingAuthenticationTokenException"}
		case sent.UserPoolID != pool:
			return message{Type: "ResourceNotFoundException"}
		case !found:
			return message{Type: "UserNotFoundException"}
		}
		answer := message{Username: sent.Username}
		for name, value := range user {
			answer.UserAttributes = append(answer.UserAttributes, attribute{name, value})
		}
		return answer
	case "UpdateUserAttributes":
		user, found := d.users[d.tokens[sent.AccessToken]]
		if !found || authorization != "" {
			return message{Type: "NotAuthorizedException", Message: "Access Token has been revoked " + awstest.ARN}
		}
		changes := make(map[string]string)
		for _, change := range sent.UserAttributes {
			changes[change.Name] = change.Value
		}
		maps.Copy(user, changes)
		return message{}
	default:
		return message{Type: "UnknownOperationException"}
	}
}

// refusing returns a client of a Cognito that answers every call with an error.
func refusing(t *testing.T, status int, code string) *cognito.Client {
	t.Helper()
	return cognito.NewFromConfig(awstest.Refusing(t, status, code).Config())
}

// silent returns a client of a Cognito that answers none.
func silent(t *testing.T) *cognito.Client {
	t.Helper()
	return cognito.NewFromConfig(awstest.Silent(t).Config())
}
