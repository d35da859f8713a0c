package userpool

import "context"

// ForgotPassword sends a code to the user's verified address. The answer is the same for users who do not exist, are
// disabled or have no such address: every client prevents user existence errors.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func (p *Pool) ForgotPassword(clientID, username string) (Delivery, error) {
	if _, err := p.client(clientID); err != nil {
		return Delivery{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	if u != nil && u.enabled && (u.status == forceChangePassword || !u.mayHavePassword()) {
		return Delivery{}, errNotReset
	}
	if err := p.mayRequestCode(forPassword, p.who(username)); err != nil {
		return Delivery{}, err
	}
	if u == nil || !u.enabled || u.attributes["email_verified"] != "true" {
		return p.withheld(u, username), nil
	}
	return p.send(u, forPassword, "email", u.attributes["email"], forgotPasswordCodeLife), nil
}

// serveAdminResetUserPassword sends a code, as ForgotPassword does, to a user who must then replace the password. From
// then on the password no longer signs in, and earlier access tokens are refused. Refresh tokens go on: their operation
// has no such error. Whether AWS still calls a wrong password wrong is not documented; here it does.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/468
func (p *Pool) serveAdminResetUserPassword(u *user, _ administered) (any, error) {
	switch {
	case !u.enabled:
		return nil, errDisabled
	case u.status == forceChangePassword || !u.mayHavePassword():
		return nil, errNotReset
	case u.attributes["email_verified"] != "true":
		return nil, errNoRecovery
	}
	u.status = resetRequired
	u.changed(p.now())
	p.send(u, forPassword, "email", u.attributes["email"], forgotPasswordCodeLife)
	return nothing{}, nil
}

// ConfirmForgotPassword sets a new password by a code, ends a lockout, and calls the post confirmation trigger. Earlier
// sessions go on, as on AWS. The password stays changed if the trigger fails.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
func (p *Pool) ConfirmForgotPassword(ctx context.Context, given Confirmation, password string) error {
	of, err := p.confirmForgotPassword(given, password)
	if err != nil {
		return err
	}
	return p.postConfirmation(ctx, sourceConfirmForgotPassword, given.ClientID, of, given.ClientMetadata)
}

func (p *Pool) confirmForgotPassword(given Confirmation, password string) (subject, error) {
	if _, err := p.client(given.ClientID); err != nil {
		return subject{}, err
	}
	// Before the code, so that a refused password does not use it up.
	if err := conforms(password, p.pool.Policies.PasswordPolicy); err != nil {
		return subject{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(given.Username)
	who := p.who(given.Username)
	if u != nil && u.codes[forPassword].value == "" {
		// No code was sent. The answer must be as if one had been.
		u = nil
	}
	if err := p.checkCode(u, who, forPassword, given.Code); err != nil {
		return subject{}, err
	}
	if err := p.setPassword(u, password); err != nil {
		return subject{}, err
	}
	if u.status == resetRequired {
		u.status = confirmed
	}
	u.forgetCodes(forPassword)
	p.succeeded(u.username)
	return u.snapshot(), nil
}
