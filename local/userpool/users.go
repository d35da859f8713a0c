package userpool

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// States of a user.
// https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
const (
	unconfirmed         = "UNCONFIRMED"
	confirmed           = "CONFIRMED"
	forceChangePassword = "FORCE_CHANGE_PASSWORD"
	resetRequired       = "RESET_REQUIRED"
	externalProvider    = "EXTERNAL_PROVIDER"
)

// user is one user. The pool's mutex guards it.
type user struct {
	// username is the sub of a user who signed up here, and usernameOf the identity of a federated user.
	username, status string
	// own is the identity that made the user, as its provider writes it. It is empty if the user signed up here.
	own               identity
	enabled           bool
	created, modified time.Time
	// attributes hold sub, too; flags are "true" or "false".
	attributes map[string]string
	// pending are new values of attributes that wait for verification by a code.
	pending map[string]string
	codes   map[string]code
	// passwords are the current password and the former ones that the policy compares. Federated users have none.
	passwords []verifier
	// temporaryUntil is when a temporary password ends.
	temporaryUntil time.Time
	factors        factors
	groups         []string
	// links are the identities at providers that sign in as this user, oldest first.
	links []link
	// passwordOff says that an administrator has switched the password off for good.
	passwordOff bool
	// epoch changes with each event that ends sign-ins under way.
	epoch int
	// families are the ids of the user's sessions, oldest first.
	families []string
}

func (u *user) sub() string { return u.attributes["sub"] }

// mayHavePassword tells whether a user may sign in by a password at all.
func (u *user) mayHavePassword() bool { return u.status != externalProvider && !u.passwordOff }

// changed makes earlier challenges void, after a change of a password, a second factor or the right to sign in.
func (u *user) changed(now time.Time) {
	u.modified = now
	u.epoch++
}

// fold returns the form in which user names and e-mail addresses are compared.
func (p *Pool) fold(email string) string {
	if p.pool.UsernameConfiguration.CaseSensitive {
		return email
	}
	return strings.ToLower(email)
}

// find returns the user of a user name, or the one who signed up with an e-mail address.
func (p *Pool) find(name string) *user {
	if u := p.named(name); u != nil {
		return u
	}
	return p.emails[p.fold(name)]
}

// named returns the user of a user name, or nil. It takes no address.
func (p *Pool) named(username string) *user { return p.users[p.fold(username)] }

// who returns the key of a user's limits, whether the user exists or not.
func (p *Pool) who(name string) string {
	if u := p.find(name); u != nil {
		return u.username
	}
	return p.fold(name)
}

func (p *Pool) newUser(username, sub, status string, attributes map[string]string) *user {
	now := p.now()
	attributes["sub"] = sub
	u := &user{
		username: username, status: status, enabled: true, created: now, modified: now, attributes: attributes,
		pending: map[string]string{}, codes: map[string]code{},
	}
	p.users[username] = u
	if status != externalProvider {
		p.emails[p.fold(attributes["email"])] = u
	}
	return u
}

// setEmail changes the address that a user signs in with.
func (p *Pool) setEmail(u *user, email string) error {
	if u.status != externalProvider {
		if other := p.emails[p.fold(email)]; other != nil && other != u {
			return errEmailTaken
		}
		delete(p.emails, p.fold(u.attributes["email"]))
		p.emails[p.fold(email)] = u
	}
	u.attributes["email"] = email
	return nil
}

func (p *Pool) deleteUser(u *user) {
	p.endSessions(u)
	for _, linked := range u.links {
		delete(p.links, linked.identity)
	}
	delete(p.users, u.username)
	if p.emails[p.fold(u.attributes["email"])] == u {
		delete(p.emails, p.fold(u.attributes["email"]))
	}
}

// endSessions voids every token and every sign-in of a user.
func (p *Pool) endSessions(u *user) {
	for _, id := range u.families {
		delete(p.families, id)
	}
	u.families = nil
	u.changed(p.now())
}

// sorted returns all users, oldest first.
func (p *Pool) sorted() []*user {
	return slices.SortedFunc(maps.Values(p.users), func(a, b *user) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.username, b.username))
	})
}
