package services

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/dynalite"
)

// activeWithin is how long a table may take to become active, normally a few milliseconds.
const activeWithin = 30 * time.Second

// Tables are the stage's tables in an engine, dynalite, a child process that authorizes nothing: only [NewDynamoDB] may
// know its URL.
type Tables struct {
	*dynalite.Engine
	client *dynamodb.Client
	// made are the tables by name.
	made map[string]*dynamodb.CreateTableInput
}

// StartTables starts the engine from root's node_modules, creates the stage's tables with their keys and indexes, and
// writes the catalogue into the table of products. The engine's standard error goes to log. The engine ends with this
// process.
func StartTables(ctx context.Context, s *deployed.Stage, root string, log io.Writer) (*Tables, error) {
	products, err := productsTable(s)
	if err != nil {
		return nil, err
	}
	engine, err := dynalite.Start(root, log)
	if err != nil {
		return nil, err
	}
	t := &Tables{Engine: engine, made: map[string]*dynamodb.CreateTableInput{}}
	t.client = dynamodb.New(dynamodb.Options{
		Region: s.Region, BaseEndpoint: aws.String(t.URL()), RetryMaxAttempts: 1,
		// The engine requires a signature but does not verify it.
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	for _, table := range s.Tables {
		if err := t.create(ctx, table); err != nil {
			t.Close()
			return nil, err
		}
	}
	if err := stock(ctx, t.client, products); err != nil {
		t.Close()
		return nil, fmt.Errorf("put products for sale: %w", err)
	}
	return t, nil
}

// Follow creates the new tables of a stage's next synth, and returns the number of existing ones. A table that was
// removed and comes back keeps its items. The error names tables whose keys or indexes have changed, which AWS would
// replace by empty ones; then nothing is created.
func (t *Tables) Follow(ctx context.Context, next *deployed.Stage) (kept int, err error) {
	var errs []error
	var added []deployed.Table
	for _, table := range next.Tables {
		was, made := t.made[table.Name]
		switch {
		case !made:
			added = append(added, table)
		case !reflect.DeepEqual(was, createInput(table)):
			errs = append(errs, fmt.Errorf("the keys or indexes of table %s have changed", table.Name))
		default:
			kept++
		}
	}
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	for _, table := range added {
		if err := t.create(ctx, table); err != nil {
			return 0, err
		}
	}
	return kept, nil
}

func createInput(table deployed.Table) *dynamodb.CreateTableInput {
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
	return input
}

func (t *Tables) create(ctx context.Context, table deployed.Table) error {
	input := createInput(table)
	if _, err := t.client.CreateTable(ctx, input); err != nil {
		return fmt.Errorf("create table %s: %w", table.Name, err)
	}
	t.made[table.Name] = input
	active := dynamodb.NewTableExistsWaiter(t.client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = time.Millisecond, 50*time.Millisecond
	})
	if err := active.Wait(ctx, &dynamodb.DescribeTableInput{TableName: input.TableName}, activeWithin); err != nil {
		return fmt.Errorf("create table %s: %w", table.Name, err)
	}
	return nil
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
