package main

import (
	"context"
	"errors"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

// orderList reads the table Orders.
type orderList struct {
	client table.Querier
	table  string
	sealer *cursor.Sealer
}

// page is the body of the answer. NextCursor is absent on the last page.
type page struct {
	Orders     []order `json:"orders"`
	NextCursor string  `json:"nextCursor,omitempty"`
}

// position is where a page ended: the key of an order in the index, without the customer, who is always that of the
// request's token.
type position struct {
	OrderID   string `json:"orderId"`
	CreatedAt string `json:"createdAt"`
}

// list answers GET /orders.
func (l *orderList) list(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := customer.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	parameters := gateway.Query(event)
	limit, resume := parameters.Limit(), parameters.Text("cursor", cursor.Form, cursor.WellFormed)
	if err := parameters.Err(); err != nil {
		return gateway.Answer{}, err
	}
	start, err := l.start(ctx, sub, resume)
	if err != nil {
		return gateway.Answer{}, err
	}
	items, last, err := table.Page(ctx, l.client, l.query(sub, start), limit)
	if err != nil {
		return gateway.Answer{}, err
	}
	return l.answer(ctx, sub, items, last)
}

// query requests the customer's orders, newest first. The read is consistent, although that costs twice as much: a
// customer who does not see a new order may order again.
func (l *orderList) query(sub string, start table.Item) dynamodb.QueryInput {
	projection, names := table.Projection(attributes...)
	names["#customerId"] = contract.CustomerID
	return dynamodb.QueryInput{
		TableName:                 aws.String(l.table),
		IndexName:                 aws.String(contract.OrdersByCreation),
		ConsistentRead:            aws.Bool(true),
		ScanIndexForward:          aws.Bool(false),
		KeyConditionExpression:    aws.String("#customerId = :customer"),
		ProjectionExpression:      projection,
		ExpressionAttributeNames:  names,
		ExpressionAttributeValues: table.Item{":customer": table.String(sub)},
		ExclusiveStartKey:         start,
	}
}

// start returns the key after which the page begins, nil for the first page. The customer in it is that of the token:
// even a forged cursor could not lead to another customer's orders.
func (l *orderList) start(ctx context.Context, sub, resume string) (table.Item, error) {
	if resume == "" {
		return nil, nil
	}
	from, err := cursor.Open[position](ctx, l.sealer, sub, resume)
	if err == nil && !from.valid() {
		err = cursor.ErrInvalid
	}
	if errors.Is(err, cursor.ErrInvalid) {
		return nil, gateway.BadRequest(cursor.ErrInvalid.Error())
	}
	if err != nil {
		return nil, err
	}
	return table.Item{
		contract.CustomerID: table.String(sub),
		"orderId":           table.String(from.OrderID),
		"createdAt":         table.String(from.CreatedAt),
	}, nil
}

func (l *orderList) answer(
	ctx context.Context, sub string, items []table.Item, last table.Item,
) (gateway.Answer, error) {
	body := page{Orders: make([]order, 0, len(items))}
	for _, item := range items {
		read, err := readOrder(item)
		if err != nil {
			return gateway.Answer{}, err
		}
		body.Orders = append(body.Orders, read)
	}
	if len(last) > 0 {
		end := position{OrderID: table.Text(last, "orderId"), CreatedAt: table.Text(last, "createdAt")}
		next, err := cursor.Seal(ctx, l.sealer, sub, end)
		if err != nil {
			return gateway.Answer{}, err
		}
		body.NextCursor = next
	}
	return gateway.Answer{Body: body, Count: len(body.Orders)}, nil
}

func (p position) valid() bool {
	return isID(p.OrderID) && isTimestamp(p.CreatedAt)
}
