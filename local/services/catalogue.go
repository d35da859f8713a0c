package services

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/deployed"
)

//go:embed catalogue.json
var catalogue []byte

// product is one product of the catalogue, and one item of the table Products in the form of lambda/catalog and
// lambda/orders.
type product struct {
	SKU         string `json:"sku" dynamodbav:"sku"`
	Name        string `json:"name" dynamodbav:"name"`
	Description string `json:"description" dynamodbav:"description"`
	Category    string `json:"category" dynamodbav:"category"`
	// PriceMinor counts cents.
	PriceMinor int64    `json:"priceMinor" dynamodbav:"priceMinor"`
	Currency   string   `json:"currency" dynamodbav:"currency"`
	Pictures   []string `json:"-" dynamodbav:"pictures"`

	// CategorySKU sorts the index of products for sale. Shelf puts a product into it: products that are not for sale have
	// none.
	CategorySKU string `json:"-" dynamodbav:"categorySku"`
	Shelf       string `json:"shelf" dynamodbav:"shelf,omitempty"`
}

// stock writes the catalogue into the table.
func stock(ctx context.Context, client *dynamodb.Client, table string) error {
	var products []product
	if err := json.Unmarshal(catalogue, &products); err != nil {
		return fmt.Errorf("catalogue.json: %w", err)
	}
	var writes []types.WriteRequest
	for _, p := range products {
		p.CategorySKU, p.Pictures = p.Category+"#"+p.SKU, pictureKeys(p.SKU)
		item, err := attributevalue.MarshalMap(p)
		if err != nil {
			return fmt.Errorf("catalogue.json: %s: %w", p.SKU, err)
		}
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
	}
	// DynamoDB accepts 25 items per batch.
	for batch := range slices.Chunk(writes, 25) {
		written, err := client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{table: batch},
		})
		if err != nil {
			return err
		}
		if len(written.UnprocessedItems) > 0 {
			return errors.New("the engine left some out")
		}
	}
	return nil
}

// productsTable is the name of the table that the functions have as PRODUCTS_TABLE.
func productsTable(s *deployed.Stage) (string, error) {
	var names []string
	for _, function := range s.Functions {
		if name := function.Environment.Variables["PRODUCTS_TABLE"]; name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) != 1 {
		return "", fmt.Errorf("want one table that functions know as PRODUCTS_TABLE, got %q", names)
	}
	return names[0], nil
}
