// Package table reads one page from a DynamoDB index, and values of items.
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

// A Querier runs a DynamoDB query. It is all that a handler that lists can do with a table: there is no way to scan
// one.
type Querier interface {
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// An Item is what a table stores under one key, or that key alone.
type Item = map[string]types.AttributeValue

// Page runs the query once and returns at most limit items. If there are more, last holds the key attributes of the
// last item returned, from which the next page starts; otherwise last is empty.
//
// It asks for one item beyond the limit. DynamoDB's own LastEvaluatedKey is set whenever a page is full, even if
// nothing follows, so relying on it would end every list whose length is a multiple of the limit with an empty page.
//
// A query reads 1 MB at most, so a page of very large items can be shorter than limit. It then says so by last, and the
// caller continues from there: reading on until limit is reached would let one request cost any number of queries and
// grow beyond what Lambda may answer.
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

// Projection returns the expression, and the names in it, that make a query return these attributes only. What a
// handler does not answer with should not be in its memory, where a mistake could log or send it. Every name is an
// alias because some of ours, such as status and name, are reserved words.
func Projection(attributes ...string) (expression *string, names map[string]string) {
	aliases := make([]string, len(attributes))
	names = make(map[string]string, len(attributes))
	for i, attribute := range attributes {
		aliases[i] = "#" + attribute
		names[aliases[i]] = attribute
	}
	return aws.String(strings.Join(aliases, ", ")), names
}
