package main

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
)

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// nilUUID is the key of a client that forgot to generate one. Its second order would be taken for its first.
const nilUUID = "00000000-0000-0000-0000-000000000000"

// idempotencyKey returns the key that a client has generated for one order, in lower case, because the case of a UUID
// has no meaning.
func idempotencyKey(event events.APIGatewayProxyRequest) (string, error) {
	value, _ := gateway.Header(event, "Idempotency-Key")
	key := strings.ToLower(value)
	if !uuidPattern.MatchString(key) || key == nilUUID {
		return "", gateway.BadRequest("header Idempotency-Key must be given once and be a UUID, " +
			"made for this order and sent again with each try")
	}
	return key, nil
}

// orderID returns the id of the order that a customer places with a key. Every request with that key gets the same id,
// so the table itself refuses a second order, and no list of used keys can disagree with it. The id is not a secret:
// orders are looked up by customer, and the customer is the token's.
//
// It has the form of a UUID, version 8 (RFC 9562, section 5.8).
func orderID(customer, key string) string {
	sum := sha256.Sum256([]byte("order/" + customer + "/" + key))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
