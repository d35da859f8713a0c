package drills

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/securecart/identity/test/e2e"
)

// customers use the stage as a minute's customers do.
type customers struct {
	stage *e2e.Running
	jane  *e2e.Customer
	guest *aws.Credentials
	// web and steppedUp are tokens that customers have from before.
	web, steppedUp e2e.Tokens
	sku            string

	mutex sync.Mutex
	// saw counts the answers, by what was tried.
	saw map[string]map[string]int
}

// arrive signs up a customer who has what it takes to buy, and a guest.
func arrive(ctx context.Context, stage *e2e.Running) (*customers, error) {
	c := &customers{stage: stage, jane: e2e.NewCustomer("Jane Doe"), saw: map[string]map[string]int{}}
	verifier := e2e.NewVerifier()
	if err := stage.SignUp(ctx, c.jane, verifier); err != nil {
		return nil, err
	}
	var err error
	if c.steppedUp, err = stage.Protect(ctx, c.jane, verifier); err != nil {
		return nil, err
	}
	if c.guest, err = stage.Credentials(ctx, ""); err != nil {
		return nil, err
	}
	products, err := stage.Products(ctx, c.guest)
	if err != nil {
		return nil, err
	}
	c.sku = products[0].Sku
	// Last, so that nothing has seen this token.
	c.web, err = c.another(ctx)
	return c, err
}

// another customer signs in, without a second factor.
func (c *customers) another(ctx context.Context) (e2e.Tokens, error) {
	other := e2e.NewCustomer("John Doe")
	if err := c.stage.SignUp(ctx, other, ""); err != nil {
		return e2e.Tokens{}, err
	}
	c.jane = other // signs in by password alone from now on
	return c.stage.SignIn(ctx, other, c.stage.WebClientID)
}

// What customers try, as the list of what they saw names it.
const (
	signingIn = "sign in, password"
	browsing  = "GET /products as a guest"
	reading   = "GET /orders with a token of before"
	looking   = "GET /profile with a token of before"
	buying    = "POST /orders with a stepped-up token of before"
)

// tries is how often each is tried in a minute. Together they are enough requests for a share of them to count.
var tries = map[string]int{signingIn: 3, browsing: 20, reading: 8, looking: 8, buying: 6}

// minute is what customers do in one.
func (c *customers) minute(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for what, times := range tries {
		for range times {
			group.Go(func() error {
				outcome, err := c.try(ctx, what)
				if err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
				c.mutex.Lock()
				defer c.mutex.Unlock()
				if c.saw[what] == nil {
					c.saw[what] = map[string]int{}
				}
				c.saw[what][outcome]++
				return nil
			})
		}
	}
	return group.Wait()
}

func (c *customers) try(ctx context.Context, what string) (string, error) {
	var call e2e.Call
	switch what {
	case signingIn:
		_, err := c.stage.SignIn(ctx, c.jane, c.stage.WebClientID)
		var refused smithy.APIError
		if errors.As(err, &refused) {
			return refused.ErrorCode(), nil
		}
		return "fine", err
	case browsing:
		call = e2e.Call{Method: "GET", Path: "/products", Credentials: c.guest}
	case reading:
		call = e2e.Call{Method: "GET", Path: "/orders", Token: c.web.Access}
	case looking:
		call = e2e.Call{Method: "GET", Path: "/profile", Token: c.web.Access}
	case buying:
		call = e2e.Call{
			Method: "POST", Path: "/orders", Token: c.steppedUp.Access,
			Headers: map[string]string{"Idempotency-Key": e2e.NewKey()},
			Body:    map[string]any{"items": []any{map[string]any{"sku": c.sku, "quantity": 1}}},
		}
	}
	answer, err := c.stage.Do(ctx, call)
	if err != nil {
		return "", err
	}
	if answer.Status < 300 {
		return "fine", nil
	}
	var problem struct{ Title string }
	_ = json.Unmarshal(answer.Body, &problem) // a body that is no problem has no title
	return fmt.Sprintf("%d %s", answer.Status, cmp.Or(problem.Title, "without a title")), nil
}

// seen is what customers saw since the last call, a line for each that was tried.
func (c *customers) seen() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var lines []string
	for _, what := range slices.Sorted(maps.Keys(c.saw)) {
		all, text := 0, ""
		for _, outcome := range slices.Sorted(maps.Keys(c.saw[what])) {
			all += c.saw[what][outcome]
			text += fmt.Sprintf(", %d %s", c.saw[what][outcome], outcome)
		}
		lines = append(lines, fmt.Sprintf("%-48s %4d tried%s", what, all, text))
	}
	c.saw = map[string]map[string]int{}
	return lines
}
