package services_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/local/localtest/must"
)

// proofs is the name of the table Proofs, which is in another stack than the shop's.
func (s *shop) proofs(t *testing.T) string {
	t.Helper()
	for _, table := range s.stage.Tables {
		if strings.Contains(table.Name, "-UserPool-Proofs") {
			return table.Name
		}
	}
	t.Fatal("no table is called Proofs")
	return ""
}

func set(values ...string) types.AttributeValue { return &types.AttributeValueMemberSS{Value: values} }

// TestTheRecordOfRemovalsIsASet: the function unconfirmed adds to it and removes from it, in this one item and in no
// customer's.
func TestTheRecordOfRemovalsIsASet(t *testing.T) {
	s := serve(t)
	remover, table := s.function(t, "Unconfirmed"), s.proofs(t)
	change := func(key, expression, condition string, value types.AttributeValue) error {
		input := &dynamodb.UpdateItemInput{
			TableName: aws.String(table), Key: item{contract.CustomerID: text(key)}, UpdateExpression: aws.String(expression),
			ExpressionAttributeNames:  map[string]string{"#u": contract.RemovalsUsernames},
			ExpressionAttributeValues: item{":u": value},
		}
		if condition != "" {
			input.ConditionExpression = aws.String(condition)
			input.ExpressionAttributeValues[":one"] = text("jane")
		}
		return second1(remover.tables.UpdateItem(t.Context(), input))
	}
	for _, step := range []struct {
		key, expression, condition string
		value                      types.AttributeValue
		code                       string
		left                       []string
	}{
		{contract.RemovalsKey, "ADD #u :u", "", set("jane", "john"), "", []string{"jane", "john"}},
		{contract.RemovalsKey, "ADD #u :u", "", set("jane"), "", []string{"jane", "john"}},
		{contract.RemovalsKey, "ADD #u :u", "NOT contains(#u, :one)", set("june"), "ConditionalCheckFailedException",
			[]string{"jane", "john"}},
		{contract.RemovalsKey, "DELETE #u :u", "contains(#u, :one)", set("john"), "", []string{"jane"}},
		{contract.RemovalsKey, "DELETE #u :u", "", set("jane"), "", nil},
		{carol, "ADD #u :u", "", set("jane"), denied, nil},
	} {
		want(t, step.key+" "+step.expression, change(step.key, step.expression, step.condition, step.value), step.code)
		// The function has no permission to read; a write returns the remaining values.
		got := must.Get(remover.tables.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String(table), Key: item{contract.CustomerID: text(contract.RemovalsKey)},
			ReturnValues: types.ReturnValueAllNew, UpdateExpression: aws.String("SET leasedUntil = :l"),
			ExpressionAttributeValues: item{":l": &types.AttributeValueMemberN{Value: "1"}},
		}))(t)
		var left []string
		if names, ok := got.Attributes[contract.RemovalsUsernames].(*types.AttributeValueMemberSS); ok {
			left = slices.Sorted(slices.Values(names.Value))
		}
		if !slices.Equal(left, step.left) {
			t.Errorf("after %s: %v, want %v", step.expression, left, step.left)
		}
	}
	for _, key := range []string{carol, contract.RemovalsKey} {
		_, err := remover.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String(table), Key: item{contract.CustomerID: text(key)},
		})
		want(t, "reads "+key, err, denied)
	}
}

// TestLinksAreWrittenOnCondition with the grants of the function that connects providers. Of proofs it reads three
// attributes.
func TestLinksAreWrittenOnCondition(t *testing.T) {
	s := serve(t)
	links, table := s.function(t, "Links"), s.table(t, "Links")
	key := item{contract.LinkID: text("identity#Google#1")}
	put := func() error {
		record := maps.Clone(key)
		record["customerId"] = text(carol)
		return second1(links.tables.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: aws.String(table), Item: record,
			ConditionExpression: aws.String("attribute_not_exists(" + contract.LinkID + ")"),
		}))
	}
	want(t, "a record", put(), "")
	want(t, "it again", put(), "ConditionalCheckFailedException")
	want(t, "its end for another", second1(links.tables.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: aws.String(table), Key: key, ConditionExpression: aws.String("customerId = :c"),
		ExpressionAttributeValues: item{":c": text(alice)},
	})), "ConditionalCheckFailedException")
	want(t, "its end",
		second1(links.tables.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(table), Key: key})), "")

	for projection, code := range map[string]string{
		contract.CustomerID + ", " + contract.FactorTrustedAt + ", " + contract.FactorSuspendedAt: "",
		contract.FactorTrustedAt + ", " + contract.ProofChallengeAttribute:                        denied,
		"": denied,
	} {
		input := &dynamodb.GetItemInput{TableName: aws.String(s.proofs(t)), Key: item{contract.CustomerID: text(carol)}}
		if projection != "" {
			input.ProjectionExpression = aws.String(projection)
		}
		want(t, "proofs, "+projection, second1(links.tables.GetItem(t.Context(), input)), code)
	}
}
