package services

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/local/stage"
)

// startWithin is how long the engine may take to start, normally 0.3 s, and then each table to become active.
const startWithin = 30 * time.Second

//go:embed serve.js
var serveScript string

// Tables are the stage's tables in an engine, dynalite, which is a child process and lets everybody do everything: only
// [NewDynamoDB] may know its URL.
type Tables struct {
	url   string
	input io.Closer
	ended chan struct{}
}

// StartTables starts the engine from root's node_modules, creates the stage's tables with their keys and indexes, and puts the
// catalogue into the table of products. What the engine complains about goes to log. The engine ends when this process does.
func StartTables(ctx context.Context, s *stage.Stage, root string, log io.Writer) (*Tables, error) {
	products, err := productsTable(s)
	if err != nil {
		return nil, err
	}
	t, err := startEngine(root, log)
	if err != nil {
		return nil, fmt.Errorf("start dynalite, the engine of the tables: %w", err)
	}
	client := dynamodb.New(dynamodb.Options{
		Region: s.Region, BaseEndpoint: aws.String(t.url), RetryMaxAttempts: 1,
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

// URL is where the engine listens, on loopback.
func (t *Tables) URL() string { return t.url }

// Ended is closed when the engine has ended. All its tables are gone then.
func (t *Tables) Ended() <-chan struct{} { return t.ended }

// Close ends the engine and waits for it.
func (t *Tables) Close() {
	// It fails only if the engine has ended already.
	_ = t.input.Close()
	<-t.ended
}

func startEngine(root string, log io.Writer) (*Tables, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(root, "node_modules")
	node := filepath.Join(modules, ".bin", "node")
	for _, tool := range []string{node, filepath.Join(modules, "dynalite")} {
		if _, err := os.Stat(tool); err != nil {
			return nil, fmt.Errorf("%w: run make tools", err)
		}
	}
	engine := exec.Command(node, "-e", serveScript)
	// A script without a file looks for modules from here.
	engine.Dir, engine.Stderr = root, log
	input, err := engine.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := engine.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := engine.Start(); err != nil {
		return nil, err
	}
	// Kill makes the read below end, whose error is the one to report.
	tooLate := time.AfterFunc(startWithin, func() { _ = engine.Process.Kill() })
	defer tooLate.Stop()
	port, err := bufio.NewReader(output).ReadString('\n')
	t := &Tables{url: "http://127.0.0.1:" + strings.TrimSpace(port), input: input, ended: make(chan struct{})}
	go func() {
		// How it ended was said on its standard error.
		_ = engine.Wait()
		close(t.ended)
	}()
	if err != nil {
		t.Close()
		return nil, fmt.Errorf("it ended, or took longer than %s, without naming its port: %w", startWithin, err)
	}
	return t, nil
}

func createTable(ctx context.Context, client *dynamodb.Client, table stage.Table) error {
	input := &dynamodb.CreateTableInput{
		TableName: aws.String(table.Name), BillingMode: types.BillingMode(table.BillingMode), KeySchema: keySchema(table.KeySchema),
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
	return active.Wait(ctx, &dynamodb.DescribeTableInput{TableName: input.TableName}, startWithin)
}

func keySchema(elements []stage.KeyElement) []types.KeySchemaElement {
	var schema []types.KeySchemaElement
	for _, e := range elements {
		schema = append(schema, types.KeySchemaElement{AttributeName: aws.String(e.AttributeName), KeyType: types.KeyType(e.KeyType)})
	}
	return schema
}

func projection(i stage.Index) *types.Projection {
	return &types.Projection{ProjectionType: types.ProjectionType(i.Projection.ProjectionType)}
}
