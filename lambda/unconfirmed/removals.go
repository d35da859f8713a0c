package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
)

// removals is the item with the accounts whose removal has begun, and the lease of the run that works on them. The
// function may read and write no other item of the table.
type removals struct {
	items *dynamodb.Client
	table string
}

// A lease allows one run to work.
type lease struct {
	until    types.AttributeValue
	recorded []string
}

// begin takes the lease for as long as the run may last, and returns the removals that earlier runs have left. The
// error is errBusy while another run holds the lease. The lease of a stopped run expires when Lambda would have stopped
// that run.
func (r removals) begin(ctx context.Context, now time.Time, left time.Duration) (lease, error) {
	// Rounded up, so that no run begins in the last second of another.
	taken := lease{until: seconds(now.Add(left + time.Second))}
	output, err := r.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:    aws.String("SET #lease = :until"),
		ConditionExpression: aws.String("attribute_not_exists(#lease) OR #lease <= :now"),
		ExpressionAttributeNames: map[string]string{
			"#lease": contract.RemovalsLeasedUntil,
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":until": taken.until, ":now": seconds(now)},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if refused(err) {
		return lease{}, errBusy
	}
	if err != nil {
		return lease{}, err
	}
	if names, found := output.Attributes[contract.RemovalsUsernames].(*types.AttributeValueMemberSS); found {
		taken.recorded = slices.Sorted(slices.Values(names.Value))
	}
	return taken, nil
}

// end releases the lease, unless another run has it by now.
func (r removals) end(ctx context.Context, taken lease) error {
	_, err := r.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("REMOVE #lease"),
		ConditionExpression:       aws.String("#lease = :until"),
		ExpressionAttributeNames:  map[string]string{"#lease": contract.RemovalsLeasedUntil},
		ExpressionAttributeValues: map[string]types.AttributeValue{":until": taken.until},
	})
	if refused(err) {
		return nil
	}
	return err
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
	_, err := r.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:         aws.String(action + " #usernames :one"),
		ExpressionAttributeNames: map[string]string{"#usernames": contract.RemovalsUsernames},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":one": &types.AttributeValueMemberSS{Value: []string{username}},
		},
	})
	return err
}

func (r removals) update(ctx context.Context, input dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	input.TableName = aws.String(r.table)
	input.Key = map[string]types.AttributeValue{
		contract.CustomerID: &types.AttributeValueMemberS{Value: contract.RemovalsKey},
	}
	return r.items.UpdateItem(ctx, &input)
}

func refused(err error) bool {
	var condition *types.ConditionalCheckFailedException
	return errors.As(err, &condition)
}

func seconds(at time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
}
