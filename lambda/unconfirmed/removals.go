package main

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/table"
)

// removals is the item with the accounts whose removal has begun, and the lease of the run that works on them. The
// function may read and write no other item of the table.
type removals struct{ item table.Leased }

func newRemovals(client *dynamodb.Client, name string) removals {
	return removals{table.Leased{Client: client, Table: name, Key: contract.RemovalsKey}}
}

// begin takes the lease, and returns the removals that earlier runs have left.
func (r removals) begin(
	ctx context.Context, now time.Time, left time.Duration,
) (taken table.Lease, recorded []string, err error) {
	taken, attributes, err := r.item.Take(ctx, now, left)
	if names, found := attributes[contract.RemovalsUsernames].(*types.AttributeValueMemberSS); found {
		recorded = slices.Sorted(slices.Values(names.Value))
	}
	return taken, recorded, err
}

// add records an account. Adding it twice is no failure.
func (r removals) add(ctx context.Context, username string) error {
	return r.change(ctx, "ADD", username)
}

// forget ends the record of an account.
func (r removals) forget(ctx context.Context, username string) error {
	return r.change(ctx, "DELETE", username)
}

func (r removals) change(ctx context.Context, action, username string) error {
	_, err := r.item.Update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:         aws.String(action + " #usernames :one"),
		ExpressionAttributeNames: map[string]string{"#usernames": contract.RemovalsUsernames},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": &types.AttributeValueMemberSS{Value: []string{username}},
		},
	})
	return err
}
