package services

import (
	"encoding/json"
	"fmt"

	"github.com/securecart/identity/internal/deployed"
)

func (d *dynamoDB) describe(c *call) error {
	n, err := d.oneTable(c)
	n.withoutItems = true
	c.needs = []need{n}
	return err
}

// list concerns all tables: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
func (d *dynamoDB) list(c *call) error {
	c.needs = []need{{action: "dynamodb:ListTables", resource: "*", withoutItems: true}}
	return nil
}

// described corrects the engine's description of a table, which counts items and bytes, but has neither account and
// Region, nor the template's encryption, throughput and protection.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
func described(answer json.RawMessage, table deployed.Table) (any, error) {
	var said struct{ Table map[string]any }
	if err := json.Unmarshal(answer, &said); err != nil {
		return nil, err
	}
	about := said.Table
	about["TableArn"] = table.ARN
	for _, property := range []string{"OnDemandThroughput", "DeletionProtectionEnabled"} {
		if value, stated := table.Properties[property]; stated {
			about[property] = value
		}
	}
	if key := table.SSESpecification.KMSMasterKeyID; key != "" {
		about["SSEDescription"] = map[string]any{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
	}
	for _, kind := range []string{"LocalSecondaryIndexes", "GlobalSecondaryIndexes"} {
		indexes, _ := about[kind].([]any)
		for _, element := range indexes {
			if index, ok := element.(map[string]any); ok {
				index["IndexArn"] = fmt.Sprintf("%s/index/%v", table.ARN, index["IndexName"])
			}
		}
	}
	return said, nil
}
