// Package proof stores the proofs of customers in the table Proofs: that a mailbox is theirs, and that a second factor
// is.
//
// Customers prove a mailbox by entering the code that was mailed to it. With the code the browser sends a challenge,
// which [Table.Record] stores, and keeps the verifier. Later it sends the verifier, which [Item.Proven] compares. This
// is PKCE (RFC 7636) with a mailbox in place of a redirect. The proof ends after 15 minutes, or when [Table.Seal]
// spends it.
//
// Trust in a factor begins with a sign-in that has both a proof and the factor ([Table.Seal]). It ends when a token is
// issued that could replace the factor ([Table.Suspend]).
//
// Every method takes the customer's sub, which must be a lower-case UUID: no other item of the table can be reached. A
// malformed item or sub is a [function.Failure]. Errors of calls to DynamoDB are returned unchanged; a failed condition
// is ConditionalCheckFailedException.
package proof

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/table"
)

// A Table is the table Proofs. It reads and updates single items. It never puts or deletes one, so that no write can
// remove attributes that it does not name.
type Table struct {
	client *dynamodb.Client
	name   string
}

// NewTable returns the table of this name. It calls no service yet.
func NewTable(cfg aws.Config, name string) *Table {
	return &Table{client: dynamodb.NewFromConfig(cfg), name: name}
}

// Read returns a customer's proofs, by a consistent read. A customer without an item has proven nothing; that is not an
// error.
func (t *Table) Read(ctx context.Context, sub string) (Item, error) {
	stored, err := t.get(ctx, sub, attrChallenge, attrExpires, attrSealed, attrKind, attrSuspended)
	if err != nil {
		return Item{}, err
	}
	return readItem(sub, stored)
}

// ReadTrust returns the trust in a customer's factor. It does not read the challenge, for which some functions have no
// permission. Unlike Read it does not refuse a factor that was sealed without a kind.
func (t *Table) ReadTrust(ctx context.Context, sub string) (Trust, error) {
	stored, err := t.get(ctx, sub, attrSealed, attrKind, attrSuspended)
	if err != nil {
		return Trust{}, err
	}
	return readTrust(stored)
}

func (t *Table) get(ctx context.Context, sub string, attributes ...string) (table.Item, error) {
	key, err := keyOf(sub)
	if err != nil {
		return nil, err
	}
	expression, names := table.Projection(attributes...)
	output, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(t.name),
		Key:                      key,
		ConsistentRead:           aws.Bool(true),
		ProjectionExpression:     expression,
		ExpressionAttributeNames: names,
	})
	if err != nil {
		return nil, fmt.Errorf("read proofs: %w", err)
	}
	return output.Item, nil
}

// The attributes in expressions. None is a reserved word of DynamoDB.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
const (
	attrChallenge = contract.ProofChallengeAttribute
	attrExpires   = contract.ProofExpiresAt
	attrSealed    = contract.FactorTrustedAt
	attrKind      = contract.FactorKind
	attrSuspended = contract.FactorSuspendedAt
)

// Record stores that a customer has just proven the mailbox, with the challenge that came with the mailed code. A text
// that is not a challenge proves nothing: then no proof remains, not even an earlier one. The trust in the factor does
// not change.
func (t *Table) Record(ctx context.Context, sub, text string, now time.Time) error {
	if !IsChallenge(text) {
		return t.update(ctx, sub, dynamodb.UpdateItemInput{
			UpdateExpression: aws.String("REMOVE " + attrChallenge + ", " + attrExpires),
		})
	}
	return t.update(ctx, sub, dynamodb.UpdateItemInput{
		UpdateExpression: aws.String("SET " + attrChallenge + " = :challenge, " + attrExpires + " = :expires"),
		ExpressionAttributeValues: table.Item{
			":challenge": table.String(text),
			":expires":   table.Number(now.Unix() + contract.ProofSeconds),
		},
	})
}

// Suspend ends the trust in the factor, because a token is about to be issued that could replace it. The proof remains:
// the factor is sealed with it later.
//
// It fails if the proof that was read has been replaced or spent since, or has expired.
func (t *Table) Suspend(ctx context.Context, read Item, now time.Time) error {
	return t.update(ctx, read.customer, dynamodb.UpdateItemInput{
		UpdateExpression:    aws.String("SET " + attrSuspended + " = :now"),
		ConditionExpression: aws.String(attrChallenge + " = :challenge AND " + attrExpires + " > :now"),
		ExpressionAttributeValues: table.Item{
			":challenge": table.String(read.challenge),
			":now":       table.Number(now.Unix()),
		},
	})
}

// Seal trusts the factor that the sign-in has answered, of this kind, ends a suspension and spends the proof.
//
// It fails if the proof that was read has been replaced or spent since, or the trust has been suspended again: the
// token that suspended it could replace the factor after this sign-in has answered it.
func (t *Table) Seal(ctx context.Context, read Item, kind string, now time.Time) error {
	values := table.Item{
		":challenge": table.String(read.challenge),
		":kind":      table.String(kind),
		":now":       table.Number(now.Unix()),
	}
	unchanged := "attribute_not_exists(" + attrSuspended + ")"
	if read.Suspended() {
		unchanged = attrSuspended + " = :suspended"
		values[":suspended"] = table.Number(read.SuspendedAt)
	}
	return t.update(ctx, read.customer, dynamodb.UpdateItemInput{
		UpdateExpression: aws.String("SET " + attrSealed + " = :now, " + attrKind + " = :kind " +
			"REMOVE " + attrSuspended + ", " + attrChallenge + ", " + attrExpires),
		ConditionExpression:       aws.String(attrChallenge + " = :challenge AND " + unchanged),
		ExpressionAttributeValues: values,
	})
}

func (t *Table) update(ctx context.Context, sub string, change dynamodb.UpdateItemInput) error {
	key, err := keyOf(sub)
	if err != nil {
		return err
	}
	change.TableName, change.Key = aws.String(t.name), key
	if _, err := t.client.UpdateItem(ctx, &change); err != nil {
		return fmt.Errorf("write proofs: %w", err)
	}
	return nil
}

func keyOf(sub string) (table.Item, error) {
	if !customer.IsSub(sub) {
		return nil, function.Fail("InvalidCustomer", "sub is not a lower-case UUID")
	}
	return table.Item{contract.CustomerID: table.String(sub)}, nil
}
