package userpool

import "strings"

// takeNewPassword replaces a temporary password.
func (p *Pool) takeNewPassword(s *session, u *user, responses map[string]string) error {
	attributes := map[string]string{}
	for name, value := range responses {
		attribute, ok := strings.CutPrefix(name, "userAttributes.")
		if !ok {
			continue
		}
		if u.attributes[attribute] != "" && verifiedFlag[attribute] != "" {
			return notAuthorized("Cannot modify an already provided " + attribute)
		}
		attributes[attribute] = value
	}
	if err := writable(s.client, attributes); err != nil {
		return err
	}
	if err := p.valid(attributes, false); err != nil {
		return err
	}
	if err := p.setPassword(u, responses["NEW_PASSWORD"]); err != nil {
		return err
	}
	if err := p.store(u, attributes); err != nil {
		return err
	}
	u.status = confirmed
	s.epoch, s.source = u.epoch, newPasswordChallenge
	return nil
}

// takeSetup ends MFA_SETUP, after the first code of the new authenticator.
func (p *Pool) takeSetup(s *session, u *user) error {
	if s.device.secret == "" {
		return invalidParameter(
			"Verify a software token with this session first, and answer with the session of that answer.")
	}
	u.factors.totp = s.device
	u.factors.enable(totpMFA)
	u.factors.preferred = totpMFA
	u.changed(p.now())
	return nil
}

// AssociateSoftwareToken answers MFA_SETUP at managed login with a new secret for an authenticator app, in base32, and
// the next session.
func (p *Pool) AssociateSoftwareToken(session string) (secret, next string, err error) {
	return p.associateWithSession(session, true)
}

func (p *Pool) associateWithSession(id string, hosted bool) (secret, next string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, _, err := p.session(id, mfaSetup, hosted)
	if err != nil {
		return "", "", err
	}
	if !p.offered(totpMFA) {
		return "", "", errNoTOTP
	}
	s.secret, s.device = newTOTPSecret(), totpDevice{}
	p.sessions.Remove(id)
	return s.secret, p.ask(s, mfaSetup, map[string]string{}).Session, nil
}

// VerifySoftwareToken takes the first code of the app. The returned session answers MFA_SETUP.
func (p *Pool) VerifySoftwareToken(session, code, deviceName string) (next string, err error) {
	return p.verifyWithSession(session, code, deviceName, true)
}

func (p *Pool) verifyWithSession(id, code, deviceName string, hosted bool) (next string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, _, err := p.session(id, mfaSetup, hosted)
	if err != nil {
		return "", err
	}
	device, err := confirmTOTP(s.secret, code, deviceName, p.now())
	if err != nil {
		return "", err
	}
	s.device = device
	p.sessions.Remove(id)
	return p.ask(s, mfaSetup, map[string]string{}).Session, nil
}

// SetUpSMS answers MFA_SETUP with a phone number (E.164), as managed login does. An SMS_MFA challenge follows. The
// number becomes the user's when its code is entered.
func (p *Pool) SetUpSMS(clientID, session, phoneNumber string) (*Challenge, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, _, err := p.session(session, mfaSetup, true)
	if err != nil {
		return nil, err
	}
	if s.client.ID != clientID {
		return nil, errSession
	}
	if !p.offered(smsMFA) {
		return nil, invalidParameter("SMS MFA is not enabled for the user pool")
	}
	number := map[string]string{"phone_number": phoneNumber}
	if err := writable(s.client, number); err != nil {
		return nil, err
	}
	if err := p.valid(number, false); err != nil || phoneNumber == "" {
		return nil, invalidParameter("Invalid phone number format.")
	}
	s.phone = phoneNumber
	next, err := p.askBySMS(s, phoneNumber)
	if err == nil {
		p.sessions.Remove(session)
	}
	return next, err
}
