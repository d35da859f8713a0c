package e2e

import (
	"crypto/rand"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// key makes a repeated checkout the same checkout. It is a random UUID (RFC 9562, version 4).
var key = func() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}()

func (c *Cast) checkout(credentials *aws.Credentials, token string) Call {
	return Call{
		Method: "POST", Path: "/orders", Token: token, Credentials: credentials,
		Headers: map[string]string{"Idempotency-Key": key},
		Body:    map[string]any{"items": []map[string]any{{"sku": c.Sku, "quantity": 2}}},
	}
}

func (c *Cast) payment(token string) Call {
	return Call{
		Method: "PUT", Path: "/payment-method", Token: token,
		Body: map[string]string{"provider": "stripe", "token": "pm_1Nv0FGQ9RKHgCVdK"},
	}
}
