package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/awstest"
)

func TestDynamoDBFailingIsAnswered503(t *testing.T) {
	for code, service := range awstest.FailingDynamoDB(t) {
		t.Run(code, func(t *testing.T) {
			shop := newShop(t)
			shop.client = dynamodb.NewFromConfig(service.Config())
			shop.WantUnavailable(t, shop.Serve(t, requestOf(t, nil)), code, "DynamoDB Query", shop.table)
		})
	}
}
