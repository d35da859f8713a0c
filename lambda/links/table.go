package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/table"
)

// linkTable is the table Links. It reads and changes single items, by their keys.
type linkTable struct {
	client *dynamodb.Client
	name   string
}

// get returns an item, or nil, by a consistent read.
func (t linkTable) get(ctx context.Context, id string) (table.Item, error) {
	output, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(t.name), Key: keyOf(id), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read Links: %w", err)
	}
	return output.Item, nil
}

// put stores an item and replaces any with this id.
func (t linkTable) put(ctx context.Context, id string, item table.Item) error {
	item[contract.LinkID] = table.String(id)
	if _, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(t.name), Item: item}); err != nil {
		return fmt.Errorf("write Links: %w", err)
	}
	return nil
}

// update changes or creates an item if the condition is met.
func (t linkTable) update(ctx context.Context, id, change, condition string, values table.Item) (met bool, err error) {
	_, err = t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(t.name),
		Key:                       keyOf(id),
		UpdateExpression:          aws.String(change),
		ConditionExpression:       aws.String(condition),
		ExpressionAttributeNames:  aliases(change + " " + condition),
		ExpressionAttributeValues: values,
	})
	return outcome(err)
}

// remove deletes an item if the condition is met.
func (t linkTable) remove(ctx context.Context, id, condition string, values table.Item) (met bool, err error) {
	_, err = t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 aws.String(t.name),
		Key:                       keyOf(id),
		ConditionExpression:       aws.String(condition),
		ExpressionAttributeNames:  aliases(condition),
		ExpressionAttributeValues: values,
	})
	return outcome(err)
}

func outcome(err error) (met bool, failure error) {
	if unmet := new(types.ConditionalCheckFailedException); errors.As(err, &unmet) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("write Links: %w", err)
	}
	return true, nil
}

func keyOf(id string) table.Item {
	return table.Item{contract.LinkID: table.String(id)}
}

// names maps the aliases in expressions to the attributes of the table. All are aliases because some words are
// reserved. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
var names = map[string]string{
	"#expires":  contract.LinkExpiresAt,
	"#owner":    contract.CustomerID,
	"#provider": contract.LinkProvider,
	"#subject":  contract.LinkSubject,
	"#username": contract.LinkUsername,
	"#claimed":  contract.LinkClaimedAt,
	"#linked":   contract.LinkLinkedAt,
	"#usedBy":   usedBy,
	"#claim":    claimAttribute,
	"#busy":     busyUntil,
}

// Attributes that only this function reads.
const (
	// subAttribute and emailAttribute of an offer are those of the federated account. The address is the provider's.
	subAttribute   = "sub"
	emailAttribute = "email"
	// usedBy of an offer is the sub of the account that has redeemed it.
	usedBy = "usedBy"
	// claimAttribute of an identity's record is the random name of the request that wrote it last.
	claimAttribute = "claim"
	// busyUntil of an identity's record is the time until which that request blocks others, in Unix seconds. In
	// contract.LinkExpiresAt it would make DynamoDB delete the record.
	busyUntil = "busyUntil"
)

var aliasPattern = regexp.MustCompile(`#\w+`)

// aliases returns the names that an expression uses: DynamoDB refuses others.
func aliases(expression string) map[string]string {
	used := make(map[string]string)
	for _, alias := range aliasPattern.FindAllString(expression, -1) {
		used[alias] = names[alias]
	}
	return used
}

// seconds returns a time as it is stored, 0 if there is none.
func seconds(item table.Item, attribute string) int64 {
	number, _ := item[attribute].(*types.AttributeValueMemberN)
	if number == nil {
		return 0
	}
	at, _ := strconv.ParseInt(number.Value, 10, 64)
	return at
}
