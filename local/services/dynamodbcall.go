package services

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/services/awsjson"
)

// call is one call of DynamoDB's API, with the permissions that it needs.
type call struct {
	operation string
	// body is as encoding/json decodes it, with numbers as they were written.
	body  map[string]any
	needs []need
}

// need is an action on a table or index that the caller's policies must allow.
type need struct {
	action, resource string
	// table is zero if the stage has none of that name.
	table deployed.Table
	// leadingKeys are the partition keys that the call names, nil if none, as for Scan:
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
	leadingKeys []string
	// attributes are those that the call names, nil if it requests all; see [need.returned].
	attributes []string
	// selected and returnValues are empty for calls that have no such choice.
	selected, returnValues string
	// withoutItems says that no item is read or written, and so no key of KMS is used.
	withoutItems bool
}

// context are the condition keys of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (n need) context() map[string][]string {
	context := map[string][]string{}
	if len(n.leadingKeys) > 0 {
		context["dynamodb:LeadingKeys"] = n.leadingKeys
	}
	if len(n.attributes) > 0 {
		context["dynamodb:Attributes"] = n.attributes
	}
	if n.selected != "" {
		context["dynamodb:Select"] = []string{n.selected}
	}
	if n.returnValues != "" {
		context["dynamodb:ReturnValues"] = []string{n.returnValues}
	}
	return context
}

// dynamoDBOperations are the served operations, each with the function that finds its partition keys.
var dynamoDBOperations = map[string]func(d *dynamoDB, c *call) error{
	"GetItem":        func(d *dynamoDB, c *call) error { return d.oneItem(c, "Key") },
	"DeleteItem":     func(d *dynamoDB, c *call) error { return d.oneItem(c, "Key") },
	"UpdateItem":     func(d *dynamoDB, c *call) error { return d.oneItem(c, "Key") },
	"PutItem":        func(d *dynamoDB, c *call) error { return d.oneItem(c, "Item") },
	"Query":          (*dynamoDB).query,
	"Scan":           (*dynamoDB).scan,
	"BatchGetItem":   (*dynamoDB).batch,
	"BatchWriteItem": (*dynamoDB).batch,
	"DescribeTable":  (*dynamoDB).describe,
	"ListTables":     (*dynamoDB).list,
}

// read finds the permissions that a call needs. An operation that is not served needs the action of its name, on its
// table if it names one, so that callers without the permission get AWS's error.
func (d *dynamoDB) read(operation string, body []byte) (*call, error) {
	c := &call{operation: operation}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&c.body); err != nil || c.body == nil {
		return nil, awsjson.Refuse("SerializationException", "The request is no JSON object.")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, awsjson.Refuse("SerializationException", "Something follows the request's JSON object.")
	}
	if needs, served := dynamoDBOperations[operation]; served {
		return c, needs(d, c)
	}
	n := need{action: "dynamodb:" + operation, resource: "*"}
	if name, ok := c.body["TableName"].(string); ok && name != "" {
		n.resource, _ = d.tableNamed(name)
	}
	c.needs = []need{n}
	return c, nil
}

// serveable is called after the caller was authorized.
func (c *call) serveable() error {
	if _, served := dynamoDBOperations[c.operation]; !served {
		return awsjson.Unknown(c.operation)
	}
	if asked := c.body["ReturnValuesOnConditionCheckFailure"]; asked != nil && asked != "NONE" {
		return awsjson.Refuse("ValidationException",
			"ReturnValuesOnConditionCheckFailure is not served here: read the item after the failure.")
	}
	return nil
}

// tableNamed returns the ARN of a table, which is named by it or by its name, and the table if the stage has it.
func (d *dynamoDB) tableNamed(name string) (arn string, table deployed.Table) {
	arn = name
	if !strings.HasPrefix(name, "arn:") {
		arn = "arn:aws:dynamodb:" + d.stage.Region + ":" + d.stage.Account + ":table/" + name
	}
	return arn, d.stage.Tables[arn]
}

// oneTable is the need of a call with a TableName. It replaces an ARN by the name, because the engine accepts no ARNs.
func (d *dynamoDB) oneTable(c *call) (need, error) {
	name, _ := c.body["TableName"].(string)
	if name == "" {
		return need{}, awsjson.Refuse("ValidationException", "TableName must be the name or the ARN of a table.")
	}
	n := need{action: "dynamodb:" + c.operation}
	n.resource, n.table = d.tableNamed(name)
	if n.table.Name != "" {
		c.body["TableName"] = n.table.Name
	}
	return n, nil
}

func (d *dynamoDB) oneItem(c *call, member string) error {
	n, err := d.oneTable(c)
	if err != nil {
		return err
	}
	if key, ok := partitionKey(n.table.KeySchema, c.body[member]); ok {
		n.leadingKeys = []string{key}
	}
	if err := n.returned(c.operation, c.body); err != nil {
		return err
	}
	c.needs = []need{n}
	return nil
}

// oneIndex is the need of a call that may name an index, which is then its resource, with the index's schema.
func (d *dynamoDB) oneIndex(c *call) (need, []deployed.KeyElement, error) {
	n, err := d.oneTable(c)
	if err != nil {
		return need{}, nil, err
	}
	name, named := c.body["IndexName"]
	if !named || name == nil {
		return n, n.table.KeySchema, nil
	}
	text, ok := name.(string)
	if !ok || text == "" {
		return need{}, nil, awsjson.Refuse("ValidationException", "IndexName must be the name of an index.")
	}
	n.resource += "/index/" + text
	for _, index := range slices.Concat(n.table.LocalSecondaryIndexes, n.table.GlobalSecondaryIndexes) {
		if index.IndexName == text {
			return n, index.KeySchema, nil
		}
	}
	return n, nil, nil
}

func (d *dynamoDB) scan(c *call) error {
	n, _, err := d.oneIndex(c)
	if err == nil {
		err = n.returned(c.operation, c.body)
	}
	c.needs = []need{n}
	return err
}

func (d *dynamoDB) query(c *call) error {
	n, schema, err := d.oneIndex(c)
	if err != nil {
		return err
	}
	// Without a schema there is no such table or index. The engine reports that to authorized callers.
	if attribute := partitionAttribute(schema); attribute != "" {
		value, err := queriedKey(c.body, attribute)
		if err != nil {
			return err
		}
		if key, ok := scalar(value); ok {
			n.leadingKeys = []string{key}
		}
	}
	if err := n.returned(c.operation, c.body); err != nil {
		return err
	}
	c.needs = []need{n}
	return nil
}

// partitionKey returns the text of the partition key in a key or item, and whether there is one.
func partitionKey(schema []deployed.KeyElement, item any) (string, bool) {
	attributes, _ := item.(map[string]any)
	return scalar(attributes[partitionAttribute(schema)])
}

func partitionAttribute(schema []deployed.KeyElement) string {
	i := slices.IndexFunc(schema, func(e deployed.KeyElement) bool { return e.KeyType == "HASH" })
	if i < 0 {
		return ""
	}
	return schema[i].AttributeName
}

// scalar returns the text of {"S": text}, {"N": text} or {"B": text}, and whether it is one and nothing else.
func scalar(value any) (string, bool) {
	members, _ := value.(map[string]any)
	if len(members) != 1 {
		return "", false
	}
	for _, typ := range []string{"S", "N", "B"} {
		if text, ok := members[typ].(string); ok {
			return text, true
		}
	}
	return "", false
}

// engineError is a refusal of the engine, with its code and message.
func engineError(answer []byte) error {
	var refused struct {
		Type    string `json:"__type"`
		Message string
	}
	if err := json.Unmarshal(answer, &refused); err != nil || refused.Type == "" {
		return &smithy.GenericAPIError{
			Code: "InternalServerError", Message: "The engine of the tables failed.", Fault: smithy.FaultServer,
		}
	}
	_, code, _ := strings.Cut(refused.Type, "#")
	return awsjson.Refuse(code, "%s", refused.Message)
}
