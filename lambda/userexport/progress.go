package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/table"
)

// progress is how far an export is, as the item holds it.
type progress struct {
	// Day is the export's day, such as "2026-11-30", and Completed the last day whose export is complete.
	Day       string `dynamodbav:"day"`
	Completed string `dynamodbav:"completed"`
	// Attempt counts the beginnings of that day, Part the parts that are written, Users those in them.
	Attempt int `dynamodbav:"attempt"`
	Part    int `dynamodbav:"part"`
	Users   int `dynamodbav:"users"`
	// Token is Cognito's position after those parts; empty at the beginning.
	Token string `dynamodbav:"token"`
}

// item holds the progress, and the lease of the run that exports. The function may read and write no other item.
type item struct{ table.Leased }

func newItem(client *dynamodb.Client, name string) item {
	return item{table.Leased{Client: client, Table: name, Key: contract.ExportKey}}
}

// begin takes the lease, and returns the progress of earlier runs.
func (i item) begin(ctx context.Context, now time.Time, left time.Duration) (p progress, taken table.Lease, err error) {
	taken, attributes, err := i.Take(ctx, now, left)
	if err == nil {
		err = attributevalue.UnmarshalMap(attributes, &p)
	}
	return p, taken, err
}

// save records the progress. The error is table.ErrHeld if another run has the lease by now.
func (i item) save(ctx context.Context, taken table.Lease, p progress) error {
	values, err := attributevalue.MarshalMap(p)
	if err != nil {
		return err
	}
	return i.UpdateUnder(ctx, taken, dynamodb.UpdateItemInput{
		UpdateExpression: aws.String("SET #day = :day, #completed = :completed, #attempt = :attempt, #part = :part, " +
			"#users = :users, #token = :token"),
		ExpressionAttributeNames: map[string]string{
			"#day": "day", "#completed": "completed", "#attempt": "attempt",
			"#part": "part", "#users": "users", "#token": "token",
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":day": values["day"], ":completed": values["completed"], ":attempt": values["attempt"],
			":part": values["part"], ":users": values["users"], ":token": values["token"],
		},
	})
}
