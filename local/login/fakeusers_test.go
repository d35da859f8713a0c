package login

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/local/userpool"
)

func (p *fakePool) SignUp(_ context.Context, r userpool.SignUpRequest) (userpool.SignUpResult, error) {
	unlock, err := p.call("SignUp", r.ClientID, r.Username)
	defer unlock()
	switch {
	case err != nil:
		return userpool.SignUpResult{}, err
	case p.users[r.Username] != nil:
		return userpool.SignUpResult{}, refused("UsernameExistsException", "User already exists")
	}
	p.users[r.Username] = &customer{password: r.Password, attributes: r.Attributes}
	return userpool.SignUpResult{Sub: p.name("sub")}, nil
}

func (p *fakePool) withCode(operation string, given userpool.Confirmation, then func(*customer)) error {
	unlock, err := p.call(operation, given.ClientID, given.Username)
	defer unlock()
	switch {
	case err != nil:
		return err
	case p.users[given.Username] == nil || given.Code != rightCode:
		return refused("CodeMismatchException", "Invalid verification code provided, please try again.")
	}
	then(p.users[given.Username])
	return nil
}

func (p *fakePool) ConfirmSignUp(_ context.Context, given userpool.Confirmation) error {
	return p.withCode("ConfirmSignUp", given, func(u *customer) { u.confirmed = true })
}

func (p *fakePool) ConfirmForgotPassword(_ context.Context, given userpool.Confirmation, password string) error {
	return p.withCode("ConfirmForgotPassword", given, func(u *customer) { u.password = password })
}

func (p *fakePool) ResendConfirmationCode(clientID, username string) (userpool.Delivery, error) {
	unlock, err := p.call("ResendConfirmationCode", clientID, username)
	defer unlock()
	return userpool.Delivery{}, err
}

func (p *fakePool) ForgotPassword(clientID, username string) (userpool.Delivery, error) {
	unlock, err := p.call("ForgotPassword", clientID, username)
	defer unlock()
	return userpool.Delivery{}, err
}

func (p *fakePool) SignInFederated(
	_ context.Context, clientID, provider, subject string, attributes map[string]string,
) (string, error) {
	unlock, err := p.call("SignInFederated", clientID, provider, subject)
	defer unlock()
	username := strings.ToLower(provider) + "_" + subject
	p.users[username] = &customer{confirmed: true, attributes: attributes}
	return username, err
}

func (p *fakePool) IssueTokens(_ context.Context, r userpool.TokenRequest) (userpool.Tokens, error) {
	unlock, err := p.call("IssueTokens", r.ClientID, r.Username)
	defer unlock()
	switch {
	case err != nil:
		return userpool.Tokens{}, err
	case p.users[r.Username] == nil:
		return userpool.Tokens{}, refused("NotAuthorizedException", "User is disabled.")
	}
	p.issued = append(p.issued, r)
	return p.tokens(r), nil
}

func (p *fakePool) tokens(r userpool.TokenRequest) userpool.Tokens {
	t := userpool.Tokens{Access: p.name("access"), Refresh: p.name("refresh"), ExpiresIn: time.Hour, Scopes: r.Scopes}
	if slices.Contains(r.Scopes, "openid") {
		t.ID = p.name("id")
	}
	p.refresh[t.Refresh] = r
	return t
}

func (p *fakePool) RefreshTokens(_ context.Context, clientID, refreshToken string) (userpool.Tokens, error) {
	unlock, err := p.call("RefreshTokens", clientID)
	defer unlock()
	r, ok := p.refresh[refreshToken]
	switch {
	case err != nil:
		return userpool.Tokens{}, err
	case !ok || r.ClientID != clientID:
		return userpool.Tokens{}, refused("NotAuthorizedException", "Invalid Refresh Token")
	}
	delete(p.refresh, refreshToken)
	return p.tokens(r), nil
}

func (p *fakePool) Revoke(clientID, token string) error {
	unlock, err := p.call("Revoke", clientID)
	defer unlock()
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(token, "access-"):
		return refused("UnsupportedTokenTypeException", "Unsupported token type.")
	}
	p.revoked = append(p.revoked, token)
	return nil
}

func (p *fakePool) UserInfo(accessToken string) (map[string]any, error) {
	unlock, err := p.call("UserInfo")
	defer unlock()
	switch {
	case err != nil:
		return nil, err
	case !strings.HasPrefix(accessToken, "access-"):
		return nil, refused("NotAuthorizedException", "Invalid access token.")
	}
	return map[string]any{"sub": "sub-1", "email": ada, "email_verified": "true"}, nil
}
