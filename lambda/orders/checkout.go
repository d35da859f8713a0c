package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

// statusPlaced is an order's first status.
const statusPlaced = "placed"

// errNotFound means that there is no order of that id.
var errNotFound = errors.New("there is no such order")

// orderStore stores and reads an order.
type orderStore interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// checkout writes the table Orders.
type checkout struct {
	client orderStore
	table  string
	prices *priceList
	gate   customer.Gate
}

// record is a stored order.
type record struct {
	CustomerID string `dynamodbav:"customerId"`
	storedOrder
	// Fingerprint is the cart's, to distinguish a repeated request from another order with the same key.
	Fingerprint string `dynamodbav:"fingerprint"`
}

// place answers POST /orders.
//
// A customer whose connection breaks cannot know whether the order was placed, and tries again. Every request with the
// same key gets the first response, even if prices and products have changed since. Only placed orders are remembered:
// a refused cart can be corrected and sent with the same key.
//
// A customer needs no payment method to order. This function charges nothing, and a stored method need not work or be
// used for this order, so requiring one would only look like a check. The service that charges decides what happens to
// an unpaid order.
func (c *checkout) place(ctx context.Context, request events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := c.gate.Sub(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	key, err := idempotencyKey(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	wanted, err := readCart(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	fingerprint, err := wanted.fingerprint()
	if err != nil {
		return gateway.Answer{}, err
	}
	order := record{CustomerID: sub, Fingerprint: fingerprint}
	order.OrderID = orderID(sub, key)
	item, err := c.write(ctx, order, wanted)
	if err != nil {
		return gateway.Answer{}, err
	}
	placed, err := readOrder(item)
	if err != nil {
		return gateway.Answer{}, err
	}
	return gateway.Answer{
		Status: http.StatusCreated,
		Body:   placed,
		// Relative to the request, whose path may begin with a stage's name. No route serves it yet: it identifies the order,
		// as RFC 9110, section 10.2.2, asks for.
		Location: "orders/" + placed.ID,
	}, nil
}

// write returns the stored order, whether stored now or by an earlier request.
//
// It prices and stores first, and looks for an earlier request only if that fails, because most orders are sent once. A
// look-up before would not make the one after unnecessary: another request could store the order in between.
func (c *checkout) write(ctx context.Context, order record, wanted cart) (table.Item, error) {
	item, failure := c.store(ctx, order, wanted)
	if failure == nil {
		return item, nil
	}
	item, err := c.earlier(ctx, order)
	if errors.Is(err, errNotFound) {
		return nil, failure
	}
	return item, err
}

// store prices the cart and stores the order by one write, which DynamoDB refuses if there is an order of that id.
func (c *checkout) store(ctx context.Context, order record, wanted cart) (table.Item, error) {
	cost, err := c.prices.price(ctx, wanted)
	if err != nil {
		return nil, err
	}
	order.CreatedAt = c.gate.Now().UTC().Format(timestamp)
	order.Status = statusPlaced
	order.Currency, order.TotalMinor, order.Lines = cost.currency, aws.Int64(cost.total), cost.lines
	item, err := attributevalue.MarshalMap(order)
	if err != nil {
		return nil, fmt.Errorf("encode an order: %w", err)
	}
	_, err = c.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           aws.String(c.table),
		Item:                item,
		ConditionExpression: aws.String("attribute_not_exists(orderId)"),
	})
	if err != nil {
		return nil, fmt.Errorf("store an order: %w", err)
	}
	return item, nil
}

// earlier returns the order that an earlier request has stored, or [errNotFound]. An order with another cart is a 422
// Problem.
func (c *checkout) earlier(ctx context.Context, order record) (table.Item, error) {
	projection, names := table.Projection(slices.Concat(attributes, []string{"fingerprint"})...)
	output, err := c.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(c.table),
		Key:                      keyOf(order),
		ConsistentRead:           aws.Bool(true),
		ProjectionExpression:     projection,
		ExpressionAttributeNames: names,
	})
	if err != nil {
		return nil, fmt.Errorf("read an earlier try: %w", err)
	}
	if len(output.Item) == 0 {
		return nil, errNotFound
	}
	if table.Text(output.Item, "fingerprint") != order.Fingerprint {
		return nil, gateway.Unprocessable("header Idempotency-Key is that of an order with other items; " +
			"make a new key for each order")
	}
	return output.Item, nil
}

// keyOf is the key of an order in the table.
func keyOf(order record) table.Item {
	return table.Item{contract.CustomerID: table.String(order.CustomerID), "orderId": table.String(order.OrderID)}
}
