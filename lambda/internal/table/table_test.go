package table_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/table"
)

type row struct {
	Customer string `dynamodbav:"customerId"`
	Order    string `dynamodbav:"orderId"`
	Created  string `dynamodbav:"createdAt"`
	Ballast  string `dynamodbav:"ballast"`
}

// fill stores n items of one customer and returns the query for them.
func fill(t *testing.T, n, ballast int) dynamodb.QueryInput {
	t.Helper()
	rows := make([]row, n)
	for i := range rows {
		id := fmt.Sprintf("o-%02d", i)
		rows[i] = row{Customer: "c", Order: id, Created: id, Ballast: strings.Repeat("x", ballast)}
	}
	name := lambdatest.Table(t, "Orders")
	lambdatest.Put(t, name, rows...)
	return dynamodb.QueryInput{
		TableName:                 aws.String(name),
		IndexName:                 aws.String("byCreatedAt"),
		KeyConditionExpression:    aws.String("customerId = :c"),
		ExpressionAttributeValues: table.Item{":c": table.String("c")},
	}
}

// readPages reads all pages and returns the ids in each.
func readPages(t *testing.T, query dynamodb.QueryInput, limit int) [][]string {
	t.Helper()
	var pages [][]string
	for {
		items, last, err := table.Page(t.Context(), lambdatest.DynamoDB(t), query, limit)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, item := range items {
			ids = append(ids, table.Text(item, "orderId"))
		}
		pages = append(pages, ids)
		if len(last) == 0 {
			return pages
		}
		if len(pages) > 100 {
			t.Fatal("the list does not end")
		}
		query.ExclusiveStartKey = table.Item{
			"customerId": last["customerId"], "orderId": last["orderId"], "createdAt": last["createdAt"],
		}
	}
}

func TestNoPageIsFollowedByAnEmptyOne(t *testing.T) {
	for items := range 7 {
		query := fill(t, items, 0)
		for limit := 1; limit <= 7; limit++ {
			pages := readPages(t, query, limit)
			want := max(1, (items+limit-1)/limit)
			if len(pages) != want {
				t.Errorf("%d items by %d: %d pages %v, want %d", items, limit, len(pages), pages, want)
			}
			var all []string
			for _, page := range pages {
				all = append(all, page...)
			}
			if len(all) != items {
				t.Errorf("%d items by %d: the pages hold %d", items, limit, len(all))
			}
		}
	}
}

func TestPageCutByDynamoDBIsContinuedWithoutALoss(t *testing.T) {
	pages := readPages(t, fill(t, 4, 390_000), 100)
	if len(pages) < 2 {
		t.Fatalf("1.5 MB came in %d page; DynamoDB ends one at 1 MB, so this test proves nothing", len(pages))
	}
	var all []string
	for _, page := range pages {
		if len(page) == 0 {
			t.Errorf("a page is empty: %v", pages)
		}
		all = append(all, page...)
	}
	lambdatest.Same(t, "all pages together", all, []string{"o-00", "o-01", "o-02", "o-03"})
}

func TestProjectionReturnsTheseAttributesOnly(t *testing.T) {
	query := fill(t, 1, 10)
	query.ProjectionExpression, query.ExpressionAttributeNames = table.Projection("orderId", "createdAt")
	items, _, err := table.Page(t.Context(), lambdatest.DynamoDB(t), query, 1)
	if err != nil || len(items) != 1 {
		t.Fatalf("%d items, %v; want 1", len(items), err)
	}
	if id := table.Text(items[0], "orderId"); id != "o-00" || table.Text(items[0], "ballast") != "" || len(items[0]) != 2 {
		t.Errorf("read %v, want the id and the time", items[0])
	}
}

func TestPageReturnsTheErrorOfTheService(t *testing.T) {
	service := lambdatest.Refusing(t, http.StatusBadRequest, "ThrottlingException")
	client := dynamodb.NewFromConfig(service.Config())
	items, last, err := table.Page(t.Context(), client, dynamodb.QueryInput{TableName: aws.String("t")}, 1)
	if code, _, found := function.Fault(err); !found || code != "ThrottlingException" {
		t.Errorf("Page = %v, %v, %v; want the fault ThrottlingException", items, last, err)
	}
}
