package userpool

import (
	"cmp"
	"context"
	"time"

	"github.com/securecart/identity/local/mailbox"
)

// invitation is the request of AdminCreateUser.
type invitation struct {
	administered
	TemporaryPassword string
	UserAttributes    []attribute
	MessageAction     string
	forTriggers
}

func (p *Pool) serveAdminCreateUser(ctx context.Context, in invitation) (any, error) {
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
	in.TemporaryPassword = cmp.Or(in.TemporaryPassword, temporaryPassword(policy))
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
	if err := p.preSignUp(ctx,
		newcomer{sourceAdminCreateUser, noClient, sub, given, validation, in.ClientMetadata}); err != nil {
		return nil, err
	}
	return p.invite(in, sub, attributes)
}

var errUserExists = &Error{"UsernameExistsException", "User account already exists"}

// invite adds a user, after the trigger has accepted it.
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
		p.deliver(mailbox.Email, in.Username, cmp.Or(template.EmailSubject, "Your temporary password"),
			cmp.Or(template.EmailMessage, "Your username is {username} and temporary password is {####}."), in.TemporaryPassword,
			in.Username)
	}
	return struct{ User listed }{listed{describe(u), attributeList(u.attributes)}}, nil
}

const defaultTemporaryDays = 7

func (p *Pool) temporaryLife() time.Duration {
	days := cmp.Or(p.pool.Policies.PasswordPolicy.TemporaryPasswordValidityDays, defaultTemporaryDays)
	return time.Duration(days) * 24 * time.Hour
}
