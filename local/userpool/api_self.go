package userpool

import "context"

// The operations of this file are what users do to themselves.

// holder is the caller who has an access token.
type holder struct{ AccessToken string }

func (in holder) token() string { return in.AccessToken }

// self authorizes an operation by an access token, and locks the pool while do runs.
func (p *Pool) self(accessToken string, do func(g grant) (any, error)) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	granted, err := p.authorize(accessToken, adminScope)
	if err != nil {
		return nil, err
	}
	return do(granted)
}

func (p *Pool) serveGetUser(g grant, _ holder) (any, error) {
	list, preferred := g.user.settings()
	return struct {
		Username            string
		UserAttributes      []attribute
		UserMFASettingList  []string `json:",omitempty"`
		PreferredMfaSetting string   `json:",omitempty"`
	}{g.user.username, attributeList(shown(g.client, g.user.attributes)), list, preferred}, nil
}

func (p *Pool) serveUpdateUserAttributes(_ context.Context, in struct {
	AccessToken    string
	UserAttributes []attribute
},
) (any, error) {
	attributes, err := attributeMap(in.UserAttributes)
	if err != nil {
		return nil, err
	}
	return p.self(in.AccessToken, func(g grant) (any, error) {
		if err := writable(g.client, attributes); err != nil {
			return nil, err
		}
		if err := p.valid(attributes, false); err != nil {
			return nil, err
		}
		sent, err := p.update(g.user, attributes)
		return struct{ CodeDeliveryDetailsList []Delivery }{sent}, err
	})
}

type codeOfAttribute struct {
	holder
	AttributeName, Code string
}

func (p *Pool) serveGetUserAttributeVerificationCode(g grant, in codeOfAttribute) (any, error) {
	sent, err := p.sendVerification(g.user, in.AttributeName)
	return delivered{sent}, err
}

func (p *Pool) serveVerifyUserAttribute(g grant, in codeOfAttribute) (any, error) {
	return nothing{}, p.verifyAttribute(g.user, in.AttributeName, in.Code)
}

type changedPassword struct {
	holder
	PreviousPassword, ProposedPassword string
}

func (p *Pool) serveChangePassword(g grant, in changedPassword) (any, error) {
	guesses := "change password " + g.user.username
	if p.counted(guesses) >= codeAttempts {
		return nil, errTooMany
	}
	if len(g.user.passwords) == 0 || !g.user.passwords[0].matches(p.name, g.user.username, in.PreviousPassword) {
		p.count(guesses)
		return nil, errWrongPassword
	}
	p.counts.Remove(guesses)
	return nothing{}, p.setPassword(g.user, in.ProposedPassword)
}

type ownPreferences struct {
	holder
	preferences
}

func (p *Pool) serveSetUserMFAPreference(g grant, in ownPreferences) (any, error) {
	return nothing{}, p.setPreferences(g.user, in.preferences)
}

// preferences are the members of SetUserMFAPreference and AdminSetUserMFAPreference.
type preferences struct {
	SMSMfaSettings, SoftwareTokenMfaSettings, EmailMfaSettings, WebAuthnMfaSettings *preference
}

// withoutDisabled leaves out the factors to switch off. Where MFA is required, AdminSetUserMFAPreference is reported to
// answer with success and to change nothing. AdminDeleteSoftwareToken removes an authenticator there.
func (wishes preferences) withoutDisabled() preferences {
	for _, wish := range []**preference{&wishes.SMSMfaSettings, &wishes.SoftwareTokenMfaSettings} {
		if *wish != nil && !(*wish).Enabled && !(*wish).PreferredMfa {
			*wish = nil
		}
	}
	return wishes
}

func (p *Pool) setPreferences(u *user, wishes preferences) error {
	for name, wish := range map[string]*preference{
		"EMAIL_OTP": wishes.EmailMfaSettings, "WEB_AUTHN": wishes.WebAuthnMfaSettings,
	} {
		if wish != nil && wish.Enabled {
			return invalidParameter("%s is not enabled for the user pool", name)
		}
	}
	return p.prefer(u, map[string]*preference{smsMFA: wishes.SMSMfaSettings, totpMFA: wishes.SoftwareTokenMfaSettings})
}

func (p *Pool) serveGlobalSignOut(g grant, _ holder) (any, error) {
	p.endSessions(g.user)
	return nothing{}, nil
}

func (p *Pool) serveDeleteUser(g grant, _ holder) (any, error) {
	p.deleteUser(g.user)
	return nothing{}, nil
}
