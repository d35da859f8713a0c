package lambdatest

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/table"
)

// A ProofItem is an item of the table Proofs: strings and numbers by attribute name. Numbers are read as float64.
type ProofItem = map[string]any

// StoredProof returns the item of a customer without its key, or nil if there is none.
func StoredProof(t testing.TB, name, customer string) ProofItem {
	t.Helper()
	output, err := DynamoDB(t).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName:      aws.String(name),
		Key:            table.Item{contract.CustomerID: table.String(customer)},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatalf("read the item of a customer: %v", err)
	}
	var item ProofItem
	if err := attributevalue.UnmarshalMap(output.Item, &item); err != nil {
		t.Fatalf("decode the item of a customer: %v", err)
	}
	delete(item, contract.CustomerID)
	if output.Item == nil {
		return nil
	}
	return item
}

// StoreProof stores the item of a customer and replaces any existing one.
func StoreProof(t testing.TB, name, customer string, item ProofItem) {
	t.Helper()
	stored := ProofItem{contract.CustomerID: customer}
	maps.Copy(stored, item)
	Put(t, name, stored)
}
