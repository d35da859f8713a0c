package userpool

// ForgotPassword sends a code to the user's verified address. Somebody who does not exist, is disabled or has no such address
// gets the same answer, if the client prevents user existence errors.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func (p *Pool) ForgotPassword(clientID, username string) (Delivery, error) {
	client, err := p.client(clientID)
	if err != nil {
		return Delivery{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	if u != nil && u.enabled && (u.status == forceChangePassword || u.status == externalProvider) {
		return Delivery{}, notAuthorized("User password cannot be reset in the current state.")
	}
	if err := p.mayRequestCode(forPassword, p.who(username)); err != nil {
		return Delivery{}, err
	}
	if u == nil || !u.enabled || u.attributes["email_verified"] != "true" {
		return p.withheld(client, u, username)
	}
	return p.send(u, forPassword, "email", u.attributes["email"], forgotPasswordCodeLife), nil
}

// ConfirmForgotPassword takes the code and the new password, and ends a lockout. Sessions of before go on, as on AWS.
func (p *Pool) ConfirmForgotPassword(clientID, username, code, password string) error {
	client, err := p.client(clientID)
	if err != nil {
		return err
	}
	// Before the code, so that a password that will not do does not use the code up.
	if err := conforms(password, p.pool.Policies.PasswordPolicy); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(username)
	if u == nil && !hides(client) {
		return errNoUser
	}
	who := p.who(username)
	if u != nil && u.codes[forPassword].value == "" {
		// Nothing was sent, which must look as if it had been.
		u = nil
	}
	if err := p.checkCode(u, who, forPassword, code); err != nil {
		return err
	}
	if err := p.setPassword(u, password); err != nil {
		return err
	}
	u.forgetCodes(forPassword)
	p.succeeded(u.username)
	return nil
}
