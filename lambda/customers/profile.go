package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

// profileStore reads and changes one item. The function cannot list or delete profiles.
type profileStore interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	updater
}

// profiles are attributes of the items of the table Customers.
type profiles struct {
	client profileStore
	table  string
	gate   customer.Gate
}

// read answers GET /profile. Fields that the customer has not set are left out, so the profile of a new customer is {}.
// The read is consistent: customers who have just changed their profile must not see the old one.
func (p *profiles) read(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := customer.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	projection, names := table.Projection(contract.ProfileFields()...)
	found, err := p.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(p.table),
		Key:                      keyOf(sub),
		ConsistentRead:           aws.Bool(true),
		ProjectionExpression:     projection,
		ExpressionAttributeNames: names,
	})
	if err != nil {
		return gateway.Answer{}, fmt.Errorf("read a profile: %w", err)
	}
	shown := map[string]string{}
	for _, name := range contract.ProfileFields() {
		// An attribute of another type is left out, too: the customer can set it again.
		if text := table.Text(found.Item, name); text != "" {
			shown[name] = text
		}
	}
	return gateway.Answer{Body: shown}, nil
}

// change answers PUT /profile. The fields in the body are set, those that are empty strings are removed, and all others
// stay as they are.
func (p *profiles) change(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := p.gate.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	changes, err := readChanges(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	if _, err := p.client.UpdateItem(ctx, p.update(sub, changes)); err != nil {
		return gateway.Answer{}, fmt.Errorf("change a profile: %w", err)
	}
	return gateway.Answer{Status: http.StatusNoContent}, nil
}

// readChanges returns the new values by their fields, at least one.
func readChanges(event events.APIGatewayProxyRequest) (map[string]string, error) {
	document, err := gateway.JSON(event)
	if err != nil {
		return nil, err
	}
	changes := make(map[string]string)
	for _, name := range contract.ProfileFields() {
		valid := func(text string) bool { return text == "" || rules[name].valid(text) }
		if value, given := document.Optional(name, rules[name].text+`, or "" to remove it`, valid); given {
			changes[name] = value
		}
	}
	if err := document.Err(); err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, gateway.Unprocessable("body must have at least one of " + strings.Join(contract.ProfileFields(), ", "))
	}
	return changes, nil
}

// update is the one write that makes all changes. It does not touch the item's other attributes, among them the payment
// method.
func (p *profiles) update(sub string, changes map[string]string) *dynamodb.UpdateItemInput {
	input := &dynamodb.UpdateItemInput{
		TableName: aws.String(p.table), Key: keyOf(sub), ExpressionAttributeNames: make(map[string]string),
	}
	var set, remove []string
	for name, value := range changes {
		input.ExpressionAttributeNames["#"+name] = name
		if value == "" {
			remove = append(remove, "#"+name)
			continue
		}
		set = append(set, "#"+name+" = :"+name)
		// DynamoDB refuses an empty map.
		if input.ExpressionAttributeValues == nil {
			input.ExpressionAttributeValues = table.Item{}
		}
		input.ExpressionAttributeValues[":"+name] = table.String(value)
	}
	var clauses []string
	if len(set) > 0 {
		clauses = append(clauses, "SET "+strings.Join(set, ", "))
	}
	if len(remove) > 0 {
		clauses = append(clauses, "REMOVE "+strings.Join(remove, ", "))
	}
	input.UpdateExpression = aws.String(strings.Join(clauses, " "))
	return input
}

// keyOf is the key of a customer's item.
func keyOf(sub string) table.Item {
	return table.Item{contract.CustomerID: table.String(sub)}
}
