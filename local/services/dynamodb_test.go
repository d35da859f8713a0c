package services_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
)

type item = map[string]types.AttributeValue

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func orderKey(customer, order string) item {
	return item{"customerId": text(customer), "orderId": text(order)}
}

// placeOrders stores an order of alice and one of bob, with the role of the function orders.
func placeOrders(t *testing.T, s *shop) {
	t.Helper()
	till := s.function(t, "Orders")
	for _, customer := range []string{alice, bob} {
		order := orderKey(customer, "o-1")
		order["createdAt"], order["note"] = text("2026-03-04T12:00:00.000Z"), text("of "+customer)
		must.Get(till.tables.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: aws.String(s.table(t, "Orders")), Item: order,
		}))(t)
	}
}

func ordersOf(table, customer string, change func(*dynamodb.QueryInput)) *dynamodb.QueryInput {
	input := &dynamodb.QueryInput{
		TableName: aws.String(table), KeyConditionExpression: aws.String("customerId = :c"),
		ExpressionAttributeValues: item{":c": text(customer)},
	}
	if change != nil {
		change(input)
	}
	return input
}

// readOwnRows changes the statement by which customers read their rows.
func readOwnRows(t *testing.T, with func(statement map[string]any)) stagetest.Change {
	return edit(t, "IdentityPool", "IdentitiesCustomerDefaultPolicy", "ReadOwnRows", with)
}

// anyAttribute removes the condition on attributes, which other tests cover, so that every refusal is due to the key.
func anyAttribute(t *testing.T) stagetest.Change {
	return readOwnRows(t, func(statement map[string]any) {
		condition := statement["Condition"].(map[string]any)
		delete(condition["ForAllValues:StringEquals"].(map[string]any), "dynamodb:Attributes")
		delete(condition["Null"].(map[string]any), "dynamodb:Attributes")
		delete(condition, "StringEqualsIfExists")
	})
}

type client = *dynamodb.Client

// sends is a call of an operation whose answer does not matter.
func sends[In, Out any](
	operation func(client, context.Context, In, ...func(*dynamodb.Options)) (Out, error), input In,
) func(context.Context, client) error {
	return func(ctx context.Context, d client) error {
		_, err := operation(d, ctx, input)
		return err
	}
}

func TestCustomersReadTheirOwnRowsAndDoNothingElse(t *testing.T) {
	s := serve(t, anyAttribute(t))
	placeOrders(t, s)
	table := s.table(t, "Orders")
	index := func(q *dynamodb.QueryInput) { q.IndexName = aws.String("byCreatedAt") }
	c := s.customer(t, alice)
	got, err := c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(table), Key: orderKey(alice, "o-1"),
	})
	if err != nil || got.Item["note"].(*types.AttributeValueMemberS).Value != "of "+alice {
		t.Errorf("own row: %v, %v", got, err)
	}
	for _, input := range []*dynamodb.QueryInput{ordersOf(table, alice, nil), ordersOf(table, alice, index)} {
		page, err := c.tables.Query(t.Context(), input)
		if err != nil || page.Count != 1 {
			t.Errorf("own rows: %v, %v; want one", page, err)
		}
	}
	own, another, fresh := orderKey(alice, "o-1"), orderKey(bob, "o-1"), orderKey(alice, "o-2")
	otherIndex := func(q *dynamodb.QueryInput) { q.IndexName = aws.String("other") }
	for what, call := range map[string]func(context.Context, client) error{
		"another's row":               sends(client.GetItem, &dynamodb.GetItemInput{TableName: &table, Key: another}),
		"another's rows":              sends(client.Query, ordersOf(table, bob, nil)),
		"another's rows by the index": sends(client.Query, ordersOf(table, bob, index)),
		"another index":               sends(client.Query, ordersOf(table, alice, otherIndex)),
		"Scan":                        sends(client.Scan, &dynamodb.ScanInput{TableName: &table}),
		"Scan of the index": sends(client.Scan, &dynamodb.ScanInput{
			TableName: &table, IndexName: aws.String("byCreatedAt"),
		}),
		"BatchGetItem": sends(client.BatchGetItem, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{table: {Keys: []item{own}}},
		}),
		"BatchWriteItem": sends(client.BatchWriteItem, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{table: {{PutRequest: &types.PutRequest{Item: fresh}}}},
		}),
		"PutItem":    sends(client.PutItem, &dynamodb.PutItemInput{TableName: &table, Item: fresh}),
		"UpdateItem": sends(client.UpdateItem, &dynamodb.UpdateItemInput{TableName: &table, Key: own}),
		"DeleteItem": sends(client.DeleteItem, &dynamodb.DeleteItemInput{TableName: &table, Key: own}),
		"products": sends(client.GetItem, &dynamodb.GetItemInput{
			TableName: aws.String(s.table(t, "Products")), Key: item{"sku": text("MUG-STONE")},
		}),
		"a table that is not there": sends(client.GetItem, &dynamodb.GetItemInput{
			TableName: aws.String("Invoices"), Key: own,
		}),
		"DescribeTable": sends(client.DescribeTable, &dynamodb.DescribeTableInput{TableName: &table}),
		"DeleteTable":   sends(client.DeleteTable, &dynamodb.DeleteTableInput{TableName: &table}),
		"ListTables":    sends(client.ListTables, &dynamodb.ListTablesInput{}),
		"PartiQL": sends(client.ExecuteStatement, &dynamodb.ExecuteStatementInput{
			Statement: aws.String(`SELECT * FROM "` + table + `"`),
		}),
	} {
		want(t, "customer, "+what, call(t.Context(), c.tables), denied, c.session.ARN)
		g := s.guest(t)
		want(t, "guest, "+what, call(t.Context(), g.tables), denied, g.session.ARN)
	}
}

func TestFunctionsDoWhatTheirHandlersDo(t *testing.T) {
	s := serve(t)
	placeOrders(t, s)
	orders, products, customers := s.table(t, "Orders"), s.table(t, "Products"), s.table(t, "Customers")
	till := s.function(t, "Orders")
	_, err := till.tables.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String(orders), Item: orderKey(alice, "o-1"),
		ConditionExpression: aws.String("attribute_not_exists(orderId)"),
	})
	want(t, "an order a second time", err, "ConditionalCheckFailedException")
	type keys = map[string]types.KeysAndAttributes
	prices, err := till.tables.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: keys{
		products: {Keys: []item{{"sku": text("MUG-STONE")}, {"sku": text("TENT-2020")}}, ConsistentRead: aws.Bool(true)},
	}})
	if err != nil || len(prices.Responses[products]) != 2 {
		t.Errorf("prices: %v, %v; want two", prices, err)
	}
	_, err = till.tables.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: keys{
		products: {Keys: []item{{"sku": text("MUG-STONE")}}}, orders: {Keys: []item{orderKey(alice, "o-1")}},
	}})
	want(t, "one table of a batch that it may not read", err, denied, orders)

	wallet := s.function(t, "Customers")
	_, err = wallet.tables.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String(customers), Key: item{"customerId": text(alice)}, UpdateExpression: aws.String("SET #m = :m"),
		ExpressionAttributeNames:  map[string]string{"#m": "paymentMethod"},
		ExpressionAttributeValues: item{":m": text("pm_1")},
	})
	want(t, "payment method", err, "")
	_, err = wallet.tables.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: aws.String(customers), Key: item{"customerId": text(alice)},
	})
	want(t, "deleting the payment method", err, denied)

	_, err = s.function(t, "Catalog").tables.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(products), KeyConditionExpression: aws.String("sku = :s"),
		ExpressionAttributeValues: item{":s": text("MUG-STONE")},
	})
	want(t, "the table in place of its index", err, denied)
}

func TestTablesMayBeNamedByTheirARN(t *testing.T) {
	s := serve(t, anyAttribute(t))
	placeOrders(t, s)
	for arn, table := range s.stage.Tables {
		if table.Name != s.table(t, "Orders") {
			continue
		}
		c := s.customer(t, alice)
		got, err := c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String(arn), Key: orderKey(alice, "o-1"),
		})
		if err != nil || len(got.Item) == 0 {
			t.Errorf("own row: %v, %v", got, err)
		}
		_, err = c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(arn), Key: orderKey(bob, "o-1")})
		want(t, "another's row", err, denied)
		_, err = c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String(strings.Replace(arn, region, "us-east-1", 1)), Key: orderKey(alice, "o-1"),
		})
		want(t, "a table of another Region", err, denied)
	}
}

func TestWithoutItsKeyATableIsClosed(t *testing.T) {
	s := serve(t, without(t, "IdentityPool", "IdentitiesCustomerDefaultPolicy", "ReadDynamoDBWithDataKey"),
		anyAttribute(t))
	c := s.customer(t, alice)
	_, err := c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Orders")), Key: orderKey(alice, "o-1"),
	})
	want(t, "own row", err, denied, "kms:Decrypt",
		s.stage.Tables[tableARN(s, t, "Orders")].SSESpecification.KMSMasterKeyID)
}

func tableARN(s *shop, t *testing.T, logicalID string) string {
	t.Helper()
	return "arn:aws:dynamodb:" + region + ":" + s.stage.Account + ":table/" + s.table(t, logicalID)
}

func TestWithoutItsStatementTheOwnRowIsClosed(t *testing.T) {
	s := serve(t, without(t, "IdentityPool", "IdentitiesCustomerDefaultPolicy", "ReadOwnRows"))
	_, err := s.customer(t, alice).tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Orders")), Key: orderKey(alice, "o-1"),
	})
	want(t, "own row", err, denied, "dynamodb:GetItem")
}

// TestWithoutTheConditionEverybodysRowsAreReadable shows that the template's condition protects them.
func TestWithoutTheConditionEverybodysRowsAreReadable(t *testing.T) {
	s := serve(t, readOwnRows(t, func(statement map[string]any) {
		delete(statement, "Condition")
	}))
	placeOrders(t, s)
	c := s.customer(t, alice)
	got, err := c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Orders")), Key: orderKey(bob, "o-1"),
	})
	if err != nil || got.Item["note"].(*types.AttributeValueMemberS).Value != "of "+bob {
		t.Errorf("another's row: %v, %v", got, err)
	}
	page, err := c.tables.Query(t.Context(), ordersOf(s.table(t, "Orders"), bob, nil))
	if err != nil || page.Count != 1 {
		t.Errorf("another's rows: %v, %v", page, err)
	}
}
