// Package table reads one page from a DynamoDB index, and values of items. It also lets one run of a scheduled function
// work at a time ([Leased]).
package table

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A Querier runs a DynamoDB query. A handler that lists can do nothing else with a table; it cannot scan.
type Querier interface {
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// An Item is an item of a table, or its key.
type Item = map[string]types.AttributeValue

// Page runs the query once and returns at most limit items. If there are more, last holds the key attributes of the
// last item returned, from which the next page starts; otherwise last is empty.
//
// It requests one item beyond the limit. DynamoDB sets LastEvaluatedKey whenever a page is full, even if nothing
// follows, so every list whose length is a multiple of the limit would end with an empty page.
//
// A query reads 1 MB at most, so a page of very large items can be shorter than limit. Then last is set, and the caller
// continues from there. Reading on until limit is reached would let one request cost any number of queries, and exceed
// Lambda's largest response.
func Page(
	ctx context.Context, client Querier, query dynamodb.QueryInput, limit int,
) (items []Item, last Item, err error) {
	query.Limit = aws.Int32(int32(limit) + 1)
	output, err := client.Query(ctx, &query)
	if err != nil {
		return nil, nil, fmt.Errorf("read a page: %w", err)
	}
	if len(output.Items) > limit {
		return output.Items[:limit], output.Items[limit-1], nil
	}
	return output.Items, output.LastEvaluatedKey, nil
}

// Text returns a string attribute, or "" if the item has none of that name and type.
func Text(item Item, attribute string) string {
	value, found := item[attribute].(*types.AttributeValueMemberS)
	if !found {
		return ""
	}
	return value.Value
}

// String returns a value for a key or a condition.
func String(value string) types.AttributeValue {
	return &types.AttributeValueMemberS{Value: value}
}

// Number returns a number as it is stored.
func Number(value int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(value, 10)}
}

// Projection returns the expression, and its names, that make a query return only these attributes. Attributes that a
// response does not need should not be in memory, where a mistake could log or send them. Every name is an alias
// because some, such as status and name, are reserved words.
func Projection(attributes ...string) (expression *string, names map[string]string) {
	aliases := make([]string, len(attributes))
	names = make(map[string]string, len(attributes))
	for i, attribute := range attributes {
		aliases[i] = "#" + attribute
		names[aliases[i]] = attribute
	}
	return aws.String(strings.Join(aliases, ", ")), names
}
