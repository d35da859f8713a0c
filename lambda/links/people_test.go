package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/securecart/identity/lambda/contract"
)

// Cognito's names of the second factors that count.
const (
	totp = "SOFTWARE_TOKEN_MFA"
	sms  = "SMS_MFA"
)

// A user is the true state of an account.
type user struct {
	username, sub, email, providerEmail, status string
	verified, disabled                          bool
	// unsaid leaves email_verified out.
	unsaid bool
	// native says that the account was created with a password. No request may delete it.
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

// signIn signs in with a provider. Cognito creates a profile unless there is one, or the identity is linked.
func (d *directory) signIn(one identity, email string) *user {
	d.lock.Lock()
	defer d.lock.Unlock()
	found := d.owner(one)
	if found == nil {
		found = &user{
			username: nameOf(one), sub: newSub(), status: "EXTERNAL_PROVIDER", identities: []entry{{one, true}},
		}
		d.users[found.username] = found
	}
	found.providerEmail = email
	return found
}

// signUp creates an account with a password and a verified address.
func (d *directory) signUp(email string) *user {
	d.lock.Lock()
	defer d.lock.Unlock()
	sub := newSub()
	made := &user{username: sub, sub: sub, email: email, verified: true, status: "CONFIRMED", native: true}
	d.users[sub] = made
	return made
}

// erase deletes an account, as its owner does.
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

// subs counts the users of all tests, which share the table Proofs.
var subs atomic.Int64

func newSub() string { return fmt.Sprintf("0a0b0c0d-0000-4000-8000-%012d", subs.Add(1)) }

// nameOf is the user name of a profile: the pool ignores case, and writes it in lower case.
func nameOf(one identity) string { return strings.ToLower(one.provider + "_" + one.subject) }

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
	if u.email != "" && !u.unsaid {
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
