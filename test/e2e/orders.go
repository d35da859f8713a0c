package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// key is that of this program's checkouts. A repeated one with the same key places no second order.
var key = NewKey()

// NewKey returns an Idempotency-Key, a random UUID (RFC 9562, version 4).
func NewKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
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
