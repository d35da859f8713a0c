package userpool

import (
	"context"
	"maps"
	"slices"
)

// The operations of this file need AWS credentials. IAM has authorized the caller when they run.

// administered names the user that an administrator's operation is about.
type administered struct{ Username string }

func (in administered) username() string { return in.Username }

func attributeList(attributes map[string]string) []attribute {
	list := []attribute{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, attribute{name, attributes[name]})
	}
	return list
}

// description is what administrators see of a user. Times are in seconds since 1970.
type description struct {
	Username             string
	UserStatus           string
	Enabled              bool
	UserCreateDate       float64
	UserLastModifiedDate float64
}

func describe(u *user) description {
	return description{u.username, u.status, u.enabled, seconds(u.created), seconds(u.modified)}
}

func (p *Pool) serveAdminGetUser(u *user, _ administered) (any, error) {
	list, preferred := u.settings()
	return struct {
		description
		UserAttributes      []attribute
		UserMFASettingList  []string `json:",omitempty"`
		PreferredMfaSetting string   `json:",omitempty"`
	}{describe(u), attributeList(u.attributes), list, preferred}, nil
}

// listed is a user in a list, where the attributes have another name.
type listed struct {
	description
	Attributes []attribute
}

type newPassword struct {
	administered
	Password  string
	Permanent bool
}

func (p *Pool) serveAdminSetUserPassword(u *user, in newPassword) (any, error) {
	if !u.mayHavePassword() {
		return nil, invalidParameter("Cannot set a password for a user of an identity provider.")
	}
	if err := p.setPassword(u, in.Password); err != nil {
		return nil, err
	}
	u.status = confirmed
	if !in.Permanent {
		u.status, u.temporaryUntil = forceChangePassword, p.now().Add(p.temporaryLife())
	}
	return nothing{}, nil
}

func (p *Pool) serveAdminConfirmSignUp(ctx context.Context, in struct {
	administered
	ClientMetadata map[string]string
},
) (any, error) {
	of, err := withUser(p, in, func(u *user) (subject, error) {
		if u.status != unconfirmed {
			return subject{}, notAuthorized("User cannot be confirmed. Current status is " + u.status)
		}
		u.status = confirmed
		u.modified = p.now()
		return u.snapshot(), nil
	})
	if err != nil {
		return nil, err
	}
	return nothing{}, p.postConfirmation(ctx, sourceConfirmSignUp, noClient, of, in.ClientMetadata)
}

func (p *Pool) serveAdminUpdateUserAttributes(_ context.Context, in struct {
	administered
	UserAttributes []attribute
},
) (any, error) {
	attributes, err := attributeMap(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	if err := p.valid(attributes, false); err != nil {
		return nil, err
	}
	return withUser(p, in, func(u *user) (any, error) {
		_, err := p.update(u, attributes)
		return nothing{}, err
	})
}

type preferencesOf struct {
	administered
	preferences
}

func (p *Pool) serveAdminSetUserMFAPreference(u *user, in preferencesOf) (any, error) {
	if p.pool.MfaConfiguration == "ON" {
		in.preferences = in.withoutDisabled()
	}
	return nothing{}, p.setPreferences(u, in.preferences)
}

// serveAdminDeleteSoftwareToken removes the authenticator, whether the pool requires MFA or not. A user without an
// authenticator is no error: the documentation names none for it.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
func (p *Pool) serveAdminDeleteSoftwareToken(u *user, _ administered) (any, error) {
	if u.status == unconfirmed {
		return nil, errNotConfirmed
	}
	u.factors.totp, u.factors.candidate = totpDevice{}, ""
	u.factors.disable(totpMFA)
	u.changed(p.now())
	return nothing{}, nil
}

func (p *Pool) serveAdminUserGlobalSignOut(u *user, _ administered) (any, error) {
	p.endSessions(u)
	return nothing{}, nil
}

func (p *Pool) serveAdminDisableUser(u *user, _ administered) (any, error) {
	u.enabled = false
	p.endSessions(u)
	return nothing{}, nil
}

func (p *Pool) serveAdminEnableUser(u *user, _ administered) (any, error) {
	u.enabled = true
	u.modified = p.now()
	return nothing{}, nil
}

func (p *Pool) serveAdminDeleteUser(u *user, _ administered) (any, error) {
	p.deleteUser(u)
	return nothing{}, nil
}
