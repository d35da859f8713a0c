package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

// maxTotal is the largest whole number that a browser reads without rounding.
const maxTotal = 1<<53 - 1

// DynamoDB may leave out some of the requested items. The caller must then ask again, but not at once.
const (
	maxLookUps = 4
	firstPause = 25 * time.Millisecond
)

// batchGetter reads items by their keys.
type batchGetter interface {
	BatchGetItem(
		context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options),
	) (*dynamodb.BatchGetItemOutput, error)
}

// priceList reads the table Products.
type priceList struct {
	client batchGetter
	table  string
}

// product holds the attributes of a product that an order needs.
type product struct {
	SKU        string `dynamodbav:"sku"`
	Name       string `dynamodbav:"name"`
	PriceMinor *int64 `dynamodbav:"priceMinor"`
	Currency   string `dynamodbav:"currency"`
	Shelf      string `dynamodbav:"shelf"`
}

// priced is a cart with the shop's prices.
type priced struct {
	currency string
	total    int64
	lines    []storedLine
}

// price returns the cart with current prices, or a 422 Problem that names every line that cannot be ordered.
func (p *priceList) price(ctx context.Context, wanted cart) (priced, error) {
	products, err := p.lookUp(ctx, wanted.lines)
	if err != nil {
		return priced{}, err
	}
	var all priced
	for _, one := range wanted.lines {
		found, known := products[one.SKU]
		if !known || found.Shelf != shop.ForSale {
			one.entry.Refuse("sku", "is not for sale")
			continue
		}
		price, isPrice := shop.StoredAmount(found.PriceMinor, found.Currency)
		if !isPrice || found.Name == "" {
			return priced{}, gateway.Internal("MalformedItem", "product "+one.SKU+": name, priceMinor or currency")
		}
		if all.currency == "" {
			all.currency = price.Currency
		}
		if price.Currency != all.currency {
			one.entry.Refuse("sku",
				"is sold in "+price.Currency+", what comes before it in "+all.currency+"; order them apart")
			continue
		}
		// Division, because the product could overflow.
		if price.Minor > (maxTotal-all.total)/one.Quantity {
			one.entry.Refuse("quantity", "makes the order cost more than one may")
			continue
		}
		all.total += price.Minor * one.Quantity
		all.lines = append(all.lines, storedLine{
			SKU: one.SKU, Name: found.Name, Quantity: one.Quantity, UnitPriceMinor: aws.Int64(price.Minor),
		})
	}
	return all, wanted.document.Err()
}

// lookUp returns the existing products, by sku. The read is consistent: no product is sold at an old price, or after it
// was withdrawn from sale.
func (p *priceList) lookUp(ctx context.Context, lines []cartLine) (map[string]product, error) {
	projection, names := table.Projection("sku", "name", "priceMinor", "currency", "shelf")
	asked := types.KeysAndAttributes{
		ConsistentRead: aws.Bool(true), ProjectionExpression: projection, ExpressionAttributeNames: names,
	}
	for _, one := range lines {
		asked.Keys = append(asked.Keys, table.Item{"sku": table.String(one.SKU)})
	}
	pending := map[string]types.KeysAndAttributes{p.table: asked}
	products := make(map[string]product, len(lines))
	for pause := range maxLookUps {
		if err := wait(ctx, pause); err != nil {
			return nil, err
		}
		output, err := p.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: pending})
		if err != nil {
			return nil, fmt.Errorf("look up products: %w", err)
		}
		for _, item := range output.Responses[p.table] {
			var found product
			if err := attributevalue.UnmarshalMap(item, &found); err != nil {
				sku := table.Text(item, "sku")
				return nil, gateway.Internal("MalformedItem", "product "+sku+": an attribute has the wrong type")
			}
			products[found.SKU] = found
		}
		if pending = output.UnprocessedKeys; len(pending) == 0 {
			return products, nil
		}
	}
	return nil, gateway.Unavailable("UnprocessedKeys", "DynamoDB BatchGetItem")
}

// wait pauses before every look-up except the first, each time twice as long, unless the request ends before.
func wait(ctx context.Context, pause int) error {
	if pause == 0 {
		return nil
	}
	select {
	case <-time.After(firstPause << (pause - 1)):
		return nil
	case <-ctx.Done():
		return gateway.Unavailable("Timeout", "DynamoDB BatchGetItem")
	}
}
