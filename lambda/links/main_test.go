package main

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestFunctionServesEventsAsDeployed(t *testing.T) {
	w := newWorld(t)
	w.now = time.Now()
	environment := []string{
		"WEB_ORIGIN=" + origin, "STEP_UP_CLIENT_ID=" + stepUp, "REQUIRE_ACR=false", "USER_POOL_ID=" + pool,
		"SECOND_FACTORS=TOTP", "LINKS_TABLE=" + w.table, "PROOFS_TABLE=" + w.proofs,
		"AWS_ENDPOINT_URL_DYNAMODB=" + lambdatest.DynamoDBEndpoint(t),
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + w.url,
	}
	send := func(request events.APIGatewayProxyRequest, status int, want string) {
		t.Helper()
		response, output := lambdatest.Request(t, environment, request)
		if response.StatusCode != status || !strings.Contains(output, `"status":`+strconv.Itoa(status)) ||
			!strings.Contains(response.Body, want) {
			t.Errorf("answer %d %s, output %s; want %d and %s", response.StatusCode, response.Body, output, status, want)
		}
	}
	send(w.by(t, w.profile, web, "POST", "/link-offers", ""), 201, `"provider":"Google"`)
	send(w.redeeming(t, w.alice, w.offers(t, w.profile)), 204, "")
	w.factor(totp, totp)
	w.sealed(t, "totp")
	send(w.by(t, w.alice, web, "GET", "/links", ""), 200, `"canBuy":true,"links":[{"provider":"Google"}]`)
	send(w.disconnecting(t, w.alice, "Google"), 204, "")
	if len(w.linkedTo(w.alice)) != 0 {
		t.Errorf("linked are %v, want none", w.linkedTo(w.alice))
	}
	environment[2] = "REQUIRE_ACR=true"
	send(w.disconnecting(t, w.alice, "Google"), 401, "second factor")
}

// sealed stores the token trigger's seal of alice's factor.
func (w *world) sealed(t *testing.T, kind string) {
	t.Helper()
	lambdatest.StoreProof(t, w.proofs, w.alice.sub, lambdatest.ProofItem{
		contract.FactorTrustedAt: 10, contract.FactorKind: kind,
	})
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, []string{"WEB_ORIGIN=*", "SECOND_FACTORS=PIGEON"},
		"WEB_ORIGIN must be one origin", "STEP_UP_CLIENT_ID must be set", "REQUIRE_ACR must be set",
		"USER_POOL_ID must be set", "LINKS_TABLE must be set", "PROOFS_TABLE must be set", "SECOND_FACTORS must be",
		"AWS_REGION must be set")
}

func TestLogHoldsNothingOfTheCustomer(t *testing.T) {
	w, offered := offering(t)
	mallory := w.signUp("mallory@mail.example")
	requests := []events.APIGatewayProxyRequest{
		w.by(t, w.profile, web, "POST", "/link-offers", ""), w.by(t, w.alice, web, "POST", "/link-offers", ""),
		w.by(t, w.alice, stepUp, "POST", "/links", `{"offer":"`+offered.Offer+`","`+address+`":1}`),
		w.redeeming(t, mallory, offered), w.redeeming(t, w.alice, made{offered.Offer, "Okta", address, ""}),
		w.redeeming(t, w.alice, offered), w.redeeming(t, mallory, offered), w.by(t, w.alice, web, "GET", "/links", ""),
		w.disconnecting(t, w.alice, "Google"), w.disconnecting(t, w.alice, address),
		lambdatest.WithQuery(w.disconnecting(t, w.alice, ""), map[string]string{address: address}),
	}
	for i, request := range requests {
		response := w.Serve(t, request)
		for _, value := range []string{
			w.alice.sub, w.profile.sub, mallory.sub, "mail.example", google.subject, "oogle", "Okta", offered.Offer, stepUp,
			pool, w.table, w.proofs, "203.0.113.7", "Mozilla", "eyJ",
		} {
			if strings.Contains(w.Log.String(), value) {
				t.Errorf("request %d, answered %d: the log holds %q: %s", i, response.StatusCode, value, w.Log)
			}
		}
		if strings.Count(w.Log.String(), "\n") != 1 {
			t.Errorf("request %d: the log is not one line: %s", i, w.Log)
		}
	}
}

func TestFunctionIsBuiltFromItsSettings(t *testing.T) {
	w := newWorld(t)
	for name, value := range map[string]string{
		"WEB_ORIGIN": origin, "STEP_UP_CLIENT_ID": stepUp, "REQUIRE_ACR": "false", "USER_POOL_ID": pool,
		"SECOND_FACTORS": "SMS", "LINKS_TABLE": w.table, "PROOFS_TABLE": w.proofs,
	} {
		t.Setenv(name, value)
	}
	lambdatest.FunctionConfig(t, lambdatest.Unhurried, map[string]string{
		"DYNAMODB": lambdatest.DynamoDBEndpoint(t), "COGNITO_IDENTITY_PROVIDER": w.url,
	})
	w.factor(sms, sms)
	w.sealed(t, "sms")
	var env function.Environment
	serve := build(&env, slog.New(slog.DiscardHandler)).(func(
		context.Context, events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error))
	response, err := serve(t.Context(), w.by(t, w.alice, web, "GET", "/links", ""))
	if err != nil || env.Err() != nil || !strings.Contains(response.Body, `"canBuy":true`) {
		t.Errorf("answer %d %s, error %v, settings %v; want 200", response.StatusCode, response.Body, err, env.Err())
	}
}
