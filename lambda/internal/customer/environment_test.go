package customer_test

import (
	"testing"
	"time"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
)

func TestGateIsAsTheEnvironmentSays(t *testing.T) {
	t.Setenv(contract.StepUpClientID, client)
	for text, demanded := range map[string]bool{"true": true, "false": false} {
		t.Setenv(contract.RequireACR, text)
		var env function.Environment
		got := customer.GateFromEnvironment(&env)
		if err := env.Err(); err != nil || got.Client != client || got.RequireACR != demanded {
			t.Errorf("%s: gate of client %q, acr demanded %t, error %v; want %s and %t",
				text, got.Client, got.RequireACR, err, client, demanded)
		}
		if behind := time.Since(got.Now()); behind < 0 || behind > time.Minute {
			t.Errorf("the clock is %s behind, want that of this machine", behind)
		}
	}
}

func TestGateIsNotMadeWithoutItsSettings(t *testing.T) {
	for _, test := range []struct{ client, acr, want string }{
		{"", "false", "STEP_UP_CLIENT_ID must be set"},
		{client, "", "REQUIRE_ACR must be set"},
		{client, "TRUE", `REQUIRE_ACR must be true or false, got "TRUE"`},
		{client, "1", `REQUIRE_ACR must be true or false, got "1"`},
		{client, " true", `REQUIRE_ACR must be true or false, got " true"`},
		{"", "yes", "STEP_UP_CLIENT_ID must be set\nREQUIRE_ACR must be true or false, got \"yes\""},
	} {
		t.Setenv(contract.StepUpClientID, test.client)
		t.Setenv(contract.RequireACR, test.acr)
		var env function.Environment
		customer.GateFromEnvironment(&env)
		if err := env.Err(); err == nil || err.Error() != test.want {
			t.Errorf("client %q, acr %q: error %v; want %s", test.client, test.acr, err, test.want)
		}
	}
}
