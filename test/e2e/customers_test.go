package e2e_test

import (
	"net/http"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// proven returns a customer who has just confirmed the address, and the verifier of the browser that confirmed it.
func proven(t *testing.T, stage *e2e.Running) (*e2e.Customer, e2e.Verifier) {
	t.Helper()
	c, v := customer(t, stage), e2e.NewVerifier()
	must.Do(t, stage.SignUp(t.Context(), c, v))
	return c, v
}

// protected returns a customer with a sealed factor, and the tokens of the sign-in that sealed it.
func protected(t *testing.T, stage *e2e.Running) (*e2e.Customer, e2e.Tokens) {
	t.Helper()
	c, v := proven(t, stage)
	return c, protects(t, stage, c, v)
}

// protects demands that a customer with a proven mailbox can seal a factor, and buy with the tokens that it returns.
func protects(t *testing.T, stage *e2e.Running, c *e2e.Customer, v e2e.Verifier) e2e.Tokens {
	t.Helper()
	tokens := must.Get(stage.Protect(t.Context(), c, v))(t)
	honest(t, stage, tokens)
	return tokens
}

// refused demands the error NotAuthorizedException of Cognito.
func refused(t *testing.T, what string, err error) {
	t.Helper()
	if e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("%s: got %v, want NotAuthorizedException", what, err)
	}
}

// opensNoSettings demands that every self-service operation of the user pool refuses a token.
func opensNoSettings(t *testing.T, stage *e2e.Running, what string, tokens e2e.Tokens) {
	t.Helper()
	for name, try := range stage.SelfService(tokens.Access) {
		refused(t, what+": "+name, try(t.Context()))
	}
}

// signIn demands that a sign-in works, and returns its tokens.
func signIn(t *testing.T, stage *e2e.Running, c *e2e.Customer, clientID string, v e2e.Verifier) e2e.Tokens {
	t.Helper()
	tokens := must.Get(stage.SignInProving(t.Context(), c, clientID, v))(t)
	return tokens
}

// recovered chooses a new password with a mailed code, and returns the browser's verifier.
func recovered(t *testing.T, stage *e2e.Running, c *e2e.Customer) e2e.Verifier {
	t.Helper()
	v := e2e.NewVerifier()
	must.Do(t, stage.Recover(t.Context(), c, v))
	return v
}

// buys returns the status of a change that only a stepped-up token may make. The change needs no product and leaves no
// order.
func buys(t *testing.T, stage *e2e.Running, tokens e2e.Tokens) int {
	t.Helper()
	call := e2e.Request("PUT /payment-method")
	call.Token = tokens.Access
	answer := must.Get(stage.Do(t.Context(), call))(t)
	return answer.Status
}

// worthNothing demands that tokens carry no scope, buy nothing and open no settings.
func worthNothing(t *testing.T, stage *e2e.Running, what string, tokens e2e.Tokens) {
	t.Helper()
	if got := tokens.Scopes(); len(got) > 0 {
		t.Errorf("%s: the token carries %q, want nothing", what, got)
	}
	if got := buys(t, stage, tokens); got != http.StatusUnauthorized {
		t.Errorf("%s: got %d for a new payment method, want 401", what, got)
	}
	opensNoSettings(t, stage, what, tokens)
}

// honest demands that a customer can buy.
func honest(t *testing.T, stage *e2e.Running, tokens e2e.Tokens) {
	t.Helper()
	if got := buys(t, stage, tokens); got != http.StatusNoContent {
		t.Errorf("the honest customer: got %d for a new payment method, want 204; scopes %q", got, tokens.Scopes())
	}
}

// factor demands that GET /links reports this state of the second factor.
func factor(t *testing.T, stage *e2e.Running, tokens e2e.Tokens, want string, buys bool) {
	t.Helper()
	links := must.Get(stage.Links(t.Context(), tokens))(t)
	if links.Factor != want || links.CanBuy != buys {
		t.Errorf("got %+v, want a factor that is %s, and canBuy %t", links, want, buys)
	}
}

// onlyHere skips tests that need the local stage's inbox or identity providers.
func onlyHere(t *testing.T, stage *e2e.Running) {
	t.Helper()
	if !stage.Local() {
		t.Skip("nobody can read the mail of a stage on AWS, or sign in at a provider's own page")
	}
}
