package gateway_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
)

func TestOnlyValueIsFoundWhateverTheCaseOfItsName(t *testing.T) {
	for name, event := range map[string]events.APIGatewayProxyRequest{
		"as named":   {Headers: map[string]string{"Idempotency-Key": "k"}},
		"lower case": {Headers: map[string]string{"idempotency-key": "k"}},
		"upper case": {MultiValueHeaders: map[string][]string{"IDEMPOTENCY-KEY": {"k"}}},
		"listed twice": {
			Headers:           map[string]string{"Idempotency-key": "k"},
			MultiValueHeaders: map[string][]string{"Idempotency-key": {"k"}},
		},
	} {
		if got, only := gateway.Header(event, "Idempotency-Key"); got != "k" || !only {
			t.Errorf("%s: One = %q, %t; want k", name, got, only)
		}
	}
}

func TestHeaderThatIsMissingOrRepeatedHasNoValue(t *testing.T) {
	for name, event := range map[string]events.APIGatewayProxyRequest{
		"no headers":        {},
		"another":           {Headers: map[string]string{"Idempotency": "k"}},
		"no values":         {MultiValueHeaders: map[string][]string{"Idempotency-Key": nil}},
		"two values":        {MultiValueHeaders: map[string][]string{"Idempotency-Key": {"k", "l"}}},
		"one value twice":   {MultiValueHeaders: map[string][]string{"Idempotency-Key": {"k", "k"}}},
		"in two cases":      {MultiValueHeaders: map[string][]string{"Idempotency-Key": {"k"}, "idempotency-key": {"k"}}},
		"two cases, single": {Headers: map[string]string{"Idempotency-Key": "k", "idempotency-key": "l"}},
		"two that differ": {
			Headers:           map[string]string{"Idempotency-Key": "l"},
			MultiValueHeaders: map[string][]string{"Idempotency-Key": {"k"}},
		},
	} {
		if got, only := gateway.Header(event, "Idempotency-Key"); only || got != "" {
			t.Errorf("%s: One = %q, want none", name, got)
		}
	}
}
