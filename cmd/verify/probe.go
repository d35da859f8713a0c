package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/test/e2e"
)

// probe asks one open question of docs/aws.md.
type probe struct {
	// id is the question's row there.
	id, question string
	// ask returns a verdict and the observation. An error means that there is no answer.
	ask func(context.Context, *bench) (verdict, string, error)
}

// patience is how long one probe may take: an authenticator's next code takes half a minute, and some wait for several.
const patience = 5 * time.Minute

// answerOf runs a probe, and removes everything that it created, even after a failure.
func (p probe) answerOf(ctx context.Context, b *bench) answer {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	v, seen, err := p.ask(within, b)
	// Not ctx: an interrupted run cleans up, too.
	err = errors.Join(err, b.clearUp(context.WithoutCancel(ctx)))
	if err != nil {
		v, seen = unanswered, strings.ReplaceAll(strings.Join([]string{seen, err.Error()}, " "), "\n", "; ")
	}
	return answer{ID: p.id, Question: p.question, Verdict: v, Seen: strings.TrimSpace(seen)}
}

// bench is the environment of one probe.
type bench struct {
	*e2e.Running

	users *cognitoidentityprovider.Client
	made  []func(context.Context) error
}

func newBench(stage *e2e.Running) *bench {
	return &bench{Running: stage, users: cognitoidentityprovider.NewFromConfig(stage.AWS())}
}

func (b *bench) later(remove func(context.Context) error) { b.made = append(b.made, remove) }

func (b *bench) clearUp(ctx context.Context) error {
	var errs []error
	for _, remove := range b.made {
		errs = append(errs, remove(ctx))
	}
	return errors.Join(errs...)
}

// invent returns a customer who has not signed up yet.
func (b *bench) invent() *e2e.Customer {
	c := e2e.NewCustomer("Probe")
	b.later(func(ctx context.Context) error { return b.Remove(ctx, c.Email) })
	return c
}

// customer returns a customer with a confirmed address, proven by the verifier, and without a factor.
func (b *bench) customer(ctx context.Context) (*e2e.Customer, e2e.Verifier, error) {
	c, v := b.invent(), e2e.NewVerifier()
	return c, v, b.SignUp(ctx, c, v)
}

// visitor is a customer who has opened the settings, and the tokens of Account.
func (b *bench) visitor(ctx context.Context) (*e2e.Customer, e2e.Verifier, e2e.Tokens, error) {
	c, v, err := b.customer(ctx)
	if err != nil {
		return nil, "", e2e.Tokens{}, err
	}
	account, err := b.SignInProving(ctx, c, b.AccountClientID, v)
	return c, v, account, err
}

// protected is a customer with a sealed authenticator, and the stepped-up tokens.
func (b *bench) protected(ctx context.Context) (*e2e.Customer, e2e.Tokens, error) {
	c, v, err := b.customer(ctx)
	if err != nil {
		return nil, e2e.Tokens{}, err
	}
	tokens, err := b.Protect(ctx, c, v)
	return c, tokens, err
}

// look reads the customer as an administrator.
func (b *bench) look(ctx context.Context, c *e2e.Customer) (*cognitoidentityprovider.AdminGetUserOutput, error) {
	return b.users.AdminGetUser(
		ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: &b.UserPoolID, Username: &c.Email},
	)
}

// requiresFactor reports whether the stage requires a factor: a first sign-in then stops at MFA_SETUP.
func (b *bench) requiresFactor(ctx context.Context, c *e2e.Customer) (bool, error) {
	begun, err := b.Begin(ctx, c, b.WebClientID, "")
	if err != nil {
		return false, err
	}
	return begun.Challenge() == types.ChallengeNameTypeMfaSetup, nil
}

// outcome abbreviates an AWS response: "accepted", or the error's code. Errors without a code do not come from AWS.
func outcome(err error) (string, error) {
	if err == nil {
		return "accepted", nil
	}
	if code := e2e.ErrorCode(err); code != "" {
		return code, nil
	}
	return "", err
}

// login calls managed login.
func (b *bench) login(ctx context.Context, method, path string) (status int, err error) {
	client := b.Browser()
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, method, b.ManagedLoginURL+path, strings.NewReader("{}"))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, fmt.Errorf("call managed login: %w", err)
	}
	return response.StatusCode, response.Body.Close()
}
