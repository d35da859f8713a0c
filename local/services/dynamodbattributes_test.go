package services_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"github.com/securecart/identity/internal/deployed/stagetest"
)

// carol writes what no other test reads.
const carol = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"

// acting gives customers other actions on the rows and attributes that they may read.
func acting(t *testing.T, actions ...any) stagetest.Change {
	return readOwnRows(t, func(statement map[string]any) {
		statement["Action"] = actions
		// Writes have no Select.
		condition := statement["Condition"].(map[string]any)
		condition["StringEqualsIfExists"] = map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
	})
}

func TestOnlyListedAttributesAreReadDirectly(t *testing.T) {
	s := serve(t)
	placeOrders(t, s)
	c := s.customer(t, alice)
	own := `"Key": {"customerId": {"S": "` + alice + `"}, "orderId": {"S": "o-1"}}`
	rows := `"KeyConditionExpression": "customerId = :a", "ExpressionAttributeValues": {":a": {"S": "` + alice + `"}}`
	filtered := func(filter string) string {
		return `"KeyConditionExpression": "customerId = :a", "ExpressionAttributeValues": {":a": {"S": "` + alice +
			`"}, ":n": {"S": "of"}}, ` +
			`"ProjectionExpression": "customerId", "FilterExpression": "` + filter + `"`
	}
	const found, refused, invalid = `"2026-03-04T12:00:00.000Z"`, denied, "ValidationException"
	for _, test := range []struct{ operation, members, says string }{
		{"GetItem", own + `, "ProjectionExpression": "customerId, orderId, createdAt"`, found},
		{"GetItem", own + `, "ProjectionExpression": "createdAt, #l[0].sku", "ExpressionAttributeNames": {"#l": "lines"}`,
			found},
		{"GetItem", own + `, "AttributesToGet": ["createdAt"]`, found},
		{"GetItem", own, refused},
		{"GetItem", own + `, "ProjectionExpression": ""`, refused},
		{"GetItem", own + `, "ProjectionExpression": null`, refused},
		{"GetItem", own + `, "AttributesToGet": []`, refused},
		{"GetItem", own + `, "Select": "SPECIFIC_ATTRIBUTES"`, refused},
		{"GetItem", own + `, "ProjectionExpression": "createdAt, note"`, refused},
		{"GetItem", own + `, "ProjectionExpression": "createdAt,\n note.createdAt"`, refused},
		{"GetItem", own + `, "ProjectionExpression": "createdAt, #n", "ExpressionAttributeNames": {"#n": "note"}`, refused},
		{"GetItem", own + `, "ProjectionExpression": "createdAt, #n", "ExpressionAttributeNames": {}`, invalid},
		{"GetItem", own + `, "ProjectionExpression": "createdAt, nöte"`, invalid},
		{"GetItem", own + `, "ProjectionExpression": ["createdAt"]`, invalid},
		{"GetItem", own + `, "AttributesToGet": ["createdAt", "note"]`, refused},
		{"GetItem", own + `, "AttributesToGet": [1]`, invalid},
		{"Query", rows + `, "ProjectionExpression": "createdAt"`, found},
		{"Query", rows + `, "ProjectionExpression": "createdAt", "Select": "SPECIFIC_ATTRIBUTES"`, found},
		{"Query", rows + `, "ProjectionExpression": "createdAt", "IndexName": "byCreatedAt"`, found},
		{"Query", rows, refused},
		{"Query", rows + `, "IndexName": "byCreatedAt"`, refused},
		{"Query", rows + `, "Select": "SPECIFIC_ATTRIBUTES"`, refused},
		{"Query", rows + `, "Select": "ALL_ATTRIBUTES"`, refused},
		{"Query", rows + `, "Select": "COUNT"`, refused},
		{"Query", rows + `, "Select": 1, "ProjectionExpression": "createdAt"`, invalid},
		{"Query", rows + `, "ProjectionExpression": "note"`, refused},
		// A filter reveals an attribute as well, one guess at a time.
		{"Query", filtered("attribute_exists(createdAt) AND NOT size(createdAt) = :n"), `"Count":`},
		{"Query", filtered("begins_with(note, :n)"), refused},
		{"Query", filtered("customerId IN (note, :n)"), refused},
		{"Query", filtered("createdAt BETWEEN :n AND note"), refused},
		{"Query", strings.Replace(rows, "customerId = :a", "customerId = :a AND note = :a",
			1) + `, "ProjectionExpression": "createdAt"`, refused},
	} {
		_, answer := c.post(t, s.url, "dynamodb", "DynamoDB_20120810."+test.operation,
			`{"TableName": "`+s.table(t, "Orders")+`", `+test.members+`}`)
		if !strings.Contains(answer, test.says) || strings.Contains(answer, "of "+alice) {
			t.Errorf("%s %s\ngot  %.300s\nwant %s", test.operation, test.members, answer, test.says)
		}
	}
}

// TestEveryAttributeOfAWriteIsAsked lets customers write the listed attributes of their own rows.
func TestEveryAttributeOfAWriteIsAsked(t *testing.T) {
	s := serve(t, acting(t, "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem",
		"dynamodb:BatchGetItem"))
	c := s.customer(t, carol)
	table := s.table(t, "Orders")
	key := `{"customerId": {"S": "` + carol + `"}, "orderId": {"S": "o-w"}}`
	with := func(name string) string { return strings.Replace(key, "{", `{"`+name+`": {"S": "x"}, `, 1) }
	values := `, "ExpressionAttributeValues": {":x": {"S": "x"}}`
	for _, test := range []struct {
		operation, members string
		refused            bool
	}{
		{"PutItem", `"Item": ` + with("status"), false},
		{"PutItem", `"Item": ` + with("note"), true},
		{"PutItem", `"Item": ` + with("status") + `, "ConditionExpression": "attribute_not_exists(currency)"`, false},
		{"PutItem", `"Item": ` + with("status") + `, "ConditionExpression": "attribute_not_exists(note)"`, true},
		{"PutItem", `"Item": ` + with("status") + `, "Expected": {"note": {"Exists": false}}`, true},
		{"UpdateItem", `"Key": ` + key + `, "UpdateExpression": "SET currency = :x"` + values, false},
		{"UpdateItem", `"Key": ` + key + `, "UpdateExpression": "SET note = :x"` + values, true},
		{"UpdateItem", `"Key": ` + key + `, "UpdateExpression": "SET currency = if_not_exists(note, :x)"` + values, true},
		{"UpdateItem", `"Key": ` + key + `, "UpdateExpression": "SET currency = :x REMOVE note"` + values, true},
		{"UpdateItem",
			`"Key": ` + key + `, "UpdateExpression": "SET currency = :x", "ConditionExpression": "note = :x"` + values, true},
		{"UpdateItem", `"Key": ` + key + `, "AttributeUpdates": {"note": {"Action": "DELETE"}}`, true},
		{"DeleteItem", `"Key": ` + key + `, "ConditionExpression": "note = :x"` + values, true},
		{"DeleteItem", `"Key": ` + key, false},
		{"BatchWriteItem", `[{"PutRequest": {"Item": ` + with("status") + `}}]`, false},
		{"BatchWriteItem", `[{"PutRequest": {"Item": ` + key + `}}, {"PutRequest": {"Item": ` +
			strings.Replace(with("note"), "o-w", "o-x", 1) + `}}]`, true},
		{"BatchGetItem", `{"Keys": [` + key + `], "ProjectionExpression": "createdAt"}`, false},
		{"BatchGetItem", `{"Keys": [` + key + `], "ProjectionExpression": "note"}`, true},
		{"BatchGetItem", `{"Keys": [` + key + `]}`, true},
	} {
		body := `{"TableName": "` + table + `", ` + test.members + `}`
		if strings.HasPrefix(test.operation, "Batch") {
			body = `{"RequestItems": {"` + table + `": ` + test.members + `}}`
		}
		status, answer := c.post(t, s.url, "dynamodb", "DynamoDB_20120810."+test.operation, body)
		if test.refused != strings.Contains(answer, denied) || !test.refused && !strings.Contains(answer, "{") ||
			!test.refused && status != 200 {
			t.Errorf("%s %s\ngot  %d %.300s\nwant refused %t", test.operation, test.members, status, answer, test.refused)
		}
	}
}

func TestWritesSayWhatTheyReturn(t *testing.T) {
	s := serve(t, readOwnRows(t, func(statement map[string]any) {
		statement["Action"] = "dynamodb:UpdateItem"
		statement["Condition"].(map[string]any)["StringEquals"] = map[string]any{
			"dynamodb:ReturnValues": []any{"NONE", "UPDATED_NEW"},
		}
	}))
	c := s.customer(t, carol)
	for returned, wanted := range map[types.ReturnValue]string{
		"": "", "NONE": "", "UPDATED_NEW": "", "ALL_OLD": denied, "ALL_NEW": denied,
	} {
		_, err := c.tables.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String(s.table(t, "Orders")), Key: orderKey(carol, "o-r"), ReturnValues: returned,
			UpdateExpression: aws.String("SET currency = :c"), ExpressionAttributeValues: item{":c": text("EUR")},
		})
		want(t, "ReturnValues "+string(returned), err, wanted)
	}
}

// TestNoMixedExpressionRevealsOtherAttributes tries projections and filters that look like expressions. A value that
// only the attribute note has must never change the response.
func TestNoMixedExpressionRevealsOtherAttributes(t *testing.T) {
	s := serve(t)
	placeOrders(t, s)
	c := s.customer(t, alice)
	pieces := []string{
		"note", "#n", "createdAt", "#c", "=", "<", "<>", "(", ")", ",", "AND", "OR", "NOT", "BETWEEN", "IN", "begins_with",
		"size", "attribute_exists(note)", "attribute_exists(createdAt)", ":v", ".", "[0]", "\t", "note = :v",
		"createdAt > :v", "#c = :v",
	}
	some := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 2)
	paths := rapid.SliceOfN(
		rapid.SampledFrom([]string{"createdAt", "#c", "lines[0].sku", "note", "#n", "lines.note", "#c.#n", "note[1]", "("}),
		0, 2)
	whole := rapid.SampledFrom([]string{
		"createdAt > :v", "NOT (createdAt < :v)", "#c = :v OR attribute_exists(createdAt)",
		"(size(#c) > :v) and createdAt IN (:v, :v)", "note = :v", "attribute_exists(#n)", ":v < createdAt",
		"contains(note, :v)",
	})
	answered := 0
	rapid.Check(t, func(r *rapid.T) {
		filter := whole.Draw(r, "whole")
		if rapid.Bool().Draw(r, "mixed") {
			filter = strings.Join(slices.Concat(some.Draw(r, "before"), []string{filter}, some.Draw(r, "after")), " ")
		}
		projection := strings.Join(slices.Concat([]string{"orderId"}, paths.Draw(r, "projection")), ",")
		names, values := map[string]string{}, item{":c": text(alice)}
		for name, value := range map[string]string{"#n": "note", "#c": "createdAt"} {
			if strings.Contains(filter+projection, name) {
				names[name] = value
			}
		}
		if strings.Contains(filter, ":v") {
			values[":v"] = text("of " + alice)
		}
		input := ordersOf(s.table(t, "Orders"), alice, func(q *dynamodb.QueryInput) {
			q.FilterExpression, q.ProjectionExpression = aws.String(filter), aws.String(projection)
			q.ExpressionAttributeValues = values
			if len(names) > 0 {
				q.ExpressionAttributeNames = names
			}
		})
		page, err := c.tables.Query(t.Context(), input)
		if got := code(err); got != "" && got != denied && got != "ValidationException" {
			r.Fatalf("%s; %s: %v", filter, projection, err)
		}
		if err != nil {
			return
		}
		answered++
		inside := strings.NewReplacer("lines.note", "", "#c.#n", "")
		if named := inside.Replace(filter + projection); strings.Contains(named, "note") || strings.Contains(named, "#n") {
			r.Fatalf("answered although it names another attribute: %s; %s", filter, projection)
		}
		for _, row := range page.Items {
			if _, there := row["note"]; there {
				r.Fatalf("%s; %s: %v", filter, projection, row)
			}
		}
	})
	if answered == 0 {
		t.Error("nothing was answered, so this test proves nothing")
	}
}
