package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// provider is the only payment provider whose tokens are accepted.
const provider = "stripe"

// The length is not part of the pattern, see package shop.
var tokenPattern = regexp.MustCompile(`^pm_[A-Za-z0-9_]+$`)

// The number of characters of a token after its prefix.
const (
	prefix   = len("pm_")
	minToken = prefix + 8
	maxToken = prefix + 128
)

// updater changes one item. This route can do nothing else with a table.
type updater interface {
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// paymentMethods are attributes of the items of the table Customers.
type paymentMethods struct {
	client updater
	table  string
	gate   customer.Gate
}

// method is how a customer pays: a token that only the payment provider can resolve to a card.
type method struct {
	Provider string `dynamodbav:"provider"`
	Token    string `dynamodbav:"token"`
}

// replace answers PUT /payment-method.
//
// The function does not verify that the token is this customer's. Only the payment provider knows, and a request to it
// needs a secret key, which this program must not hold. The token alone charges nothing: the service that charges must
// compare the customer whom the provider names. https://docs.stripe.com/api/payment_methods/object
func (m *paymentMethods) replace(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := m.gate.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	if err := refuseCards(event); err != nil {
		return gateway.Answer{}, err
	}
	document, err := gateway.JSON(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	chosen := method{
		Provider: document.Text("provider", provider, func(text string) bool { return text == provider }),
		Token:    document.Text("token", "pm_ and 8 to 128 characters of A-Z, a-z, 0-9 and _", isToken),
	}
	if err := document.Err(); err != nil {
		return gateway.Answer{}, err
	}
	return gateway.Answer{Status: http.StatusNoContent}, m.store(ctx, sub, chosen)
}

// refuseCards runs before any other code reads the body, so that no response or log can quote a card number.
func refuseCards(event events.APIGatewayProxyRequest) error {
	raw, err := gateway.Body(event)
	if err != nil {
		return err
	}
	if shop.HasCardNumber(raw) {
		return gateway.Unprocessable("body holds what could be a card number; " +
			"send the payment provider's token and no other digits")
	}
	return nil
}

// store sets one attribute of the customer's item. A put would remove the attributes of other routes.
func (m *paymentMethods) store(ctx context.Context, sub string, chosen method) error {
	value, err := attributevalue.Marshal(chosen)
	if err != nil {
		return fmt.Errorf("encode a payment method: %w", err)
	}
	_, err = m.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(m.table),
		Key:                       keyOf(sub),
		UpdateExpression:          aws.String("SET #method = :method"),
		ExpressionAttributeNames:  map[string]string{"#method": contract.PaymentMethod},
		ExpressionAttributeValues: table.Item{":method": value},
	})
	if err != nil {
		return fmt.Errorf("store a payment method: %w", err)
	}
	return nil
}

func isToken(text string) bool {
	return len(text) >= minToken && len(text) <= maxToken && tokenPattern.MatchString(text)
}
