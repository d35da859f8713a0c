package table_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/table"
)

var morning = time.Date(2026, time.November, 30, 6, 0, 0, 0, time.UTC)

// set writes a text to the item.
func set(text string) dynamodb.UpdateItemInput {
	return dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("SET #text = :text"),
		ExpressionAttributeNames:  map[string]string{"#text": "text"},
		ExpressionAttributeValues: table.Item{":text": table.String(text)},
	}
}

func TestOneRunAtATimeChangesTheItem(t *testing.T) {
	item := table.Leased{Client: lambdatest.DynamoDB(t), Table: lambdatest.Table(t, "Proofs"), Key: "work"}
	first, _, err := item.Take(t.Context(), morning, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := item.Take(t.Context(), morning.Add(time.Minute), time.Minute); !errors.Is(err, table.ErrHeld) {
		t.Errorf("in the last second of a lease: %v, want that it is held", err)
	}
	if err := item.UpdateUnder(t.Context(), first, set("first")); err != nil {
		t.Error(err)
	}
	second, attributes, err := item.Take(t.Context(), morning.Add(time.Minute+time.Second), time.Minute)
	if err != nil || table.Text(attributes, "text") != "first" {
		t.Fatalf("after the lease: %v and %v, want what the first run wrote", err, attributes)
	}
	if err := item.UpdateUnder(t.Context(), first, set("late")); !errors.Is(err, table.ErrHeld) {
		t.Errorf("a run whose lease has ended: %v, want that it is held", err)
	}
	if err := item.Release(t.Context(), first); err != nil {
		t.Errorf("release a lease that is over: %v", err)
	}
	if err := item.UpdateUnder(t.Context(), second, set("second")); err != nil {
		t.Errorf("the lease of the second run was released by the first: %v", err)
	}
	if err := item.Release(t.Context(), second); err != nil {
		t.Error(err)
	}
	if _, _, err := item.Take(t.Context(), morning, time.Minute); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

func TestAnAnswerOfTheServiceIsNoLeaseOfAnother(t *testing.T) {
	refusing := lambdatest.Refusing(t, http.StatusBadRequest, "AccessDeniedException")
	item := table.Leased{Client: dynamodb.NewFromConfig(refusing.Config()), Table: "Proofs", Key: "work"}
	if _, _, err := item.Take(t.Context(), morning, time.Minute); err == nil || errors.Is(err, table.ErrHeld) {
		t.Errorf("got %v, want the refusal", err)
	}
	if err := item.Release(t.Context(), table.Lease{}); err == nil {
		t.Error("a lease was released that could not be")
	}
}
