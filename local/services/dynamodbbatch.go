package services

import (
	"maps"
	"strings"

	"github.com/securecart/identity/local/services/awsjson"
)

// batch has needs for each of its tables. If one key cannot be read, its table's need has no keys.
func (d *dynamoDB) batch(c *call) error {
	tables, _ := c.body["RequestItems"].(map[string]any)
	if len(tables) == 0 {
		return awsjson.Refuse("ValidationException", "RequestItems must name at least one table.")
	}
	for name, requests := range tables {
		if strings.HasPrefix(name, "arn:") {
			return awsjson.Refuse("ValidationException", "RequestItems: ARNs are not served here, name the table of %s.", name)
		}
		n := need{action: "dynamodb:" + c.operation}
		n.resource, n.table = d.tableNamed(name)
		for _, item := range batchedItems(requests) {
			key, ok := partitionKey(n.table.KeySchema, item)
			if !ok {
				n.leadingKeys = nil
				break
			}
			n.leadingKeys = append(n.leadingKeys, key)
		}
		if err := n.returned(c.operation, batched(requests)); err != nil {
			return err
		}
		c.needs = append(c.needs, n)
	}
	return nil
}

// batchedItems are the keys and items in {"Keys": [key]} and in [{"PutRequest": {"Item": item}}, {"DeleteRequest":
// {"Key": key}}]. One that is nowhere else is nil.
func batchedItems(requests any) []any {
	if get, ok := requests.(map[string]any); ok {
		keys, _ := get["Keys"].([]any)
		return keys
	}
	writes, _ := requests.([]any)
	var items []any
	for _, write := range writes {
		members, _ := write.(map[string]any)
		for kind, request := range members {
			inner, _ := request.(map[string]any)
			items = append(items, inner[map[string]string{"PutRequest": "Item", "DeleteRequest": "Key"}[kind]])
		}
	}
	return items
}

// batched is one table's part of a batch in the form of a single request: what is asked of all its keys, and every
// attribute of its items and keys.
func batched(requests any) map[string]any {
	one := map[string]any{}
	if get, ok := requests.(map[string]any); ok {
		maps.Copy(one, get)
	}
	attributes := map[string]any{}
	for _, item := range batchedItems(requests) {
		members, _ := item.(map[string]any)
		maps.Copy(attributes, members)
	}
	one["Key"] = attributes
	return one
}
