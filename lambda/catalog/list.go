package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// freshness is how long a browser may cache a page of the catalogue. A price on the screen can be that old, a price in
// an order never: checkout reads it from the table.
const freshness = "private, max-age=60"

// productList reads the table Products.
type productList struct {
	client table.Querier
	table  string
}

// page is the body of the answer. NextCursor is absent on the last page.
type page struct {
	Products   []product `json:"products"`
	NextCursor string    `json:"nextCursor,omitempty"`
}

// list answers GET /products.
func (l *productList) list(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	parameters := gateway.Query(event)
	category := parameters.Text("category", categoryRule, isCategory)
	limit, resume := parameters.Limit(), parameters.Text("cursor", cursor.Form, cursor.WellFormed)
	if err := parameters.Err(); err != nil {
		return gateway.Answer{}, err
	}
	start, err := startAfter(category, resume)
	if err != nil {
		return gateway.Answer{}, gateway.BadRequest(err.Error())
	}
	items, last, err := table.Page(ctx, l.client, l.query(category, start), limit)
	if err != nil {
		return gateway.Answer{}, err
	}
	return answer(category, items, last)
}

// query requests the products of a category, or all products if it is "". Only products with the attribute shelf are in
// the index. A global index has no consistent reads: a product is listed a moment after it was put up for sale.
func (l *productList) query(category string, start table.Item) dynamodb.QueryInput {
	projection, names := table.Projection(attributes...)
	names["#shelf"] = "shelf"
	condition := "#shelf = :shelf"
	values := table.Item{":shelf": table.String(shop.ForSale)}
	if category != "" {
		// The separator is part of the prefix, or "shoe" would list "shoes" as well.
		condition += " AND begins_with(#categorySku, :category)"
		values[":category"] = table.String(category + separator)
	}
	return dynamodb.QueryInput{
		TableName:                 aws.String(l.table),
		IndexName:                 aws.String(contract.ProductsForSale),
		ConsistentRead:            aws.Bool(false),
		KeyConditionExpression:    aws.String(condition),
		ProjectionExpression:      projection,
		ExpressionAttributeNames:  names,
		ExpressionAttributeValues: values,
		ExclusiveStartKey:         start,
	}
}

func answer(category string, items []table.Item, last table.Item) (gateway.Answer, error) {
	body := page{Products: make([]product, 0, len(items))}
	for _, item := range items {
		read, err := readProduct(item)
		if err != nil {
			return gateway.Answer{}, err
		}
		body.Products = append(body.Products, read)
	}
	if len(last) > 0 {
		next, err := endOf(category, last)
		if err != nil {
			return gateway.Answer{}, err
		}
		body.NextCursor = next
	}
	return gateway.Answer{Body: body, Count: len(body.Products), CacheControl: freshness}, nil
}
