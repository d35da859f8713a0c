package services_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"
)

// TestNoSpellingOfAnothersKeyIsAllowed tries keys that the handler and the engine could read differently.
func TestNoSpellingOfAnothersKeyIsAllowed(t *testing.T) {
	s := serve(t, anyAttribute(t))
	placeOrders(t, s)
	c := s.customer(t, alice)
	// An invalid condition must not even reach the engine.
	withoutEngine := serveWith(t, "http://127.0.0.1:1", anyAttribute(t))
	mine := `{"customerId": {"S": "` + alice + `"}, "orderId": {"S": "o-1"}}`
	theirs := `{"customerId": {"S": "` + bob + `"}, "orderId": {"S": "o-1"}}`
	// The engine refuses values and names that an expression does not use.
	query := func(expression string) string {
		all := map[string]map[string]any{"ExpressionAttributeValues": {}, "ExpressionAttributeNames": {}}
		for name, value := range map[string]string{":a": alice, ":b": bob, ":o": "o", ":z": "z"} {
			if strings.Contains(expression, name) {
				all["ExpressionAttributeValues"][name] = map[string]string{"S": value}
			}
		}
		for name, value := range map[string]string{"#a": "customerId", "#b": "orderId"} {
			if strings.Contains(expression, name) {
				all["ExpressionAttributeNames"][name] = value
			}
		}
		members := `"KeyConditionExpression": "` + expression + `"`
		for name, used := range all {
			if text, err := json.Marshal(used); err == nil && len(used) > 0 {
				members += `, "` + name + `": ` + string(text)
			}
		}
		return members
	}
	legacy := func(operator, list string) string {
		return `"KeyConditions": {"customerId": {"ComparisonOperator": "` + operator + `", "AttributeValueList": [` + list +
			`]}}`
	}
	const own, refused, invalid = `"Count":1`, denied, "ValidationException"
	for _, test := range []struct{ operation, members, says string }{
		{"GetItem", `"Key": ` + mine, "of " + alice},
		{"GetItem", `"Key": ` + theirs, refused},
		{"GetItem", `"Key": ` + theirs + `, "Key": ` + mine, "of " + alice},
		{"GetItem", `"Key": ` + mine + `, "Key": ` + theirs, refused},
		{"GetItem", `"Key": ` + theirs + `, "key": ` + mine, refused},
		{"GetItem", `"key": ` + mine + `, "Key": ` + theirs, refused},
		{"GetItem", `"Key": {"customerId": {"S": "` + alice + `", "N": "1"}, "orderId": {"S": "o-1"}}`, refused},
		{"GetItem", `"Key": {"customerId": {"SS": ["` + alice + `"]}, "orderId": {"S": "o-1"}}`, refused},
		{"GetItem", `"Key": {"customerId": "` + alice + `", "orderId": {"S": "o-1"}}`, refused},
		{"GetItem", `"Key": [` + mine + `]`, refused},
		{"GetItem", `"Key": null`, refused},
		{"Query", query("customerId = :a"), own},
		{"Query", query("customerId=:a"), own},
		{"Query", query("(customerId = :a)"), own},
		{"Query", query("((#a) = :a)"), invalid},
		{"Query", query("((#a = :a) and (#b between :o And :z))"), own},
		{"Query", query("orderId > :o AND customerId = :a"), own},
		{"Query", query("begins_with(orderId, :o) AND customerId = :a"), own},
		{"Query", query("orderId BETWEEN :o AND :z AND customerId = :a"), own},
		{"Query", query("customerId = :b"), refused},
		{"Query", query("(#a = :b)"), refused},
		{"Query", query("orderId BETWEEN :o AND :z AND customerId = :b"), refused},
		{"Query", query("customerId = :a AND customerId = :b"), invalid},
		{"Query", query("customerId = :a OR customerId = :b"), invalid},
		{"Query", query("NOT customerId = :a"), invalid},
		{"Query", query("customerId <> :a"), invalid},
		{"Query", query("customerId >= :o"), invalid},
		{"Query", query("customerId IN (:a, :b)"), invalid},
		{"Query", query("customerId BETWEEN :a AND :b"), invalid},
		{"Query", query("begins_with(customerId, :o)"), invalid},
		{"Query", query(":a = customerId"), invalid},
		{"Query", query("customerId.x = :a"), invalid},
		{"Query", query("customerId = :unknown"), invalid},
		{"Query", query("#unknown = :a"), invalid},
		{"Query", query("customerId = customerId"), invalid},
		{"Query", query("customerId = :a)"), invalid},
		{"Query", query("(customerId = :a"), invalid},
		{"Query", query("customerId = :a AND"), invalid},
		{"Query", query("customerId = :a ; x"), invalid},
		{"Query", query("orderId = :o"), invalid},
		{"Query", query(""), invalid},
		{"Query", query(strings.Repeat("(", 4000)), invalid},
		{"Query", query("customerId = :a" + strings.Repeat(" ", 4096)), invalid},
		{"Query", legacy("EQ", `{"S": "`+alice+`"}`), own},
		{"Query", legacy("EQ", `{"S": "`+bob+`"}`), refused},
		{"Query", legacy("EQ", `{"S": "`+alice+`"}, {"S": "`+bob+`"}`), invalid},
		{"Query", legacy("GE", `{"S": "a"}`), invalid},
		{"Query", legacy("EQ", `{"S": "`+alice+`"}`) + ", " + query("customerId = :b"), invalid},
		{"Query", `"KeyConditionExpression": 1`, invalid},
		{"Query", `"Limit": 1`, invalid},
		{"Query", `"IndexName": 1, ` + query("customerId = :a"), invalid},
	} {
		by, to := c, s.url
		if test.says == invalid {
			by, to = withoutEngine.customer(t, alice), withoutEngine.url
		}
		_, answer := by.post(t, to, "dynamodb", "DynamoDB_20120810."+test.operation,
			`{"TableName": "`+s.table(t, "Orders")+`", `+test.members+`}`)
		if !strings.Contains(answer, test.says) || strings.Contains(answer, "of "+bob) {
			t.Errorf("%s %.200s\ngot  %.300s\nwant %s", test.operation, test.members, answer, test.says)
		}
	}
}

// TestABatchIsRefusedForOneForeignKey lets customers write in batches, to their own rows.
func TestABatchIsRefusedForOneForeignKey(t *testing.T) {
	s := serve(t, readOwnRows(t, func(statement map[string]any) {
		statement["Action"] = []any{"dynamodb:BatchWriteItem", "dynamodb:BatchGetItem"}
	}), anyAttribute(t))
	placeOrders(t, s)
	c := s.customer(t, alice)
	mine := `{"customerId": {"S": "` + alice + `"}, "orderId": {"S": "o-9"}}`
	theirs := `{"customerId": {"S": "` + bob + `"}, "orderId": {"S": "o-1"}}`
	for _, test := range []struct{ operation, requests, says string }{
		{"BatchWriteItem", `[{"DeleteRequest": {"Key": ` + mine + `}}]`, "UnprocessedItems"},
		{"BatchWriteItem", `[{"DeleteRequest": {"Key": ` + theirs + `}}]`, denied},
		{"BatchWriteItem", `[{"DeleteRequest": {"Key": ` + mine + `}}, {"PutRequest": {"Item": ` + theirs + `}}]`, denied},
		{"BatchWriteItem", `[{"DeleteRequest": {"Item": ` + mine + `, "Key": ` + theirs + `}}]`, denied},
		{"BatchWriteItem", `[{"PutRequest": {"Key": ` + mine + `, "Item": ` + theirs + `}}]`, denied},
		{"BatchWriteItem", `[{"PutRequest": {"Item": ` + mine + `}, "DeleteRequest": {"Key": ` + theirs + `}}]`, denied},
		{"BatchWriteItem", `[{"PutRequest": {"Item": ` + mine + `}}, {"OtherRequest": {"Item": ` + mine + `}}]`, denied},
		{"BatchWriteItem", `[]`, denied},
		{"BatchGetItem", `{"Keys": [` + mine + `]}`, "Responses"},
		{"BatchGetItem", `{"Keys": [` + mine + `, ` + theirs + `]}`, denied},
		{"BatchGetItem", `{"keys": [` + mine + `], "Keys": [` + theirs + `]}`, denied},
	} {
		_, answer := c.post(t, s.url, "dynamodb", "DynamoDB_20120810."+test.operation,
			`{"RequestItems": {"`+s.table(t, "Orders")+`": `+test.requests+`}}`)
		if !strings.Contains(answer, test.says) {
			t.Errorf("%s %s\ngot  %s\nwant %s", test.operation, test.requests, answer, test.says)
		}
	}
	left, err := s.function(t, "Orders").tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Orders")), Key: orderKey(bob, "o-1"),
	})
	if err != nil || len(left.Item) < 3 {
		t.Errorf("the other's row has become %v, %v", left, err)
	}
}

// TestNoMixedConditionReadsAnothersRows tries queries with conditions that look like expressions.
func TestNoMixedConditionReadsAnothersRows(t *testing.T) {
	s := serve(t, anyAttribute(t))
	placeOrders(t, s)
	c := s.customer(t, alice)
	pieces := []string{
		"customerId", "#a", "orderId", "=", "<", ">=", "<>", "(", ")", ",", "AND", "and", "OR", "NOT", "BETWEEN", "IN",
		"begins_with", ":a", ":b", "customerId = :a", "customerId = :b", "orderId > :o", "\n", ".", "[0]",
	}
	answered := 0
	some := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 3)
	conditions := rapid.SampledFrom([]string{"customerId = :a", "customerId = :b", "orderId > :o AND ( customerId = :a )"})
	rapid.Check(t, func(r *rapid.T) {
		around := slices.Concat(some.Draw(r, "before"), []string{conditions.Draw(r, "condition")}, some.Draw(r, "after"))
		expression := strings.Join(around, " ")
		var names map[string]string
		if strings.Contains(expression, "#a") {
			names = map[string]string{"#a": "customerId"}
		}
		values := item{}
		for name, value := range map[string]string{":a": alice, ":b": bob, ":o": "a"} {
			if strings.Contains(expression, name) {
				values[name] = text(value)
			}
		}
		page, err := c.tables.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String(s.table(t, "Orders")), KeyConditionExpression: aws.String(expression),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		})
		if got := code(err); got != "" && got != denied && got != "ValidationException" {
			r.Fatalf("%s: %v", expression, err)
		}
		if err != nil {
			return
		}
		answered++
		for _, row := range page.Items {
			if owner := row["customerId"].(*types.AttributeValueMemberS).Value; owner != alice {
				r.Fatalf("%s: a row of %s", expression, owner)
			}
		}
	})
	if answered == 0 {
		t.Error("no condition was answered, so this test proves nothing")
	}
}
