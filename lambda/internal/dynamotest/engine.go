// Package dynamotest runs tests against a real DynamoDB engine, dynalite, whose
// tables have the keys and indexes that the app provisions.
package dynamotest

import (
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/internal/dynalite"
	"github.com/securecart/identity/internal/module"
	"github.com/securecart/identity/lambda/internal/awstest"
)

// Endpoint returns the URL of the engine, which the first call in a process
// starts. It ends with the process.
func Endpoint(t testing.TB) string {
	t.Helper()
	url, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// Client returns a client of the engine.
func Client(t testing.TB) *dynamodb.Client {
	t.Helper()
	return dynamodb.NewFromConfig(awstest.Config(Endpoint(t)))
}

// engine is held: when nobody holds it, it ends.
var engine *dynalite.Engine

var start = sync.OnceValues(func() (url string, err error) {
	root, err := module.Root()
	if err != nil {
		return "", err
	}
	if engine, err = dynalite.Start(root, os.Stderr); err != nil {
		return "", err
	}
	return engine.URL(), nil
})
