package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/mfa"
)

const (
	parameter = "/securecart/test/clients"
	accountID = "2account5example"
	stepUpID  = "4stepup8example"
	webID     = "7web1example"
	anotherID = "9another1example"
	ids       = `{"account":"` + accountID + `","stepUp":"` + stepUpID + `","web":"` + webID + `"}`
	pool      = "eu-central-1_Pool00001"
)

// A person is a user of the pool, whose name is not the sub.
type person struct{ name, sub string }

var (
	alice = person{"0f1e2d3c-aaaa-4bbb-8ccc-alice0000001", "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000002"}
	bob   = person{"Google_114327158473927184012", "0f1e2d3c-aaaa-4bbb-8ccc-b0b000000003"}
)

type object = map[string]any

// user holds the factors that every user of the pool has.
type user struct {
	Active    []string
	Preferred string
}

var (
	withTOTP = user{[]string{"SOFTWARE_TOKEN_MFA"}, "SOFTWARE_TOKEN_MFA"}
	withSMS  = user{[]string{"SMS_MFA"}, "SMS_MFA"}
)

// described is AdminGetUser's answer.
func described(sub string, factors user) object {
	answer := object{"Username": "any", "Enabled": true, "UserAttributes": []object{
		{"Name": "email", "Value": "alice@mail.example"}, {"Name": "sub", "Value": sub},
	}}
	if factors.Active != nil {
		answer["UserMFASettingList"] = factors.Active
	}
	if factors.Preferred != "" {
		answer["PreferredMfaSetting"] = factors.Preferred
	}
	return answer
}

// A rig is a trigger with working services, and its log.
type rig struct {
	*trigger
	*lambdatest.Services
	clock   *clockwork.FakeClock
	written *bytes.Buffer
	table   string
	// user is what every user of the pool has; described is AdminGetUser's answer, if it is another.
	user      user
	described object
}

func newRig(t *testing.T) *rig {
	t.Helper()
	start := clockwork.NewFakeClockAt(time.Unix(1_800_000_000, 0))
	b := &rig{clock: start, table: lambdatest.Table(t, "Proofs")}
	b.Services = lambdatest.NewServices(t, b.serve)
	b.connect(t, lambdatest.Unhurried, b.URL, b.URL, b.URL)
	return b
}

// serve answers for SSM, which holds one parameter, and for Cognito, which has two users.
func (b *rig) serve(call lambdatest.Call) (body any, code string) {
	switch {
	case call.Operation == "GetParameter" && call.Request["Name"] == parameter:
		return object{"Parameter": object{"Name": parameter, "Type": "String", "Value": ids}}, ""
	case call.Operation != "AdminGetUser" || call.Request["UserPoolId"] != pool:
		return nil, "AccessDeniedException"
	case b.described != nil:
		return b.described, ""
	}
	for _, known := range []person{alice, bob} {
		if known.name == call.Request["Username"] {
			return described(known.sub, b.user), ""
		}
	}
	return nil, "UserNotFoundException"
}

// asked returns the calls of Cognito and DynamoDB since its previous call.
func (b *rig) asked() []string {
	asked := slices.DeleteFunc(b.Calls, func(call string) bool { return call == "GetParameter" })
	b.Calls = nil
	return asked
}

// rigOf returns a rig whose users have these factors, with alice's item of the table.
func rigOf(t *testing.T, factors user, stored item) *rig {
	t.Helper()
	b := newRig(t)
	b.enrolled(factors)
	b.knows(t, alice, stored)
	return b
}

// enrolled sets the factors of every user.
func (b *rig) enrolled(factors user) {
	b.user = factors
}

// connect creates the trigger again, as in a new process.
func (b *rig) connect(t *testing.T, patience function.Patience, ssmURL, usersURL, dynamoURL string) {
	t.Helper()
	cfg := lambdatest.Bubbled(t, lambdatest.FunctionConfig(t, patience, map[string]string{
		"SSM": ssmURL, "COGNITO_IDENTITY_PROVIDER": usersURL, "DYNAMODB": dynamoURL,
	}))
	b.written = &bytes.Buffer{}
	log := slog.New(slog.NewJSONHandler(b.written, nil))
	b.trigger = newTrigger(log, cfg, settings{parameter, b.table, []mfa.Factor{mfa.TOTP, mfa.SMS}})
	b.now = b.clock.Now
}

// changes are the scopes of an answer.
type changes struct {
	Added      []string
	Suppressed []string
}

// sign sends an event that must be answered and returns the changed scopes.
func (b *rig) sign(t testing.TB, event object) changes {
	t.Helper()
	answer, err := b.Invoke(t.Context(), encode(t, event))
	if err != nil {
		t.Fatalf("sign-in failed: %v; log %s", err, b.written)
	}
	var read struct {
		Response struct {
			ClaimsAndScopeOverrideDetails struct {
				AccessTokenGeneration struct{ ScopesToAdd, ScopesToSuppress []string }
			}
		}
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	scopes := read.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration
	return changes{scopes.ScopesToAdd, scopes.ScopesToSuppress}
}
