package table

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
)

// ErrHeld says that another run has the lease.
var ErrHeld = errors.New("another run is at work")

// Leased is the one item of a table that a scheduled function may read and write, where it keeps how far it is. The
// lease is one of its attributes, so every change of the item can depend on it.
type Leased struct {
	Client *dynamodb.Client
	Table  string
	// Key is the item's customerId, which is no sub.
	Key string
}

// A Lease allows one run to work until it ends.
type Lease struct{ until types.AttributeValue }

// Take takes the lease for as long as the run may last, and returns the item's attributes. The error is ErrHeld while
// another run has it. The lease of a stopped run expires when Lambda would have stopped that run.
func (l Leased) Take(ctx context.Context, now time.Time, left time.Duration) (Lease, Item, error) {
	// Rounded up, so that no run begins in the last second of another.
	taken := Lease{until: Number(now.Add(left + time.Second).Unix())}
	output, err := l.Update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("SET #lease = :until"),
		ConditionExpression:       aws.String("attribute_not_exists(#lease) OR #lease <= :now"),
		ExpressionAttributeNames:  map[string]string{"#lease": contract.LeasedUntil},
		ExpressionAttributeValues: Item{":until": taken.until, ":now": Number(now.Unix())},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return Lease{}, nil, err
	}
	return taken, output.Attributes, nil
}

// Release ends the lease, unless another run has it by now.
func (l Leased) Release(ctx context.Context, taken Lease) error {
	err := l.UpdateUnder(ctx, taken, dynamodb.UpdateItemInput{UpdateExpression: aws.String("REMOVE #lease")})
	if errors.Is(err, ErrHeld) {
		return nil
	}
	return err
}

// UpdateUnder changes the item while the lease lasts. The error is ErrHeld if another run has it by now. The names
// #lease and :until are taken.
func (l Leased) UpdateUnder(ctx context.Context, taken Lease, input dynamodb.UpdateItemInput) error {
	input.ConditionExpression = aws.String("#lease = :until")
	names := map[string]string{"#lease": contract.LeasedUntil}
	maps.Copy(names, input.ExpressionAttributeNames)
	values := Item{":until": taken.until}
	maps.Copy(values, input.ExpressionAttributeValues)
	input.ExpressionAttributeNames, input.ExpressionAttributeValues = names, values
	_, err := l.Update(ctx, input)
	return err
}

// Update changes the item. The error is ErrHeld if the input's condition does not hold.
func (l Leased) Update(ctx context.Context, input dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	input.TableName = aws.String(l.Table)
	input.Key = Item{contract.CustomerID: String(l.Key)}
	output, err := l.Client.UpdateItem(ctx, &input)
	var condition *types.ConditionalCheckFailedException
	if errors.As(err, &condition) {
		return nil, ErrHeld
	}
	return output, err
}
