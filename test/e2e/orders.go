package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyrand "github.com/aws/smithy-go/rand"
)

// key is that of this program's checkouts. A repeated one with the same key places no second order.
var key = NewKey()

// NewKey returns an Idempotency-Key, a random UUID (RFC 9562, version 4).
func NewKey() string {
	id, _ := smithyrand.NewUUID(rand.Reader).GetUUID() // the reader never fails, see its documentation
	return id
}

func (c *Cast) checkout(credentials *aws.Credentials, token string) Call {
	call := Request("POST /orders")
	call.Token, call.Credentials = token, credentials
	call.Body = map[string]any{"items": []map[string]any{{"sku": c.Sku, "quantity": 2}}}
	return call
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
	total := placed.Total
	return fmt.Sprintf("201, order %s, %d.%02d %s", placed.ID, total.Amount/100, total.Amount%100, total.Currency), err
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
