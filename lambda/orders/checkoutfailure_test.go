package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestNothingIsOrderedWithoutAStepUp(t *testing.T) {
	s := newStockedShop(t)
	for name, event := range lambdatest.NotSteppedUp(orderRequest(t, alice, key, mugs), arrival) {
		t.Run(name, func(t *testing.T) {
			lambdatest.WantStepUp(t, s.Serve(t, event))
			s.wantNothingStored(t)
		})
	}
	t.Run("sub no UUID", func(t *testing.T) {
		event := orderRequest(t, "alice", key, mugs)
		s.wantRefusal(t, s.Serve(t, event), http.StatusUnauthorized, "Sign in")
	})
}

func (s *api) wantBusy(t *testing.T, code, operation string) {
	t.Helper()
	response := s.Serve(t, orderRequest(t, alice, key, mugs))
	s.WantUnavailable(t, response, code, operation, s.table, s.checkout.prices.table)
	s.wantNothingStored(t)
}

func TestTableThatFailsIsAnswered503AndNothingIsStored(t *testing.T) {
	s := newStockedShop(t)
	working, refusing := lambdatest.DynamoDB(t), lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	failing := func(operation string) *dynamodb.Client {
		return dynamodb.NewFromConfig(refusing.Only(t, operation).Config())
	}
	s.checkout.client = failing("PutItem")
	s.wantBusy(t, "AccessDeniedException", "DynamoDB PutItem")
	s.checkout.client, s.checkout.prices.client = working, failing("BatchGetItem")
	s.wantBusy(t, "AccessDeniedException", "DynamoDB BatchGetItem")
	s.checkout.client = failing("GetItem")
	s.wantBusy(t, "AccessDeniedException", "DynamoDB GetItem")
	s.checkout.client, s.checkout.prices.client = working, working
	s.place(t, alice, key, mugs)
}

// forgetful stores orders and loses the responses.
type forgetful struct{ orderStore }

func (f forgetful) PutItem(
	ctx context.Context, input *dynamodb.PutItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	if _, err := f.orderStore.PutItem(ctx, input, options...); err != nil {
		return nil, err
	}
	return nil, errors.New("connection lost")
}

func TestOrderWhoseAnswerFromTheTableWasLostIsPlaced(t *testing.T) {
	s := newStockedShop(t)
	working := s.checkout.client
	s.checkout.client = forgetful{working}
	first := s.place(t, alice, key, mugs)
	s.checkout.client = working
	if again := s.place(t, alice, key, mugs); again.Body != first.Body || len(s.records(t)) != 1 {
		t.Errorf("the second try is answered %s with %d orders stored; want %s and 1",
			again.Body, len(s.records(t)), first.Body)
	}
}

func TestRefusedCartIsNotCalledWrongIfItMayHaveBeenPlaced(t *testing.T) {
	s := newStockedShop(t)
	s.place(t, alice, key, mugs)
	s.offer(t, map[string]any{"sku": "mug-blue"})
	throttled := lambdatest.Refusing(t, http.StatusBadRequest, "ThrottlingException").Only(t, "GetItem")
	s.checkout.client = dynamodb.NewFromConfig(throttled.Config())
	response := s.Serve(t, orderRequest(t, alice, key, mugs))
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("answer %d %s; want 503: a 422 would make the client order again under another key",
			response.StatusCode, response.Body)
	}
}

// The local engine is always consistent, so its responses do not show whether a read was.
func TestEarlierTryIsLookedForConsistently(t *testing.T) {
	s := newStockedShop(t)
	services := lambdatest.NewServices(t, nil)
	services.Name = func(call lambdatest.Call) string {
		return fmt.Sprint(call.Operation, " ", call.Request["ConsistentRead"])
	}
	s.checkout.client = dynamodb.NewFromConfig(lambdatest.AWSConfig(services.URL))
	s.place(t, alice, key, mugs)
	s.place(t, alice, key, mugs)
	// The first try looks for no earlier one, which would cost every order a call.
	want := []string{"PutItem <nil>", "PutItem <nil>", "GetItem true"}
	lambdatest.Same(t, "calls, and whether they are consistent", services.Calls, want)
}
