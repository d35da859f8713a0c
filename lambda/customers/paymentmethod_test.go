package main

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const stripe = `{"provider":"stripe","token":"pm_1MqLiJLkdIwHu7ixUEgbFdYF"}`

func (a *account) pay(t *testing.T, text string) {
	t.Helper()
	lambdatest.WantNoContent(t, a.Serve(t, requestOf(t, "PUT", "/payment-method", text)))
}

func TestPaymentMethodIsKeptForTheCustomerOfTheToken(t *testing.T) {
	a := newAccount(t)
	a.pay(t, stripe)
	want := map[string]any{
		"customerId":    alice,
		"paymentMethod": map[string]any{"provider": "stripe", "token": "pm_1MqLiJLkdIwHu7ixUEgbFdYF"},
	}
	lambdatest.Same(t, "stored", a.stored(t, alice), want)
	if other := a.stored(t, bob); other != nil {
		t.Errorf("Bob has %v, want nothing", other)
	}
}

func TestPaymentMethodReplacesTheOneBeforeAndNothingElse(t *testing.T) {
	a := newAccount(t)
	lambdatest.Put(t, a.table, map[string]any{"customerId": alice, "newsletter": true, "paymentMethod": "old"})
	a.pay(t, stripe)
	a.pay(t, `{"token":"pm_second_12","provider":"stripe"}`)
	want := map[string]any{
		"customerId": alice, "newsletter": true,
		"paymentMethod": map[string]any{"provider": "stripe", "token": "pm_second_12"},
	}
	lambdatest.Same(t, "stored", a.stored(t, alice), want)
}

func TestPaymentMethodIsOnlyATokenOfTheProvider(t *testing.T) {
	with := func(token string) string { return `{"provider":"stripe","token":"` + token + `"}` }
	for _, token := range []string{"pm_12345678", "pm_" + strings.Repeat("a", 128)} {
		newAccount(t).pay(t, with(token))
	}
	const rule = "token must be pm_ and 8 to 128 characters of A-Z, a-z, 0-9 and _"
	for text, detail := range map[string]string{
		`{}`: "provider is missing; token is missing",
		`{"provider":"paypal","token":"pm_12345678"}`:              "provider must be stripe",
		`{"provider":"Stripe","token":"pm_12345678"}`:              "provider must be stripe",
		`{"provider":["stripe"],"token":"pm_12345678"}`:            "provider must be stripe",
		`{"provider":"stripe","token":null}`:                       rule,
		`{"provider":"stripe","token":12345678}`:                   rule,
		with("pm_1234567"):                                         rule,
		with("pm_" + strings.Repeat("a", 129)):                     rule,
		with("tok_12345678"):                                       rule,
		with("PM_12345678"):                                        rule,
		with(" pm_12345678"):                                       rule,
		with(`pm_12345678\n`):                                      rule,
		with("pm_1234567-"):                                        rule,
		with("pm_1234567é"):                                        rule,
		`{"provider":"stripe","token":"pm_12345678","cvc":"x"}`:    "cvc is unknown",
		`{"provider":"stripe","token":"pm_12345678","customer":1}`: "customer is unknown",
	} {
		a := newAccount(t)
		a.wantProblem(t, a.Serve(t, requestOf(t, "PUT", "/payment-method", text)), http.StatusUnprocessableEntity, detail)
	}
}

// clock matches the times in a log line: digits that may equal any number by chance.
var clock = regexp.MustCompile(`"(time":"[^"]*"|durationMs":[0-9.]+)`)

func TestCardNumberIsRefusedAndNeitherLoggedNorAnswered(t *testing.T) {
	for name, text := range map[string]string{
		"as the token":        `{"provider":"stripe","token":"4111111111111111"}`,
		"as the provider":     `{"provider":"4111-1111-1111-1111","token":"pm_12345678"}`,
		"beside the token":    `{"provider":"stripe","token":"pm_12345678","number":"4111 1111 1111 1111"}`,
		"as a name":           `{"provider":"stripe","token":"pm_12345678","4111111111111111":1}`,
		"as a number":         `{"provider":"stripe","token":4111111111111111}`,
		"escaped":             `{"provider":"stripe","token":"\u0034111111111111111"}`,
		"in broken JSON":      `{"provider":"stripe","token":"4111111111111111`,
		"twice":               `{"4111111111111111":1,"4111111111111111":1}`,
		"with invalid UTF-8":  "{\"provider\":\"\xff\",\"token\":\"4111111111111111\"}",
		"deeply nested":       strings.Repeat("[", 20) + "4111111111111111" + strings.Repeat("]", 20),
		"in no JSON":          `4111111111111111`,
		"thirteen digits":     `{"provider":"stripe","token":"pm_4222222222222"}`,
		"nineteen, with dots": `{"provider":"stripe","token":"6304.9506.0000.0000.003"}`,
	} {
		for _, inBase64 := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				a := newAccount(t)
				request := requestOf(t, "PUT", "/payment-method", text)
				request.Headers["Content-Type"] = "text/plain" // would be a 415 otherwise
				if inBase64 {
					request.Body, request.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(text)), true
				}
				response := a.Serve(t, request)
				a.wantProblem(t, response, http.StatusUnprocessableEntity, "could be a card number")
				log := clock.ReplaceAllString(a.Log.String(), "")
				for where, written := range map[string]string{"log": log, "answer": response.Body} {
					for _, part := range []string{"4111", "1111", "4222", "6304", "u0034"} {
						if strings.Contains(written, part) {
							t.Errorf("the %s holds %s: %s", where, part, written)
						}
					}
				}
			})
		}
	}
}

func TestTableThatCannotStoreIsAnswered503(t *testing.T) {
	a := newAccount(t)
	for code, service := range lambdatest.FailingDynamoDB(t) {
		a.methods.client = dynamodb.NewFromConfig(service.Config())
		a.wantBusy(t, a.Serve(t, requestOf(t, "PUT", "/payment-method", stripe)), code, "DynamoDB UpdateItem")
	}
}
