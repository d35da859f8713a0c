// Package prooftest makes tables Proofs for tests, and shows what is in them.
package prooftest

import (
	"fmt"
	"maps"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/table"
)

// An Item has attributes by their names: a string, or a number. Numbers are read as float64.
type Item = map[string]any

// activeWithin is how long a table may take to become active, normally a few milliseconds.
const activeWithin = 30 * time.Second

var tables atomic.Int64

// Table makes an empty table Proofs in the engine of package dynamotest and returns what it is called.
func Table(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("Proofs-%d", tables.Add(1))
	client := dynamotest.Client(t)
	key := aws.String(contract.CustomerID)
	if _, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String(name),
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: key, AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema:   []types.KeySchemaElement{{AttributeName: key, KeyType: types.KeyTypeHash}},
		BillingMode: types.BillingModePayPerRequest,
	}); err != nil {
		t.Fatalf("create table %s: %v", name, err)
	}
	active := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 50*time.Millisecond
	})
	made := &dynamodb.DescribeTableInput{TableName: aws.String(name)}
	if err := active.Wait(t.Context(), made, activeWithin); err != nil {
		t.Fatalf("wait for table %s: %v", name, err)
	}
	return name
}

// Stored returns the item of a customer without its key, or nil if there is none.
func Stored(t testing.TB, name, customer string) Item {
	t.Helper()
	output, err := dynamotest.Client(t).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName:      aws.String(name),
		Key:            table.Item{contract.CustomerID: table.String(customer)},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatalf("read the item of a customer: %v", err)
	}
	var item Item
	if err := attributevalue.UnmarshalMap(output.Item, &item); err != nil {
		t.Fatalf("decode the item of a customer: %v", err)
	}
	delete(item, contract.CustomerID)
	if output.Item == nil {
		return nil
	}
	return item
}

// Store puts the item of a customer in the place of the one that there is.
func Store(t testing.TB, name, customer string, item Item) {
	t.Helper()
	stored := Item{contract.CustomerID: customer}
	maps.Copy(stored, item)
	dynamotest.Put(t, name, stored)
}
