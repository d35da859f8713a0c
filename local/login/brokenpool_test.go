package login

import (
	"context"

	"github.com/securecart/identity/local/userpool"
)

var _ Pool = (*userpool.Pool)(nil)

// unasked is a user pool that panics when it is asked anything.
type unasked struct{ Pool }

// brokenPool is a user pool that answers everything with err. What it has no method for is not asked.
type brokenPool struct {
	Pool
	err error
}

func (p brokenPool) SignInWithPassword(string, string, string) (*userpool.Challenge, error) {
	return nil, p.err
}

func (p brokenPool) AnswerChallenge(userpool.Answer) (*userpool.Challenge, error) { return nil, p.err }

func (p brokenPool) SignUp(context.Context, userpool.SignUpRequest) (userpool.SignUpResult, error) {
	return userpool.SignUpResult{}, p.err
}

func (p brokenPool) ConfirmSignUp(context.Context, userpool.Confirmation) error { return p.err }

func (p brokenPool) ResendConfirmationCode(string, string) (userpool.Delivery, error) {
	return userpool.Delivery{}, p.err
}

func (p brokenPool) ForgotPassword(string, string) (userpool.Delivery, error) {
	return userpool.Delivery{}, p.err
}

func (p brokenPool) ConfirmForgotPassword(context.Context, userpool.Confirmation, string) error {
	return p.err
}

func (p brokenPool) IssueTokens(context.Context, userpool.TokenRequest) (userpool.Tokens, error) {
	return userpool.Tokens{}, p.err
}

func (p brokenPool) RefreshTokens(context.Context, string, string) (userpool.Tokens, error) {
	return userpool.Tokens{}, p.err
}

func (p brokenPool) Revoke(string, string) error { return p.err }

func (p brokenPool) UserInfo(string) (map[string]any, error) { return nil, p.err }
