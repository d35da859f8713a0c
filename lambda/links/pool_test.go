package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/awstest"
)

// A user is what the test knows to be true of an account.
type user struct {
	username, sub, email, providerEmail, status string
	verified, disabled                          bool
	// native says that the account was made with a password. No request may delete it.
	native     bool
	identities []entry
	active     []string
	preferred  string
	// raw replaces the attribute identities if it is not empty.
	raw string
}

// An entry is one of the attribute identities.
type entry struct {
	identity
	primary bool
}

// directory stands in for Cognito: it speaks its JSON protocol for one user pool, and is as strict as Cognito is said to
// be: it links no identity that has a profile or is linked already.
type directory struct {
	client *cognito.Client
	url    string
	t      testing.TB

	lock sync.Mutex
	// users are by their user names.
	users map[string]*user
	made  int
	// follows makes the user name of a former profile lead to the account that the identity is linked with.
	follows bool
	// mayDelete is asked before a user is deleted.
	mayDelete func(*user) error
	// deleted and linked count the calls that have done something, calls all.
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
	service := awstest.Answering(t, func(r *http.Request, sent message) (int, any) {
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
		answer := message{Type: "ResourceNotFoundException"}
		if sent.UserPoolID == pool {
			answer = d.answer(operation, sent)
		}
		if answer.Type != "" {
			answer.Message = answer.Type + ": " + awstest.ARN
			return http.StatusBadRequest, answer
		}
		return http.StatusOK, answer
	})
	d.url = service.URL
	d.client = cognito.NewFromConfig(service.Config())
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

// signIn signs in with a provider. Cognito makes a profile unless there is one, or the identity is linked.
func (d *directory) signIn(one identity, email string) *user {
	d.lock.Lock()
	defer d.lock.Unlock()
	found := d.owner(one)
	if found == nil {
		found = &user{
			username: nameOf(one), sub: d.newSub(), status: "EXTERNAL_PROVIDER", identities: []entry{{one, true}},
		}
		d.users[found.username] = found
	}
	found.providerEmail = email
	return found
}

// signUp makes an account with a password and a verified address.
func (d *directory) signUp(email string) *user {
	d.lock.Lock()
	defer d.lock.Unlock()
	sub := d.newSub()
	made := &user{username: sub, sub: sub, email: email, verified: true, status: "CONFIRMED", native: true}
	d.users[sub] = made
	return made
}

// erase is what becomes of accounts that delete themselves.
func (d *directory) erase(gone *user) {
	d.lock.Lock()
	defer d.lock.Unlock()
	delete(d.users, gone.username)
}

// linkedTo returns the identities that are linked with an account.
func (d *directory) linkedTo(account *user) []identity {
	d.lock.Lock()
	defer d.lock.Unlock()
	var all []identity
	for _, e := range account.identities {
		if !e.primary {
			all = append(all, e.identity)
		}
	}
	return all
}

func (d *directory) newSub() string {
	d.made++
	return fmt.Sprintf("0a0b0c0d-0000-4000-8000-%012d", d.made)
}

func nameOf(one identity) string { return strings.ToLower(one.provider) + "_" + one.subject }

func (u *user) told() message {
	answer := message{
		Username: u.username, UserStatus: u.status, Enabled: !u.disabled,
		UserMFASettingList: u.active, PreferredMfaSetting: u.preferred,
	}
	add := func(name, value string) {
		if value != "" {
			answer.UserAttributes = append(answer.UserAttributes, attribute{name, value})
		}
	}
	add("sub", u.sub)
	add("email", u.email)
	if u.email != "" {
		add("email_verified", fmt.Sprint(u.verified))
	}
	add(contract.ProviderEmail, u.providerEmail)
	if u.raw != "" {
		add("identities", u.raw)
		return answer
	}
	if len(u.identities) > 0 {
		var all []map[string]any
		for _, e := range u.identities {
			all = append(all, map[string]any{
				"userId": e.subject, "providerName": e.provider, "providerType": "Google", "issuer": nil,
				"primary": e.primary, "dateCreated": 1642699117273,
			})
		}
		text, _ := json.Marshal(all)
		add("identities", string(text))
	}
	return answer
}
