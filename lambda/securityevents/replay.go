package main

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/securecart/identity/lambda/internal/function"
)

const (
	// mostMessages is the most that SQS hands out at once.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
	mostMessages = 10
	// reserve is how much time a replay needs to begin with another event: to record, publish and delete it are three
	// calls. Without it Lambda would end the function before its last log line.
	reserve = 3 * time.Second
)

// replay handles up to ten events of the queue as if they had just arrived, each with a log line of its own.
// EventBridge and Lambda send the event itself as the message. An event is deleted once it was handled. The others
// wait on, and make replay fail. SQS hides what was handed out for 30 seconds, so the next call gets other events.
//
// Every caller of the function can replay. The response holds no event, and says only whether all were replayed.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func (k *keeper) replay(ctx context.Context) ([]slog.Attr, error) {
	batch, err := k.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(k.undelivered), MaxNumberOfMessages: mostMessages, WaitTimeSeconds: 1,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameSentTimestamp},
	})
	if err != nil {
		return nil, err
	}
	replayed := 0
	for _, message := range batch.Messages {
		if function.TimeLeft(ctx) < reserve {
			break
		}
		what, err := k.again(ctx, message)
		k.write(ctx, append(what, slog.String("messageId", aws.ToString(message.MessageId)), sentAt(message)), err)
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

// again handles one event of the queue, and deletes it. One that cannot be read is never deleted: AWS may have changed
// the form of events, and then the function must be changed before the replay.
func (k *keeper) again(ctx context.Context, message types.Message) ([]slog.Attr, error) {
	event, err := open([]byte(aws.ToString(message.Body)))
	if err != nil {
		return nil, err
	}
	what, err := k.event(ctx, event)
	if err != nil {
		return what, err
	}
	_, err = k.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{
		QueueUrl: aws.String(k.undelivered), ReceiptHandle: message.ReceiptHandle,
	})
	return what, err
}

// sentAt is the field of the log line that says since when an event waits. Nobody else can read that from the queue.
func sentAt(message types.Message) slog.Attr {
	sent := message.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)]
	milliseconds, _ := strconv.ParseInt(sent, 10, 64) // 1970 if SQS did not say
	return slog.Time("sentAt", time.UnixMilli(milliseconds).UTC())
}
