package access

import (
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

// onTables tries every table: rows of the calling customer, of another customer, and all rows.
func (s *Subject) onTables() []Attempt {
	var all []Attempt
	for _, arn := range sorted(s.Tables) {
		all = append(all, s.onTable(s.Tables[arn])...)
	}
	l := list{group: "Another table of the account"}
	another := s.arn("dynamodb", "table/Another")
	l.each("dynamodb", []target{
		{"own row", another, rows(ownSub)}, {"the record of removals", another, rows(removals)},
		{"the progress of the export", another, rows(exporting)},
		{"of own row, what customers are shown", another, naming(ownSub, projections["Orders"][0].attributes, "")},
		{"of own row, whether the factor is trusted", another, naming(ownSub, projections[proofsTable][0].attributes,
			"")},
	}, nil, "GetItem Query PutItem UpdateItem DeleteItem")
	l.on("dynamodb", "all rows", another, "Scan")
	l.on("dynamodb", "names of tables", "*", "ListTables")
	l.on("dynamodb", "a new table", s.arn("dynamodb", "table/New"), "CreateTable")
	return append(all, l.all...)
}

func (s *Subject) onTable(table deployed.Table) []Attempt {
	l := list{group: "Table " + label(table.Name)}
	key := s.tableKey(table)
	row := []target{{"a row", table.ARN, rows("shirt")}}
	if table.KeySchema[0].AttributeName == "customerId" {
		row = []target{{"own row", table.ARN, rows(ownSub)}, {"another's row", table.ARN, rows(anotherSub)}}
		l.each("dynamodb", []target{{"own and another's row", table.ARN, rows(ownSub, anotherSub)}}, key,
			"BatchGetItem BatchWriteItem")
	}
	s.onAttributes(&l, table, key)
	l.each("dynamodb", row, key, `
		GetItem BatchGetItem Query PutItem UpdateItem DeleteItem BatchWriteItem ConditionCheckItem PartiQLSelect
		PartiQLUpdate`)
	indexes := slices.Concat(table.LocalSecondaryIndexes, table.GlobalSecondaryIndexes)
	indexes = append(indexes, deployed.Index{IndexName: "another"})
	for _, index := range indexes {
		arn, by := table.ARN+"/index/"+index.IndexName, " by index "+index.IndexName
		for _, t := range row {
			l.each("dynamodb", []target{{t.on + by, arn, t.context}}, key, "Query PartiQLSelect")
		}
		l.each("dynamodb", []target{{"all rows" + by, arn, nil}}, key, "Scan")
	}
	l.each("dynamodb", []target{{"all rows", table.ARN, nil}}, key, "Scan ExportTableToPointInTime")
	// ForAllValues matches a request without any value.
	l.each("dynamodb", []target{{"rows that the request does not name", table.ARN, nil}}, key, "GetItem Query")
	whole := map[string][]string{"dynamodb:FullTableScan": {"true"}}
	l.each("dynamodb", []target{{"all rows", table.ARN, whole}}, key, "PartiQLSelect")
	l.on("dynamodb", "the table", table.ARN,
		"DescribeTable UpdateTable DeleteTable UpdateContinuousBackups PutResourcePolicy")
	l.on("dynamodb", "its stream", table.ARN+"/stream/2026-01-01T00:00:00.000",
		"DescribeStream GetShardIterator GetRecords")
	return l.all
}

// projections are sets of attributes that requests name, by table, with a description.
var projections = map[string][]struct {
	what       string
	attributes []string
}{
	"Orders": {
		{"what customers are shown", []string{"customerId", "orderId", "createdAt", "status", "currency", "totalMinor",
			"lines"}},
		{"the request's fingerprint", []string{"customerId", "fingerprint"}},
	},
	proofsTable: {
		{"whether the factor is trusted", []string{"customerId", "factorTrustedAt", "factorKind", "factorSuspendedAt"}},
		{"when the proof expires", []string{"customerId", "proofExpiresAt"}},
		{"the challenge", []string{"customerId", "proofChallenge"}},
	},
}

// removals and exporting are the only items of the table Proofs that belong to no customer.
const (
	removals  = "unconfirmed-removals"
	exporting = "users-export"
)

// onAttributes tries projections, and requests for whole items whose filter names the same attributes: a query can
// return whole items whatever its expressions name, and a deletion can return the deleted item.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (s *Subject) onAttributes(l *list, table deployed.Table, key []Attempt) {
	for _, p := range projections[label(table.Name)] {
		unnamed := naming(ownSub, p.attributes, "")
		delete(unnamed, "dynamodb:LeadingKeys")
		l.each("dynamodb", []target{
			{"of own row, " + p.what, table.ARN, naming(ownSub, p.attributes, "")},
			{"of another's row, " + p.what, table.ARN, naming(anotherSub, p.attributes, "")},
			{"of rows that the request does not name, " + p.what, table.ARN, unnamed},
		}, key, "GetItem BatchGetItem UpdateItem")
		l.each("dynamodb", []target{{"own row whole, naming " + p.what, table.ARN, naming(ownSub, p.attributes,
			"ALL_ATTRIBUTES")}}, key, "GetItem")
		for _, index := range append(slices.Clone(table.LocalSecondaryIndexes), deployed.Index{IndexName: "another"},
			deployed.Index{}) {
			arn, by := table.ARN, ""
			if index.IndexName != "" {
				arn, by = table.ARN+"/index/"+index.IndexName, " by index "+index.IndexName
			}
			l.each("dynamodb", []target{
				{"of own rows" + by + ", " + p.what, arn, naming(ownSub, p.attributes, "SPECIFIC_ATTRIBUTES")},
				{"of another's rows" + by + ", " + p.what, arn, naming(anotherSub, p.attributes,
					"SPECIFIC_ATTRIBUTES")},
				{"own rows" + by + " whole, with a filter by " + p.what, arn, naming(ownSub, p.attributes,
					"ALL_ATTRIBUTES")},
			}, key, "Query")
		}
	}
	if label(table.Name) == proofsTable {
		returned := rows(ownSub)
		returned["dynamodb:ReturnValues"] = []string{"ALL_OLD"}
		l.each("dynamodb", []target{{"own row, returned whole", table.ARN, returned}}, key, "DeleteItem")
		l.each("dynamodb", []target{
			{"the record of removals", table.ARN, rows(removals)}, {"the progress of the export", table.ARN, rows(exporting)},
		}, key, "GetItem UpdateItem PutItem DeleteItem")
	}
}

// naming is the context of a request for attributes of a customer's row and, for a query, its Select.
func naming(sub string, attributes []string, selected string) map[string][]string {
	context := rows(sub)
	context["dynamodb:Attributes"] = attributes
	if selected != "" {
		context["dynamodb:Select"] = []string{selected}
	}
	return context
}

// rows are the partition keys that a request names:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func rows(keys ...string) map[string][]string {
	return map[string][]string{"dynamodb:LeadingKeys": keys}
}

// tableKey is the request that DynamoDB makes for the key on behalf of a caller who reads or writes:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
func (s *Subject) tableKey(table deployed.Table) []Attempt {
	key := table.SSESpecification.KMSMasterKeyID
	if key == "" {
		return nil
	}
	within := map[string]string{"aws:dynamodb:tableName": table.Name, "aws:dynamodb:subscriberId": s.Account}
	return []Attempt{{Action: "kms:Decrypt", Resource: key, Context: s.through("dynamodb", within)}}
}
