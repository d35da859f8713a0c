// Package lease lets one run of a scheduled function work at a time. The lease is an attribute of the item in which the
// function keeps its progress, so every change of the item can depend on it.
package lease

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
)

// ErrHeld says that another run has the lease.
var ErrHeld = errors.New("another run is at work")

// An Item is the one item of a table that a function may read and write.
type Item struct {
	Client *dynamodb.Client
	Table  string
	// Key is the item's customerId, which is no sub.
	Key string
}

// A Lease allows one run to work until it ends.
type Lease struct{ until types.AttributeValue }

// Take takes the lease for as long as the run may last, and returns the item's attributes. The error is ErrHeld while
// another run has it. The lease of a stopped run expires when Lambda would have stopped that run.
func (i Item) Take(
	ctx context.Context, now time.Time, left time.Duration,
) (Lease, map[string]types.AttributeValue, error) {
	// Rounded up, so that no run begins in the last second of another.
	taken := Lease{until: seconds(now.Add(left + time.Second))}
	output, err := i.Update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("SET #lease = :until"),
		ConditionExpression:       aws.String("attribute_not_exists(#lease) OR #lease <= :now"),
		ExpressionAttributeNames:  map[string]string{"#lease": contract.LeasedUntil},
		ExpressionAttributeValues: map[string]types.AttributeValue{":until": taken.until, ":now": seconds(now)},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return Lease{}, nil, err
	}
	return taken, output.Attributes, nil
}

// Release ends the lease, unless another run has it by now.
func (i Item) Release(ctx context.Context, taken Lease) error {
	err := i.UpdateUnder(ctx, taken, dynamodb.UpdateItemInput{UpdateExpression: aws.String("REMOVE #lease")})
	if errors.Is(err, ErrHeld) {
		return nil
	}
	return err
}

// UpdateUnder changes the item while the lease lasts. The error is ErrHeld if another run has it by now. The names
// #lease and :until are taken.
func (i Item) UpdateUnder(ctx context.Context, taken Lease, input dynamodb.UpdateItemInput) error {
	input.ConditionExpression = aws.String("#lease = :until")
	names := map[string]string{"#lease": contract.LeasedUntil}
	for name, attribute := range input.ExpressionAttributeNames {
		names[name] = attribute
	}
	values := map[string]types.AttributeValue{":until": taken.until}
	for name, value := range input.ExpressionAttributeValues {
		values[name] = value
	}
	input.ExpressionAttributeNames, input.ExpressionAttributeValues = names, values
	_, err := i.Update(ctx, input)
	return err
}

// Update changes the item. The error is ErrHeld if the input's condition does not hold.
func (i Item) Update(ctx context.Context, input dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	input.TableName = aws.String(i.Table)
	input.Key = map[string]types.AttributeValue{contract.CustomerID: &types.AttributeValueMemberS{Value: i.Key}}
	output, err := i.Client.UpdateItem(ctx, &input)
	var condition *types.ConditionalCheckFailedException
	if errors.As(err, &condition) {
		return nil, ErrHeld
	}
	return output, err
}

func seconds(at time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
}
