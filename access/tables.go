package access

import (
	"slices"

	"github.com/securecart/identity/local/stage"
)

// onTables tries every table: rows of the customer who asks, of another, and all of them.
func (s *Stage) onTables() []Attempt {
	var all []Attempt
	for _, arn := range sorted(s.Tables) {
		all = append(all, s.onTable(s.Tables[arn])...)
	}
	l := list{group: "Another table of the account"}
	another := s.arn("dynamodb", "table/Another")
	l.each("dynamodb", []target{{"own row", another, rows(ownSub)}}, nil, "GetItem", "Query", "PutItem")
	l.each("dynamodb", []target{{"all rows", another, nil}}, nil, "Scan")
	l.each("dynamodb", []target{{"names of tables", "*", nil}}, nil, "ListTables")
	l.each("dynamodb", []target{{"a new table", s.arn("dynamodb", "table/New"), nil}}, nil, "CreateTable")
	return append(all, l.all...)
}

func (s *Stage) onTable(table stage.Table) []Attempt {
	l := list{group: "Table " + label(table.Name)}
	key := s.tableKey(table)
	row := []target{{"a row", table.ARN, rows("shirt")}}
	if table.KeySchema[0].AttributeName == "customerId" {
		row = []target{{"own row", table.ARN, rows(ownSub)}, {"another's row", table.ARN, rows(anotherSub)}}
		l.each("dynamodb", []target{{"own and another's row", table.ARN, rows(ownSub, anotherSub)}}, key, "BatchGetItem", "BatchWriteItem")
	}
	l.each("dynamodb", row, key, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem",
		"ConditionCheckItem", "PartiQLSelect", "PartiQLUpdate")
	indexes := slices.Concat(table.LocalSecondaryIndexes, table.GlobalSecondaryIndexes, []stage.Index{{IndexName: "another"}})
	for _, index := range indexes {
		arn, by := table.ARN+"/index/"+index.IndexName, " by index "+index.IndexName
		for _, t := range row {
			l.each("dynamodb", []target{{t.on + by, arn, t.context}}, key, "Query", "PartiQLSelect")
		}
		l.each("dynamodb", []target{{"all rows" + by, arn, nil}}, key, "Scan")
	}
	l.each("dynamodb", []target{{"all rows", table.ARN, nil}}, key, "Scan", "ExportTableToPointInTime")
	// ForAllValues is true of a request that has no value.
	l.each("dynamodb", []target{{"rows that the request does not name", table.ARN, nil}}, key, "GetItem", "Query")
	l.each("dynamodb", []target{{"all rows", table.ARN, map[string][]string{"dynamodb:FullTableScan": {"true"}}}}, key, "PartiQLSelect")
	l.each("dynamodb", []target{{"the table", table.ARN, nil}}, nil,
		"DescribeTable", "UpdateTable", "DeleteTable", "UpdateContinuousBackups", "PutResourcePolicy")
	l.each("dynamodb", []target{{"its stream", table.ARN + "/stream/2026-01-01T00:00:00.000", nil}}, nil,
		"DescribeStream", "GetShardIterator", "GetRecords")
	return l.all
}

// rows are the partition keys that a request names:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func rows(keys ...string) map[string][]string {
	return map[string][]string{"dynamodb:LeadingKeys": keys}
}

// tableKey is what DynamoDB asks of the key on behalf of whoever reads or writes:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
func (s *Stage) tableKey(table stage.Table) []Attempt {
	key := table.SSESpecification.KMSMasterKeyID
	if key == "" {
		return nil
	}
	within := map[string]string{"aws:dynamodb:tableName": table.Name, "aws:dynamodb:subscriberId": s.Account}
	return []Attempt{{Action: "kms:Decrypt", Resource: key, Context: s.through("dynamodb", within)}}
}
