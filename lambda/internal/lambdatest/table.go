package lambdatest

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// activeWithin is how long a table may take to become active, normally a few milliseconds.
const activeWithin = 30 * time.Second

var (
	// made counts tables.
	made atomic.Int64
	// free are the names of tables whose test has ended, by their names in the template.
	free     = map[string][]string{}
	freeLock sync.Mutex
	// shared are the tables of [Shared], by the same names.
	shared     = map[string]string{}
	sharedLock sync.Mutex
)

// Table returns an empty table like the provisioned one whose logical id begins with name, such as "Orders". It is the
// test's own. A table of a test that has ended is emptied and used again, which is faster than creating one.
func Table(t testing.TB, name string) string {
	t.Helper()
	table := take(t, name)
	t.Cleanup(func() {
		freeLock.Lock()
		defer freeLock.Unlock()
		free[name] = append(free[name], table)
	})
	return table
}

// Shared is [Table] for items whose keys are the test's own: all tests of the process get the same table, which need
// not be emptied for each.
func Shared(t testing.TB, name string) string {
	t.Helper()
	sharedLock.Lock()
	defer sharedLock.Unlock()
	if shared[name] == "" {
		shared[name] = take(t, name)
	}
	return shared[name]
}

// take returns an empty table that no test uses.
func take(t testing.TB, name string) string {
	t.Helper()
	provisioned, err := provisioned(name)
	if err != nil {
		t.Fatalf("read the schema of %s: %v", name, err)
	}
	table := freeTable(name)
	if table == "" || !empty(t, table, provisioned) {
		table = fmt.Sprintf("%s-%d", name, made.Add(1))
		create(t, table, provisioned)
	}
	return table
}

// freeTable takes a table that no test uses any more, or returns "".
func freeTable(name string) string {
	freeLock.Lock()
	defer freeLock.Unlock()
	last := len(free[name]) - 1
	if last < 0 {
		return ""
	}
	table := free[name][last]
	free[name] = free[name][:last]
	return table
}

// batch is how many writes DynamoDB accepts at a time.
const batch = 25

// empty deletes the items of a table, unless they are more than one batch: then it returns false.
func empty(t testing.TB, table string, like schema) bool {
	t.Helper()
	scan := &dynamodb.ScanInput{TableName: aws.String(table), Limit: aws.Int32(batch + 1)}
	left, err := DynamoDB(t).Scan(t.Context(), scan)
	if err != nil {
		t.Fatalf("read what a test has left in %s: %v", table, err)
	}
	if len(left.Items) > batch {
		return false
	}
	deletions := make([]types.WriteRequest, len(left.Items))
	for i, item := range left.Items {
		key := map[string]types.AttributeValue{}
		for _, part := range like.KeySchema {
			key[*part.AttributeName] = item[*part.AttributeName]
		}
		deletions[i].DeleteRequest = &types.DeleteRequest{Key: key}
	}
	write(t, table, deletions)
	return true
}

func create(t testing.TB, table string, like schema) {
	t.Helper()
	client := DynamoDB(t)
	if _, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:              aws.String(table),
		AttributeDefinitions:   like.AttributeDefinitions,
		KeySchema:              like.KeySchema,
		LocalSecondaryIndexes:  like.LocalSecondaryIndexes,
		GlobalSecondaryIndexes: like.GlobalSecondaryIndexes,
		BillingMode:            like.BillingMode,
	}); err != nil {
		t.Fatalf("create table %s: %v", table, err)
	}
	active := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 50*time.Millisecond
	})
	made := &dynamodb.DescribeTableInput{TableName: aws.String(table)}
	if err := active.Wait(t.Context(), made, activeWithin); err != nil {
		t.Fatalf("wait for table %s: %v", table, err)
	}
}

// Put stores items, each a map or a struct with dynamodbav tags.
func Put[T any](t testing.TB, table string, items ...T) {
	t.Helper()
	for some := range slices.Chunk(items, batch) {
		writes := make([]types.WriteRequest, len(some))
		for i, item := range some {
			attributes, err := attributevalue.MarshalMap(item)
			if err != nil {
				t.Fatalf("encode an item: %v", err)
			}
			writes[i].PutRequest = &types.PutRequest{Item: attributes}
		}
		write(t, table, writes)
	}
}

// write makes one batch of writes; none is no call.
func write(t testing.TB, table string, writes []types.WriteRequest) {
	t.Helper()
	if len(writes) == 0 {
		return
	}
	written, err := DynamoDB(t).BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{table: writes},
	})
	if err != nil {
		t.Fatalf("write %d items: %v", len(writes), err)
	}
	if len(written.UnprocessedItems) > 0 {
		t.Fatalf("write %d items: some were left out", len(writes))
	}
}

// Stored returns the item of a key, nil if there is none. Numbers are read as float64.
func Stored(t testing.TB, table, attribute, key string) map[string]any {
	t.Helper()
	output, err := DynamoDB(t).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName:      aws.String(table),
		Key:            map[string]types.AttributeValue{attribute: &types.AttributeValueMemberS{Value: key}},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatalf("read an item of %s: %v", table, err)
	}
	if output.Item == nil {
		return nil
	}
	var item map[string]any
	if err := attributevalue.UnmarshalMap(output.Item, &item); err != nil {
		t.Fatalf("decode an item of %s: %v", table, err)
	}
	return item
}

// Changed returns the stored form of item with some attributes replaced. Attributes that are nil in changes are
// removed.
func Changed(t testing.TB, item any, changes map[string]types.AttributeValue) map[string]types.AttributeValue {
	t.Helper()
	attributes, err := attributevalue.MarshalMap(item)
	if err != nil {
		t.Fatalf("encode an item: %v", err)
	}
	maps.Copy(attributes, changes)
	maps.DeleteFunc(attributes, func(_ string, value types.AttributeValue) bool { return value == nil })
	return attributes
}

// Number returns a number in DynamoDB's form, with exactly these digits.
func Number(value string) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: value}
}
