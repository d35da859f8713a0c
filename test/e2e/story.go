package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/contract"
)

// Cast holds the people of the story and of the matrix, with their tokens and credentials.
type Cast struct {
	Stage *Running
	// Jane walks through the story. Other is a customer whose orders and documents Jane must not reach.
	Jane, Other *Customer
	// Grace signs in with Google, and creates an account with a password during the story.
	Grace *Customer

	// Web, SteppedUp and Account are Jane's tokens of the three app clients.
	Web, SteppedUp, Account Tokens
	// Guest and Own are AWS credentials: a guest's and Jane's.
	Guest, Own *aws.Credentials
	// OtherSub is the id under which Other's orders are stored.
	OtherSub string
	// Federated holds the Web tokens of a customer of Facebook without a connected account. It is empty if Facebook is not
	// a local provider.
	Federated Tokens
	// Sku is a product that is for sale.
	Sku string
	// Order is the id of Jane's order.
	Order string

	// verifier is the secret of Jane's browser, used from the code to the sealed factor.
	verifier Verifier
	// google holds Grace's Web tokens of a sign-in with Google.
	google Tokens
	offer  offer
}

// NewCast returns people who have not signed up yet.
func NewCast(stage *Running) *Cast {
	return &Cast{
		Stage: stage, Jane: NewCustomer("Jane Doe"), Other: NewCustomer("John Doe"), Grace: NewCustomer("Grace Hopper"),
	}
}

// Customers returns the customers who may have signed up.
func (c *Cast) Customers() []*Customer { return []*Customer{c.Jane, c.Other, c.Grace} }

// Step is a step of the story.
type Step struct {
	// Title says who does what.
	Title string
	// Do runs the step and describes the result in a few words. The error names the expected result.
	Do func(context.Context, *Cast) (string, error)
}

// Story returns the steps of two customers and two thieves through the shop. Each step needs the results of the steps
// before it. Grace's part is left out if Google is not a local provider.
func Story(stage *Running) []Step {
	steps := slices.Concat(janeShops(), thieves())
	if stage.Local() {
		steps = append(steps, graceConnects()...)
	}
	return append(steps, Step{"Jane proves her mailbox again and opens her account's settings", openSettings})
}

// Farewell returns the last step of the story.
func Farewell() Step {
	return Step{"John signs out, and his refresh token is worth nothing", signOut}
}

func janeShops() []Step {
	return []Step{
		{"anybody asks for orders", expect(http.StatusUnauthorized, with("GET /orders"))},
		{"a guest gets AWS credentials and browses products", browse},
		{"a guest tries to check out", expect(http.StatusUnauthorized, func(c *Cast) Call {
			return c.checkout(c.Guest, "")
		})},
		{"Jane signs up and confirms her address", signUp},
		{"Jane signs in: password by SRP, app client Web", signInWeb},
		{"the shop files an invoice among Jane's documents", fileInvoice},
		{"Jane reads her orders", expect(http.StatusOK, func(c *Cast) Call {
			return Call{Method: "GET", Path: "/orders", Token: c.Web.Access}
		})},
		{"Jane checks out with that token", expect(http.StatusUnauthorized, func(c *Cast) Call {
			return c.checkout(nil, c.Web.Access)
		})},
		{"Jane enrols an authenticator, and seals it with the next code", protect},
		{"Jane checks out", placeOrder},
		{"Jane checks out again with the same Idempotency-Key", placeAgain},
		{"Jane changes how she pays", expect(http.StatusNoContent, func(c *Cast) Call {
			call := Request("PUT /payment-method")
			call.Token = c.SteppedUp.Access
			return call
		})},
		{"Jane reads her orders", readOrders},
	}
}

// expect returns a step that makes one call and checks its status.
func expect(status int, call func(*Cast) Call) func(context.Context, *Cast) (string, error) {
	return func(ctx context.Context, c *Cast) (string, error) {
		answer, err := c.Stage.Do(ctx, call(c))
		if err != nil {
			return "", err
		}
		return answer.must(status)
	}
}

// must returns an error that quotes the answer if its status is not the wanted one.
func (a Answer) must(status int) (string, error) {
	if a.Status != status {
		return "", fmt.Errorf("got %d, want %d: %s", a.Status, status, a.Body)
	}
	return fmt.Sprint(status), nil
}

func browse(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.Guest, err = c.Stage.Credentials(ctx, ""); err != nil {
		return "", err
	}
	products, err := c.Stage.Products(ctx, c.Guest)
	if err != nil {
		return "", err
	}
	c.Sku = products[0].Sku
	return fmt.Sprintf("200, %d products, %s among them", len(products), products[0].Name), nil
}

func signUp(ctx context.Context, c *Cast) (string, error) {
	c.verifier = NewVerifier()
	return "confirmed", errors.Join(c.Stage.SignUp(ctx, c.Jane, c.verifier), c.Stage.SignUp(ctx, c.Other, ""))
}

func signInWeb(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.Web, err = c.Stage.SignIn(ctx, c.Jane, c.Stage.WebClientID); err != nil {
		return "", err
	}
	other, err := c.Stage.SignIn(ctx, c.Other, c.Stage.WebClientID)
	if err != nil {
		return "", err
	}
	c.OtherSub = other.Sub()
	if c.Own, err = c.Stage.Credentials(ctx, c.Web.ID); err != nil {
		return "", err
	}
	return scopes(c.Web, contract.BrowseScopes()...)
}

// scopes demands that a token carries exactly these scopes.
func scopes(t Tokens, want ...string) (string, error) {
	want = slices.Sorted(slices.Values(want))
	if got := t.Scopes(); !slices.Equal(got, want) {
		return "", fmt.Errorf("the access token carries %q, want %q", got, want)
	}
	return "scopes " + strings.ReplaceAll(strings.Join(want, " "), contract.ResourceServer+"/", ""), nil
}

func protect(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.SteppedUp, err = c.Stage.Protect(ctx, c.Jane, c.verifier); err != nil {
		return "", err
	}
	return scopes(c.SteppedUp, ElevatedScopes()...)
}

// ElevatedScopes returns the scopes of a stepped-up token.
func ElevatedScopes() []string {
	return append(contract.HighRiskScopes(), contract.ReadScopes()...)
}

func openSettings(ctx context.Context, c *Cast) (string, error) {
	v := NewVerifier()
	if err := c.Stage.Recover(ctx, c.Jane, v); err != nil {
		return "", err
	}
	var err error
	if c.Account, err = c.Stage.SignInProving(ctx, c.Jane, c.Stage.AccountClientID, v); err != nil {
		return "", err
	}
	return scopes(c.Account, contract.Admin)
}

func signOut(ctx context.Context, c *Cast) (string, error) {
	signedIn, err := c.Stage.SignIn(ctx, c.Other, c.Stage.WebClientID)
	if err != nil {
		return "", err
	}
	renewed, err := c.Stage.Refresh(ctx, signedIn)
	if err != nil {
		return "", err
	}
	if err := c.Stage.SignOut(ctx, renewed); err != nil {
		return "", err
	}
	if _, err := c.Stage.Refresh(ctx, renewed); err == nil {
		return "", errors.New("a revoked refresh token still yields tokens")
	}
	return "refused", nil
}
