package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/securecart/identity/lambda/internal/function"
)

// mostMessages is the most that SQS hands out at once.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
const mostMessages = 10

// replay handles up to ten events of the queue as if they had just arrived, each with a log line of its own. An event is
// deleted once it was handled. The others wait on, and make replay fail.
func (k *keeper) replay(ctx context.Context) ([]slog.Attr, error) {
	batch, err := k.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(k.undelivered), MaxNumberOfMessages: mostMessages, WaitTimeSeconds: 1,
	})
	if err != nil {
		return nil, err
	}
	replayed := 0
	for _, message := range batch.Messages {
		what, err := k.again(ctx, aws.ToString(message.Body), message.ReceiptHandle)
		k.write(ctx, what, err)
		if err == nil {
			replayed++
		}
	}
	what := []slog.Attr{slog.Int("replayed", replayed)}
	if waiting := len(batch.Messages) - replayed; waiting > 0 {
		return append(what, slog.Int("waiting", waiting)), function.Fail("NotReplayed", "see the lines before this one")
	}
	return what, nil
}

// again handles one event of the queue, and deletes it.
func (k *keeper) again(ctx context.Context, body string, handle *string) ([]slog.Attr, error) {
	event, err := open([]byte(body))
	if err != nil {
		return nil, err
	}
	what, err := k.event(ctx, event)
	if err != nil {
		return what, err
	}
	_, err = k.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{
		QueueUrl: aws.String(k.undelivered), ReceiptHandle: handle,
	})
	return what, err
}
