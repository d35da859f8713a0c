package userpool

import (
	"context"
	"maps"
	"slices"
)

// The operations of this file are authorized by IAM, which has happened when they are called.

// administered names the user whom an administrator means.
type administered struct{ Username string }

// admin finds the user and does something with it.
func (p *Pool) admin(in administered, do func(u *user) (any, error)) (any, error) {
	return locked(p, in, do)
}

func locked[Out any](p *Pool, in administered, do func(u *user) (Out, error)) (Out, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(in.Username)
	if u == nil {
		var none Out
		return none, errNoUser
	}
	return do(u)
}

func attributeList(attributes map[string]string) []attribute {
	list := []attribute{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, attribute{name, attributes[name]})
	}
	return list
}

// description is a user as administrators see it. Times are in seconds since 1970.
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

func (p *Pool) serveAdminGetUser(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		list, preferred := u.settings()
		return struct {
			description
			UserAttributes      []attribute
			UserMFASettingList  []string `json:",omitempty"`
			PreferredMfaSetting string   `json:",omitempty"`
		}{describe(u), attributeList(u.attributes), list, preferred}, nil
	})
}

// listed is a user in lists, whose attributes go by another name.
type listed struct {
	description
	Attributes []attribute
}

func (p *Pool) serveAdminSetUserPassword(_ context.Context, in struct {
	administered
	Password  string
	Permanent bool
},
) (any, error) {
	return p.admin(in.administered, func(u *user) (any, error) {
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
	})
}

func (p *Pool) serveAdminConfirmSignUp(ctx context.Context, in struct {
	administered
	ClientMetadata map[string]string
},
) (any, error) {
	of, err := locked(p, in.administered, func(u *user) (subject, error) {
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
	return p.admin(in.administered, func(u *user) (any, error) {
		_, err := p.update(u, attributes)
		return nothing{}, err
	})
}

func (p *Pool) serveAdminSetUserMFAPreference(_ context.Context, in struct {
	administered
	preferences
},
) (any, error) {
	return p.admin(in.administered, func(u *user) (any, error) {
		if p.pool.MfaConfiguration == "ON" {
			in.preferences = in.withoutDisabled()
		}
		return nothing{}, p.setPreferences(u, in.preferences)
	})
}

// serveAdminDeleteSoftwareToken removes the authenticator, whether the pool requires MFA or not. That there is none is
// no error: the documentation names none for it.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
func (p *Pool) serveAdminDeleteSoftwareToken(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		if u.status == unconfirmed {
			return nil, errNotConfirmed
		}
		u.factors.totp, u.factors.candidate = totpDevice{}, ""
		u.factors.disable(totpMFA)
		u.changed(p.now())
		return nothing{}, nil
	})
}

func (p *Pool) serveAdminUserGlobalSignOut(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		p.endSessions(u)
		return nothing{}, nil
	})
}

func (p *Pool) serveAdminDisableUser(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		u.enabled = false
		p.endSessions(u)
		return nothing{}, nil
	})
}

func (p *Pool) serveAdminEnableUser(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		u.enabled = true
		u.modified = p.now()
		return nothing{}, nil
	})
}

func (p *Pool) serveAdminDeleteUser(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		p.deleteUser(u)
		return nothing{}, nil
	})
}
