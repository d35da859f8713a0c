package services

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/dynalite"
)

// activeWithin is how long a table may take to become active, normally a few milliseconds.
const activeWithin = 30 * time.Second

// Tables are the stage's tables in an engine, dynalite, which is a child process and lets everybody do everything: only
// [NewDynamoDB] may know its URL.
type Tables struct {
	*dynalite.Engine
}

// StartTables starts the engine from root's node_modules, creates the stage's tables with their keys and indexes, and
// puts the catalogue into the table of products. What the engine complains about goes to log. The engine ends when this
// process does.
func StartTables(ctx context.Context, s *deployed.Stage, root string, log io.Writer) (*Tables, error) {
	products, err := productsTable(s)
	if err != nil {
		return nil, err
	}
	engine, err := dynalite.Start(root, log)
	if err != nil {
		return nil, err
	}
	t := &Tables{engine}
	client := dynamodb.New(dynamodb.Options{
		Region: s.Region, BaseEndpoint: aws.String(t.URL()), RetryMaxAttempts: 1,
		// The engine wants a signature and checks none.
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	for _, table := range s.Tables {
		if err := createTable(ctx, client, table); err != nil {
			t.Close()
			return nil, fmt.Errorf("create table %s: %w", table.Name, err)
		}
	}
	if err := stock(ctx, client, products); err != nil {
		t.Close()
		return nil, fmt.Errorf("put products for sale: %w", err)
	}
	return t, nil
}

func createTable(ctx context.Context, client *dynamodb.Client, table deployed.Table) error {
	input := &dynamodb.CreateTableInput{
		TableName: aws.String(table.Name), BillingMode: types.BillingMode(table.BillingMode),
		KeySchema: keySchema(table.KeySchema),
	}
	for _, a := range table.AttributeDefinitions {
		input.AttributeDefinitions = append(input.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(a.AttributeName), AttributeType: types.ScalarAttributeType(a.AttributeType),
		})
	}
	for _, i := range table.LocalSecondaryIndexes {
		input.LocalSecondaryIndexes = append(input.LocalSecondaryIndexes, types.LocalSecondaryIndex{
			IndexName: aws.String(i.IndexName), KeySchema: keySchema(i.KeySchema), Projection: projection(i),
		})
	}
	for _, i := range table.GlobalSecondaryIndexes {
		input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(i.IndexName), KeySchema: keySchema(i.KeySchema), Projection: projection(i),
		})
	}
	if _, err := client.CreateTable(ctx, input); err != nil {
		return err
	}
	active := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 50*time.Millisecond
	})
	return active.Wait(ctx, &dynamodb.DescribeTableInput{TableName: input.TableName}, activeWithin)
}

func keySchema(elements []deployed.KeyElement) []types.KeySchemaElement {
	var schema []types.KeySchemaElement
	for _, e := range elements {
		schema = append(schema, types.KeySchemaElement{
			AttributeName: aws.String(e.AttributeName), KeyType: types.KeyType(e.KeyType),
		})
	}
	return schema
}

func projection(i deployed.Index) *types.Projection {
	return &types.Projection{ProjectionType: types.ProjectionType(i.Projection.ProjectionType)}
}
