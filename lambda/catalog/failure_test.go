package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestDynamoDBFailingIsAnswered503(t *testing.T) {
	for code, service := range lambdatest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			api := newTestAPI(t)
			api.client = dynamodb.NewFromConfig(service.Config())
			api.WantUnavailable(t, api.Serve(t, requestOf(t, nil)), code, "DynamoDB Query", api.table)
		})
	}
}
