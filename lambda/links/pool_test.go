package main

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// directory stands in for Cognito: it speaks its JSON protocol for one user pool. Like Cognito it links no identity
// that has a profile or is linked already.
type directory struct {
	config aws.Config
	url    string
	t      testing.TB

	lock sync.Mutex
	// users are by their user names.
	users map[string]*user
	// follows makes the user name of a former profile lead to the account that the identity is linked with.
	follows bool
	// mayDelete is called before a user is deleted.
	mayDelete func(*user) error
	// deleted, linked and unlinked count successful calls, calls all.
	deleted, linked, unlinked int
	calls                     []string
	// failing is how many calls of an operation fail before one works.
	failing map[string]int
}

type message struct {
	UserPoolID          string      `json:"UserPoolId,omitempty"`
	Username            string      `json:",omitempty"`
	UserAttributes      []attribute `json:",omitempty"`
	UserStatus          string      `json:",omitempty"`
	Enabled             bool
	UserMFASettingList  []string    `json:",omitempty"`
	PreferredMfaSetting string      `json:",omitempty"`
	DestinationUser     *identifies `json:",omitempty"`
	SourceUser          *identifies `json:",omitempty"`
	User                *identifies `json:",omitempty"`
	Type                string      `json:"__type,omitempty"`
	Message             string      `json:"message,omitempty"`
}

type attribute struct{ Name, Value string }

type identifies struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

func newDirectory(t testing.TB) *directory {
	t.Helper()
	d := &directory{t: t, users: make(map[string]*user), follows: true, mayDelete: func(*user) error { return nil }}
	service := lambdatest.Answering(t, func(r *http.Request, sent message) (int, any) {
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
		answer := message{Type: "ResourceNotFoundException"}
		if sent.UserPoolID == pool {
			answer = d.answer(operation, sent)
		}
		if answer.Type != "" {
			answer.Message = answer.Type + ": " + lambdatest.ARN
			return http.StatusBadRequest, answer
		}
		return http.StatusOK, answer
	})
	d.url = service.URL
	d.config = service.Config()
	return d
}

func (d *directory) answer(operation string, sent message) message {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.calls = append(d.calls, operation)
	if d.failing[operation] > 0 {
		d.failing[operation]--
		return message{Type: "TooManyRequestsException"}
	}
	switch operation {
	case "AdminGetUser":
		found := d.lookUp(sent.Username)
		if found == nil {
			return message{Type: "UserNotFoundException"}
		}
		return found.told()
	case "AdminDeleteUser":
		found := d.lookUp(sent.Username)
		if found == nil {
			return message{Type: "UserNotFoundException"}
		}
		if err := d.mayDelete(found); err != nil {
			d.t.Errorf("AdminDeleteUser %s: %v", sent.Username, err)
		}
		delete(d.users, found.username)
		d.deleted++
		return message{}
	case "AdminLinkProviderForUser":
		return d.link(sent.DestinationUser, sent.SourceUser)
	case "AdminDisableProviderForUser":
		return d.unlink(sent.User)
	default:
		return message{Type: "UnknownOperationException"}
	}
}

func (d *directory) lookUp(username string) *user {
	if found := d.users[username]; found != nil {
		return found
	}
	for _, one := range d.users {
		if d.follows && slices.ContainsFunc(one.identities, func(e entry) bool { return nameOf(e.identity) == username }) {
			return one
		}
	}
	return nil
}

func (d *directory) link(to, from *identifies) message {
	one := identity{from.ProviderName, from.ProviderAttributeValue}
	account := d.users[to.ProviderAttributeValue]
	switch {
	case to.ProviderName != "Cognito" || from.ProviderAttributeName != "Cognito_Subject":
		return message{Type: "InvalidParameterException"}
	case account == nil:
		return message{Type: "UserNotFoundException"}
	case d.owner(one) != nil: // "SourceUser is already linked", or "Merging is not currently supported"
		return message{Type: "InvalidParameterException"}
	case len(account.identities) >= maxLinked:
		return message{Type: "LimitExceededException"}
	}
	account.identities = append(account.identities, entry{one, false})
	d.linked++
	return message{}
}

func (d *directory) unlink(from *identifies) message {
	one := entry{identity{from.ProviderName, from.ProviderAttributeValue}, false}
	account := d.owner(one.identity)
	if from.ProviderName == "Cognito" {
		d.t.Errorf("AdminDisableProviderForUser takes the password from an account")
	}
	if account != nil && slices.Contains(account.identities, entry{one.identity, true}) {
		d.t.Errorf("AdminDisableProviderForUser takes the one sign-in that it has from a profile")
	}
	if account == nil || !slices.Contains(account.identities, one) || from.ProviderAttributeName != "Cognito_Subject" {
		return message{Type: "InvalidParameterException"}
	}
	account.identities = slices.DeleteFunc(account.identities, func(e entry) bool { return e == one })
	d.unlinked++
	return message{}
}

// owner returns the account that signing in with the identity leads to, or nil.
func (d *directory) owner(one identity) *user {
	for _, found := range d.users {
		if slices.ContainsFunc(found.identities, func(e entry) bool { return e.identity == one }) {
			return found
		}
	}
	return nil
}
