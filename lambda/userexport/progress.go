package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
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

// item is the one item of the table that the function may read and write.
type item struct {
	items *dynamodb.Client
	table string
}

// begin takes the lease for as long as the run may last, and returns the progress of earlier runs and the end of the
// lease. The error is errBusy while another run holds it. The lease of a stopped run expires when Lambda would have
// stopped that run.
func (i item) begin(ctx context.Context, now time.Time, left time.Duration) (progress, string, error) {
	// Rounded up, so that no run begins in the last second of another.
	until := seconds(now.Add(left + time.Second))
	output, err := i.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:         aws.String("SET #lease = :until"),
		ConditionExpression:      aws.String("attribute_not_exists(#lease) OR #lease <= :now"),
		ExpressionAttributeNames: map[string]string{"#lease": contract.ExportLeasedUntil},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":until": number(until), ":now": number(seconds(now)),
		},
		ReturnValues: types.ReturnValueAllNew,
	})
	if err != nil {
		return progress{}, "", busyIfRefused(err)
	}
	var p progress
	if err := attributevalue.UnmarshalMap(output.Attributes, &p); err != nil {
		return progress{}, "", err
	}
	return p, until, nil
}

// save records the progress. The error is errBusy if another run has the lease by now.
func (i item) save(ctx context.Context, until string, p progress) error {
	values, err := attributevalue.MarshalMap(p)
	if err != nil {
		return err
	}
	_, err = i.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression: aws.String("SET #day = :day, #completed = :completed, #attempt = :attempt, #part = :part, " +
			"#users = :users, #token = :token"),
		ConditionExpression: aws.String("#lease = :until"),
		ExpressionAttributeNames: map[string]string{
			"#lease": contract.ExportLeasedUntil, "#day": "day", "#completed": "completed", "#attempt": "attempt",
			"#part": "part", "#users": "users", "#token": "token",
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":until": number(until), ":day": values["day"], ":completed": values["completed"],
			":attempt": values["attempt"], ":part": values["part"], ":users": values["users"], ":token": values["token"],
		},
	})
	return busyIfRefused(err)
}

// end releases the lease, unless another run has it by now.
func (i item) end(ctx context.Context, until string) error {
	_, err := i.update(ctx, dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("REMOVE #lease"),
		ConditionExpression:       aws.String("#lease = :until"),
		ExpressionAttributeNames:  map[string]string{"#lease": contract.ExportLeasedUntil},
		ExpressionAttributeValues: map[string]types.AttributeValue{":until": number(until)},
	})
	if errors.Is(busyIfRefused(err), errBusy) {
		return nil
	}
	return err
}

func (i item) update(ctx context.Context, input dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	input.TableName = aws.String(i.table)
	input.Key = map[string]types.AttributeValue{
		contract.CustomerID: &types.AttributeValueMemberS{Value: contract.ExportKey},
	}
	return i.items.UpdateItem(ctx, &input)
}

func busyIfRefused(err error) error {
	var condition *types.ConditionalCheckFailedException
	if errors.As(err, &condition) {
		return errBusy
	}
	return err
}

func seconds(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

func number(text string) types.AttributeValue { return &types.AttributeValueMemberN{Value: text} }
