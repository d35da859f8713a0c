package lambdatest

import (
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/internal/dynalite"
	"github.com/securecart/identity/internal/module"
)

// DynamoDBEndpoint returns the URL of the engine, which the first call in a process starts. The engine ends with the
// process.
func DynamoDBEndpoint(t testing.TB) string {
	t.Helper()
	url, err := startEngine()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// DynamoDB returns the process's client of the engine.
func DynamoDB(t testing.TB) *dynamodb.Client {
	t.Helper()
	DynamoDBEndpoint(t)
	return client()
}

var client = sync.OnceValue(func() *dynamodb.Client { return dynamodb.NewFromConfig(AWSConfig(engine.URL())) })

// engine keeps a reference: without one the engine ends.
var engine *dynalite.Engine

var startEngine = sync.OnceValues(func() (url string, err error) {
	root, err := module.Root()
	if err != nil {
		return "", err
	}
	if engine, err = dynalite.Start(root, os.Stderr); err != nil {
		return "", err
	}
	return engine.URL(), nil
})
