package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Cast is who takes part in a story and in the matrix, and what each of them carries.
type Cast struct {
	Stage *Stage
	// Jane walks through the story; Other is a customer whose things are none of Jane's business.
	Jane, Other *Customer

	// Web and SteppedUp are Jane's tokens of the two app clients.
	Web, SteppedUp Tokens
	// Guest and Own are AWS credentials: nobody's and Jane's.
	Guest, Own *aws.Credentials
	// OtherSub is the id that Other's orders are kept under.
	OtherSub string
	// Sku is a product that is for sale.
	Sku string
	// Order is the id of Jane's order.
	Order string
}

// Step is one step of the story.
type Step struct {
	// Title says who does what.
	Title string
	// Do does it and returns what was seen, in a few words. The error says what was expected instead.
	Do func(context.Context, *Cast) (string, error)
}

// Story is a customer's way through the shop, in order: each step needs what the steps before it yielded.
func Story() []Step {
	return []Step{
		{"anybody asks for orders", expect(http.StatusUnauthorized, func(*Cast) Call { return Call{Method: "GET", Path: "/orders"} })},
		{"a guest gets AWS credentials and browses products", browse},
		{"a guest tries to check out", expect(http.StatusUnauthorized, func(c *Cast) Call { return c.checkout(c.Guest, "") })},
		{"Jane signs up and confirms her address", signUp},
		{"Jane signs in: password by SRP, app client Web", signInWeb},
		{"Jane reads her orders", expect(http.StatusOK, func(c *Cast) Call { return Call{Method: "GET", Path: "/orders", Token: c.Web.Access} })},
		{"Jane checks out with that token", expect(http.StatusUnauthorized, func(c *Cast) Call { return c.checkout(nil, c.Web.Access) })},
		{"Jane signs in to app client StepUp without a second factor", signInWithoutFactor},
		{"Jane checks out with that token", expect(http.StatusUnauthorized, func(c *Cast) Call { return c.checkout(nil, c.SteppedUp.Access) })},
		{"Jane enrols an authenticator", enrol},
		{"Jane steps up: password and code", stepUp},
		{"Jane checks out", placeOrder},
		{"Jane checks out again with the same Idempotency-Key", placeAgain},
		{"Jane changes how she pays", expect(http.StatusNoContent, func(c *Cast) Call { return c.payment(c.SteppedUp.Access) })},
		{"Jane reads her orders", readOrders},
	}
}

// Farewell is what is left to do once nobody needs Jane's tokens any more.
func Farewell() Step {
	return Step{"Jane signs out, and her refresh token is worth nothing", signOut}
}

// expect is a step of one call whose status says all.
func expect(status int, call func(*Cast) Call) func(context.Context, *Cast) (string, error) {
	return func(ctx context.Context, c *Cast) (string, error) {
		answer, err := c.Stage.Do(ctx, call(c))
		if err != nil {
			return "", err
		}
		return answer.must(status)
	}
}

// must turns another status than the one wanted into an error that quotes the answer.
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
	answer, err := c.Stage.Do(ctx, Call{Method: "GET", Path: "/products", Credentials: c.Guest})
	if err != nil {
		return "", err
	}
	if _, err := answer.must(http.StatusOK); err != nil {
		return "", err
	}
	var page struct{ Products []struct{ Sku, Name string } }
	if err := answer.Into(&page); err != nil {
		return "", err
	}
	if len(page.Products) == 0 {
		return "", errors.New("no product is for sale")
	}
	c.Sku = page.Products[0].Sku
	return fmt.Sprintf("200, %d products, %s among them", len(page.Products), page.Products[0].Name), nil
}

func signUp(ctx context.Context, c *Cast) (string, error) {
	return "confirmed", errors.Join(c.Stage.SignUp(ctx, c.Jane), c.Stage.SignUp(ctx, c.Other))
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
	return scopes(c.Web, "securecart/orders.read", "securecart/profile.read")
}

// scopes demands that a token carries exactly these.
func scopes(t Tokens, want ...string) (string, error) {
	if got := t.Scopes(); !slices.Equal(got, want) {
		return "", fmt.Errorf("the access token carries %q, want %q", got, want)
	}
	return "scopes " + strings.Join(want, " "), nil
}

func signInWithoutFactor(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.SteppedUp, err = c.Stage.SignIn(ctx, c.Jane, c.Stage.StepUpClientID); err != nil {
		return "", err
	}
	return scopes(c.SteppedUp, "aws.cognito.signin.user.admin")
}

func enrol(ctx context.Context, c *Cast) (string, error) {
	return "TOTP, preferred", c.Stage.Enrol(ctx, c.Jane, c.SteppedUp)
}

func stepUp(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.SteppedUp, err = c.Stage.SignIn(ctx, c.Jane, c.Stage.StepUpClientID); err != nil {
		return "", err
	}
	want := []string{"orders.read", "orders.write", "payment.write", "profile.read", "profile.write"}
	for i := range want {
		want[i] = "securecart/" + want[i]
	}
	if !containsAll(c.SteppedUp.Scopes(), want) {
		return scopes(c.SteppedUp, want...)
	}
	return "the token carries all five scopes", nil
}

func containsAll(have, want []string) bool {
	return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(have, w) })
}

type order struct {
	ID    string
	Total struct {
		Amount   int64
		Currency string
	}
}

func (c *Cast) place(ctx context.Context) (order, error) {
	answer, err := c.Stage.Do(ctx, c.checkout(nil, c.SteppedUp.Access))
	if err != nil {
		return order{}, err
	}
	if _, err := answer.must(http.StatusCreated); err != nil {
		return order{}, err
	}
	var placed order
	return placed, answer.Into(&placed)
}

func placeOrder(ctx context.Context, c *Cast) (string, error) {
	placed, err := c.place(ctx)
	c.Order = placed.ID
	return fmt.Sprintf("201, order %s, %d.%02d %s", placed.ID, placed.Total.Amount/100, placed.Total.Amount%100, placed.Total.Currency), err
}

func placeAgain(ctx context.Context, c *Cast) (string, error) {
	placed, err := c.place(ctx)
	if err == nil && placed.ID != c.Order {
		err = fmt.Errorf("got a second order %s, want %s again", placed.ID, c.Order)
	}
	return "201, the same order", err
}

func readOrders(ctx context.Context, c *Cast) (string, error) {
	answer, err := c.Stage.Do(ctx, Call{Method: "GET", Path: "/orders", Token: c.Web.Access})
	if err != nil {
		return "", err
	}
	var page struct{ Orders []order }
	if err := answer.Into(&page); err != nil {
		return "", err
	}
	if len(page.Orders) != 1 || page.Orders[0].ID != c.Order {
		return "", fmt.Errorf("got %+v, want order %s and no other", page.Orders, c.Order)
	}
	return "200, the one order", nil
}

func signOut(ctx context.Context, c *Cast) (string, error) {
	renewed, err := c.Stage.Refresh(ctx, c.Web)
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
