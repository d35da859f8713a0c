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
	if err := p.mine(in.UserPoolID); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(in.Username)
	if u == nil {
		return nil, errNoUser
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

func (p *Pool) serveAdminCreateUser(_ context.Context, in struct {
	administered
	TemporaryPassword string
	UserAttributes    []attribute
	MessageAction     string
},
) (any, error) {
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
	policy := p.pool.Policies.PasswordPolicy
	password := in.TemporaryPassword
	if password == "" {
		password = temporaryPassword(policy)
	}
	if err := conforms(password, policy); err != nil {
		return nil, err
	}
	if in.MessageAction != "" && in.MessageAction != "SUPPRESS" {
		return nil, invalidParameter("MessageAction %s is not served: delete the user and create it again.", in.MessageAction)
	}
	sub := newUUID()
	key := newVerifier(p.name, sub, password)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.find(in.Username) != nil {
		return nil, &Error{"UsernameExistsException", "User account already exists"}
	}
	if attributes["email_verified"] == "" {
		attributes["email_verified"] = "false"
	}
	u := p.newUser(sub, sub, forceChangePassword, attributes)
	u.passwords = []verifier{key}
	u.temporaryUntil = p.now().Add(p.temporaryLife())
	if in.MessageAction == "" {
		invitation := p.pool.AdminCreateUserConfig.InviteMessageTemplate
		p.deliver(mailbox.Email, in.Username, orElse(invitation.EmailSubject, "Your temporary password"),
			orElse(invitation.EmailMessage, "Your username is {username} and temporary password is {####}."), password, in.Username)
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
		if u.status == externalProvider {
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

func (p *Pool) serveAdminConfirmSignUp(_ context.Context, in administered) (any, error) {
	return p.admin(in, func(u *user) (any, error) {
		if u.status != unconfirmed {
			return nil, notAuthorized("User cannot be confirmed. Current status is " + u.status)
		}
		u.status = confirmed
		u.modified = p.now()
		return nothing{}, nil
	})
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
	return p.admin(in.administered, func(u *user) (any, error) { return nothing{}, p.setPreferences(u, in.preferences) })
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
