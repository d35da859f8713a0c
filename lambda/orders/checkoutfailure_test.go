package main

import (
	"context"
	"errors"
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

// split writes to one engine and reads from another.
type split struct{ put, get orderStore }

func (s split) PutItem(
	ctx context.Context, input *dynamodb.PutItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	return s.put.PutItem(ctx, input, options...)
}

func (s split) GetItem(
	ctx context.Context, input *dynamodb.GetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	return s.get.GetItem(ctx, input, options...)
}

func (s *api) wantBusy(t *testing.T, code, operation string) {
	t.Helper()
	response := s.Serve(t, orderRequest(t, alice, key, mugs))
	s.WantUnavailable(t, response, code, operation, s.table, s.checkout.prices.table)
	s.wantNothingStored(t)
}

func TestTableThatFailsIsAnswered503AndNothingIsStored(t *testing.T) {
	for code, service := range lambdatest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			s := newStockedShop(t)
			working := s.checkout.client
			failing := dynamodb.NewFromConfig(service.Config())
			s.checkout.client = split{put: failing, get: working}
			s.wantBusy(t, code, "DynamoDB PutItem")
			s.checkout.client = split{put: failing, get: failing}
			s.wantBusy(t, code, "DynamoDB GetItem")
			s.checkout.client, s.checkout.prices.client = working, failing
			s.wantBusy(t, code, "DynamoDB BatchGetItem")
			s.checkout.prices.client = lambdatest.DynamoDB(t)
			s.place(t, alice, key, mugs)
		})
	}
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
	s.putProduct(t, map[string]any{"sku": "mug-blue"})
	throttled := dynamodb.NewFromConfig(lambdatest.Refusing(t, 400, "ThrottlingException").Config())
	s.checkout.client = split{put: s.checkout.client, get: throttled}
	response := s.Serve(t, orderRequest(t, alice, key, mugs))
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("answer %d %s; want 503: a 422 would make the client order again under another key",
			response.StatusCode, response.Body)
	}
}

// The local engine is always consistent, so its responses do not show whether a read was.
type watched struct {
	orderStore
	input *dynamodb.GetItemInput
}

func (w *watched) GetItem(
	ctx context.Context, input *dynamodb.GetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	w.input = input
	return w.orderStore.GetItem(ctx, input, options...)
}

func TestEarlierTryIsLookedForConsistently(t *testing.T) {
	s := newStockedShop(t)
	client := &watched{orderStore: s.checkout.client}
	s.checkout.client = client
	s.place(t, alice, key, mugs)
	if client.input != nil {
		t.Error("the first try looked for an earlier one, which costs every order a call")
	}
	s.place(t, alice, key, mugs)
	if client.input == nil || client.input.ConsistentRead == nil || !*client.input.ConsistentRead {
		t.Error("ConsistentRead is off: a second try could miss the order that the first has just stored")
	}
}
