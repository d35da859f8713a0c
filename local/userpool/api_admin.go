package userpool

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/securecart/identity/local/mailbox"
)

// The operations of this file are authorized by IAM, which has happened when they are called.

// administered names the user whom an administrator means.
type administered struct {
	UserPoolID string `json:"UserPoolId"`
	Username   string
}

// admin finds the user and does something with it.
func (p *Pool) admin(in administered, do func(u *user) (any, error)) (any, error) {
	return locked(p, in, do)
}

func locked[Out any](p *Pool, in administered, do func(u *user) (Out, error)) (Out, error) {
	var none Out
	if err := p.mine(in.UserPoolID); err != nil {
		return none, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(in.Username)
	if u == nil {
		return none, errNoUser
	}
	return do(u)
}

func (p *Pool) mine(pool string) error {
	if pool != p.pool.ID {
		return refuse("ResourceNotFoundException", "User pool %s does not exist.", pool)
	}
	return nil
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
	seconds := func(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
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

// invitation is what AdminCreateUser takes.
type invitation struct {
	administered
	TemporaryPassword string
	UserAttributes    []attribute
	MessageAction     string
	forTriggers
}

func (p *Pool) serveAdminCreateUser(ctx context.Context, in invitation) (any, error) {
	if err := p.mine(in.UserPoolID); err != nil {
		return nil, err
	}
	given, err := attributeMap(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	attributes, err := p.newAttributes(in.Username, given)
	if err != nil {
		return nil, err
	}
	validation, err := in.validation()
	if err != nil {
		return nil, err
	}
	policy := p.pool.Policies.PasswordPolicy
	if in.TemporaryPassword == "" {
		in.TemporaryPassword = temporaryPassword(policy)
	}
	if err := conforms(in.TemporaryPassword, policy); err != nil {
		return nil, err
	}
	if in.MessageAction != "" && in.MessageAction != "SUPPRESS" {
		return nil, invalidParameter("MessageAction %s is not served: delete the user and create it again.", in.MessageAction)
	}
	if p.exists(in.Username) {
		return nil, errUserExists
	}
	sub := newUUID()
	if err := p.preSignUp(ctx, newcomer{sourceAdminCreateUser, noClient, sub, given, validation, in.ClientMetadata}); err != nil {
		return nil, err
	}
	return p.invite(in, sub, attributes)
}

var errUserExists = &Error{"UsernameExistsException", "User account already exists"}

// invite adds the user that the trigger did not refuse.
func (p *Pool) invite(in invitation, sub string, attributes map[string]string) (any, error) {
	key := newVerifier(p.name, sub, in.TemporaryPassword)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.find(in.Username) != nil {
		return nil, errUserExists
	}
	u := p.newUser(sub, sub, forceChangePassword, attributes)
	p.unverified(u)
	u.passwords = []verifier{key}
	u.temporaryUntil = p.now().Add(p.temporaryLife())
	if in.MessageAction == "" {
		template := p.pool.AdminCreateUserConfig.InviteMessageTemplate
		p.deliver(mailbox.Email, in.Username, orElse(template.EmailSubject, "Your temporary password"),
			orElse(template.EmailMessage, "Your username is {username} and temporary password is {####}."), in.TemporaryPassword, in.Username)
	}
	return struct{ User listed }{listed{describe(u), attributeList(u.attributes)}}, nil
}

const defaultTemporaryDays = 7

func (p *Pool) temporaryLife() time.Duration {
	days := p.pool.Policies.PasswordPolicy.TemporaryPasswordValidityDays
	if days == 0 {
		days = defaultTemporaryDays
	}
	return time.Duration(days) * 24 * time.Hour
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
			in.preferences = in.preferences.withoutDisabled()
		}
		return nothing{}, p.setPreferences(u, in.preferences)
	})
}

// serveAdminDeleteSoftwareToken removes the authenticator, whether the pool requires MFA or not. That there is none is no error: the
// documentation names none for it.
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
