package storage

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/grant"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// TableProps configures a Table. All key attributes are strings.
type TableProps struct {
	// Key encrypts the table. Required.
	Key *Key
	// PartitionKey is the attribute by which items are found. Required.
	PartitionKey string
	// SortKey orders the items of a partition; none if empty.
	SortKey string
	// LocalIndex sorts each partition by a second attribute; none if empty. It limits a partition to 10 GB.
	LocalIndex Index
	// GlobalIndex finds items by other attributes; none if empty.
	GlobalIndex Index
	// ExpiresAt is the attribute, in Unix seconds, after which DynamoDB removes an item within some days; none if
	// empty. Readers must look at it themselves.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
	ExpiresAt string
	// Limits are how much the table takes. Required.
	Limits config.Tables
	// Retain keeps the table when the stack is deleted.
	Retain bool
	// DeletionProtection makes DynamoDB refuse to delete the table.
	DeletionProtection bool
}

// Index is a second way to find a table's items. It holds whole items.
type Index struct {
	Name string
	// PartitionKey is given for global indexes only; a local index has the table's.
	PartitionKey string
	SortKey      string
}

// Table is a DynamoDB table: on demand, encrypted with the key, recoverable to any second of the last 35 days.
type Table struct {
	Table awsdynamodb.Table
	key   *Key
}

// recoverableDays is how long a mistake can be undone: DynamoDB's longest.
const recoverableDays = 35

// NewTable adds a Table to scope. It panics if props are invalid.
func NewTable(scope constructs.Construct, id string, props TableProps) *Table {
	c := check.Of(scope, id)
	c.Given(props.Key != nil, "Key")
	c.Given(props.PartitionKey != "", "PartitionKey")
	c.Require(props.Limits.MaxReads > 0 && props.Limits.MaxWrites > 0, "Limits",
		"must be at least 1 each, got %+v", props.Limits)
	c.Require(props.LocalIndex == Index{} || props.SortKey != "", "LocalIndex",
		"must be of a table with SortKey, got %+v without", props.LocalIndex)
	c.Require(props.GlobalIndex == Index{} || props.GlobalIndex.PartitionKey != "", "GlobalIndex",
		"must have a PartitionKey, got %+v", props.GlobalIndex)
	c.Must()

	table := awsdynamodb.NewTable(scope, jsii.String(id), &awsdynamodb.TableProps{
		PartitionKey: text(props.PartitionKey),
		SortKey:      text(props.SortKey),
		BillingMode:  awsdynamodb.BillingMode_PAY_PER_REQUEST,
		// On demand has no limit of its own but the account's: a flood would be served, and billed (threat A22).
		MaxReadRequestUnits:  jsii.Number(props.Limits.MaxReads),
		MaxWriteRequestUnits: jsii.Number(props.Limits.MaxWrites),
		TimeToLiveAttribute:  optionalText(props.ExpiresAt),
		Encryption:           awsdynamodb.TableEncryption_CUSTOMER_MANAGED,
		EncryptionKey:        props.Key.Key,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
			RecoveryPeriodInDays:       jsii.Number(recoverableDays),
		},
		DeletionProtection: jsii.Bool(props.DeletionProtection),
		RemovalPolicy:      lifetime.Policy(props.Retain),
	})
	nag.Accept(table, nag.Accepted{Rule: "HIPAA.Security-DynamoDBInBackupPlan",
		Reason: "The table is recoverable to any second of the last 35 days. A copy that is kept longer, or " +
			"elsewhere, is for the account's backup plan, which selects by tag."})
	if i := props.LocalIndex; i.Name != "" {
		table.AddLocalSecondaryIndex(&awsdynamodb.LocalSecondaryIndexProps{
			IndexName: jsii.String(i.Name), SortKey: text(i.SortKey), ProjectionType: awsdynamodb.ProjectionType_ALL,
		})
	}
	if i := props.GlobalIndex; i.Name != "" {
		table.AddGlobalSecondaryIndex(&awsdynamodb.GlobalSecondaryIndexProps{
			IndexName: jsii.String(i.Name), PartitionKey: text(i.PartitionKey), SortKey: text(i.SortKey),
			ProjectionType:       awsdynamodb.ProjectionType_ALL,
			MaxReadRequestUnits:  jsii.Number(props.Limits.MaxReads),
			MaxWriteRequestUnits: jsii.Number(props.Limits.MaxWrites),
		})
	}
	return &Table{Table: table, key: props.Key}
}

func optionalText(text string) *string {
	if text == "" {
		return nil
	}
	return jsii.String(text)
}

func text(name string) *awsdynamodb.Attribute {
	if name == "" {
		return nil
	}
	return &awsdynamodb.Attribute{Name: jsii.String(name), Type: awsdynamodb.AttributeType_STRING}
}

// AllowQuery lets role query one index of the table, and use the key for it.
func (t *Table) AllowQuery(role awsiam.Role, index string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid:       jsii.String("Query" + strings.ToUpper(index[:1]) + index[1:]),
		Actions:   jsii.Strings("dynamodb:Query"),
		Resources: &[]*string{t.indexARN(index)},
	})
	t.key.AllowVia(role, DynamoDB, Reading)
}

// AllowLookUp lets role read items of the table by key, and use the key for it.
func (t *Table) AllowLookUp(role awsiam.Role, sid string, action ReadAction) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(action)), Resources: &[]*string{t.Table.TableArn()},
	})
	t.key.AllowVia(role, DynamoDB, Reading)
}

// AllowLookUpOf lets role read the listed attributes of items by key, and use the key for it. A request that names no
// attributes would return all of them, so it is refused: by Null if it then has no attributes in its context, and by Select
// if AWS counts the attributes of the key.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (t *Table) AllowLookUpOf(role awsiam.Role, sid string, attributes ...string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(Get)), Resources: &[]*string{t.Table.TableArn()},
		Conditions: &map[string]any{
			"ForAllValues:StringEquals": map[string]any{"dynamodb:Attributes": attributes},
			"Null":                      map[string]any{"dynamodb:Attributes": "false"},
			"StringEqualsIfExists":      map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
		},
	})
	t.key.AllowVia(role, DynamoDB, Reading)
}

// AllowRemove lets role delete items of the table by key without seeing them, and use the key for it.
func (t *Table) AllowRemove(role awsiam.Role, sid string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(Remove)), Resources: &[]*string{t.Table.TableArn()},
		// A deletion that asks for the old item would be a way to read it.
		Conditions: &map[string]any{"StringEqualsIfExists": map[string]any{"dynamodb:ReturnValues": "NONE"}},
	})
	t.key.AllowVia(role, DynamoDB, Reading, Writing)
}

// AllowOneItem lets role update the one item with this partition key, and use the key for it.
func (t *Table) AllowOneItem(role awsiam.Role, sid, partitionKey string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(Update)), Resources: &[]*string{t.Table.TableArn()},
		Conditions: ownRows(partitionKey, nil),
	})
	t.key.AllowVia(role, DynamoDB, Reading, Writing)
}

// AllowWrite lets role write items of the table by key, and use the key for it.
func (t *Table) AllowWrite(role awsiam.Role, sid string, action WriteAction) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(action)), Resources: &[]*string{t.Table.TableArn()},
	})
	t.key.AllowVia(role, DynamoDB, Reading, Writing)
}

// ReadAction is an action that reads items by key. Scan is deliberately missing.
type ReadAction string

// WriteAction is an action that writes or deletes an item by key.
type WriteAction string

const (
	// Get reads one item.
	Get ReadAction = "dynamodb:GetItem"
	// BatchGet reads up to a hundred items.
	BatchGet ReadAction = "dynamodb:BatchGetItem"
	// Put writes a whole item.
	Put WriteAction = "dynamodb:PutItem"
	// Update writes some attributes of an item.
	Update WriteAction = "dynamodb:UpdateItem"
	// Remove deletes an item.
	Remove WriteAction = "dynamodb:DeleteItem"
)

// AllowOwnRows lets role read the listed attributes, from the table and one index, of the rows whose partition key is
// the policy variable owner.
//
// A request must name its attributes in a projection. One that asks for whole items is refused: it names no attributes,
// and would return all of them.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (t *Table) AllowOwnRows(role awsiam.Role, index, owner string, attributes []string) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid:        jsii.String("ReadOwnRows"),
		Actions:    jsii.Strings("dynamodb:GetItem", "dynamodb:Query"),
		Resources:  &[]*string{t.Table.TableArn(), t.indexARN(index)},
		Conditions: ownRows(owner, attributes),
	})
	t.key.AllowVia(role, DynamoDB, Reading)
}

// ownRows is true of requests for items with the one partition key and, if attributes are listed, for no others of
// them.
//
// The condition Null is needed: ForAllValues is true of a request without any key, such as Scan, which would read the
// rows of all customers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func ownRows(owner string, attributes []string) *map[string]any {
	all := map[string]any{"dynamodb:LeadingKeys": []string{owner}}
	missing := map[string]any{"dynamodb:LeadingKeys": "false"}
	conditions := map[string]any{"ForAllValues:StringEquals": all, "Null": missing}
	if len(attributes) > 0 {
		all["dynamodb:Attributes"], missing["dynamodb:Attributes"] = attributes, "false"
		conditions["StringEqualsIfExists"] = map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
	}
	return &conditions
}

func (t *Table) indexARN(index string) *string {
	return jsii.Sprintf("%s/index/%s", *t.Table.TableArn(), index)
}
