package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// TableProps configures a Table. All key attributes are strings.
type TableProps struct {
	// Key encrypts the table. Required.
	Key *Key
	// PartitionKey is the attribute that identifies a partition. Required.
	PartitionKey string
	// SortKey orders the items of a partition; none if empty.
	SortKey string
	// LocalIndex sorts each partition by a second attribute; none if empty. It limits a partition to 10 GB.
	LocalIndex Index
	// GlobalIndex finds items by other attributes; none if empty.
	GlobalIndex Index
	// ExpiresAt is the attribute with the time, in Unix seconds, after which DynamoDB removes an item within some days;
	// none if empty. Readers must check it themselves.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
	ExpiresAt string
	// Limits are the table's maximum throughput. Required.
	Limits config.Tables
	// Retain keeps the table when the stack is deleted.
	Retain bool
	// DeletionProtection makes DynamoDB refuse to delete the table.
	DeletionProtection bool
}

// Index is a secondary index of a table. It projects whole items.
type Index struct {
	Name string
	// PartitionKey is given for global indexes only; a local index has the table's.
	PartitionKey string
	SortKey      string
}

// Table is a DynamoDB table: on demand, encrypted with the key, recoverable to any second of the last 35 days.
type Table struct {
	Name, ARN string

	key *Key
}

// recoverableDays is how long a mistake can be undone: DynamoDB's maximum.
const recoverableDays = 35

// NewTable adds a Table to scope. It panics if props are invalid.
func NewTable(scope constructs.Construct, id string, props TableProps) *Table {
	check.Props(scope, id,
		check.Given(props.Key != nil, "Key"),
		check.Given(props.PartitionKey != "", "PartitionKey"),
		// The CDK treats a limit of zero as no limit: a flood would be served and billed (threat A22).
		check.Given(props.Limits.MaxReads > 0, "Limits.MaxReads"),
		check.Given(props.Limits.MaxWrites > 0, "Limits.MaxWrites"),
		check.Require(props.LocalIndex == Index{} || props.SortKey != "", "LocalIndex",
			"must be of a table with SortKey, got %+v without", props.LocalIndex),
		check.Require(props.GlobalIndex == Index{} || props.GlobalIndex.PartitionKey != "", "GlobalIndex",
			"must have a PartitionKey, got %+v", props.GlobalIndex),
	)
	table := awsdynamodb.NewTable(scope, jsii.String(id), &awsdynamodb.TableProps{
		PartitionKey: text(props.PartitionKey),
		SortKey:      text(props.SortKey),
		BillingMode:  awsdynamodb.BillingMode_PAY_PER_REQUEST,
		// Without a maximum, on-demand mode is limited by the account's quota only.
		MaxReadRequestUnits:  jsii.Number(props.Limits.MaxReads),
		MaxWriteRequestUnits: jsii.Number(props.Limits.MaxWrites),
		TimeToLiveAttribute:  optionalText(props.ExpiresAt),
		Encryption:           awsdynamodb.TableEncryption_CUSTOMER_MANAGED,
		EncryptionKey:        props.Key.resource,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
			RecoveryPeriodInDays:       jsii.Number(recoverableDays),
		},
		DeletionProtection: jsii.Bool(props.DeletionProtection),
		RemovalPolicy:      lifetime.Policy(props.Retain),
	})
	nag.Accept(table, nag.Rule("HIPAA.Security-DynamoDBInBackupPlan",
		"The table is recoverable to any second of the last 35 days. A copy that is kept longer, or "+
			"elsewhere, is for the account's backup plan, which selects by tag."))
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
	return &Table{Name: *table.TableName(), ARN: *table.TableArn(), key: props.Key}
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
