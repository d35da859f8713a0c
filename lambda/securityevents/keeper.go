package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/lambda/internal/function"
)

// A keeper records events, and notifies people of serious ones. It is a lambda.Handler of aws-lambda-go.
type keeper struct {
	bucket, topic string
	expected      expected
	objects       *s3.Client
	topics        *sns.Client
	identities    *sts.Client
	// undelivered is the URL of the queue of events that could not be recorded.
	undelivered string
	queues      *sqs.Client
	log         *slog.Logger
	now         func() time.Time
}

// errEvent is the only error that Lambda gets. Lambda then calls the function again with the same event.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
var errEvent = errors.New("a security event was not kept, or not told of; see the log")

// Invoke handles one event or one batch of log lines, or replays events.
func (k *keeper) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var what []slog.Attr
	took, err := function.Serve(ctx, function.Longest, func(ctx context.Context) error {
		event, err := open(payload)
		if err != nil {
			return err
		}
		if event.Replay {
			what, err = k.replay(ctx)
		} else {
			what, err = k.event(ctx, event)
		}
		return err
	})
	k.write(ctx, append(what, function.Took(took)), err)
	if err != nil {
		return nil, errEvent
	}
	return []byte("null"), nil
}

// write writes the log line of one event.
func (k *keeper) write(ctx context.Context, what []slog.Attr, err error) {
	if err != nil {
		code, reason := function.Cause(err)
		what = append(what, slog.String("error", code), slog.String("reason", reason))
		k.log.LogAttrs(ctx, slog.LevelError, "security event", what...)
		return
	}
	k.log.LogAttrs(ctx, slog.LevelInfo, "security event", what...)
}

// envelope is what the function is called with.
type envelope struct {
	DetailType      string `json:"detail-type"`
	Source, Account string
	Detail          json.RawMessage
	AWSLogs         struct{ Data string }
	// Replay is set by people only.
	Replay bool
}

func open(payload []byte) (envelope, error) {
	var event envelope
	if err := json.Unmarshal(payload, &event); err != nil {
		return event, function.Fail("InvalidEvent", "no JSON object")
	}
	return event, nil
}

// event records what CloudTrail or CloudWatch Logs sent, or sends a heartbeat. It returns the fields of the log line.
func (k *keeper) event(ctx context.Context, event envelope) ([]slog.Attr, error) {
	if event.AWSLogs.Data != "" {
		return k.lines(ctx, event.AWSLogs.Data)
	}
	// Callers of PutEvents choose everything except these two: AWS sets the account, and refuses their sources that begin
	// with "aws.". https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
	if !strings.HasPrefix(event.Source, "aws.") || event.Account != k.expected.own.AccountID {
		return nil, function.Fail("InvalidEvent", "not put on the bus by AWS for this account")
	}
	switch {
	case event.DetailType == "AWS API Call via CloudTrail":
		return k.change(ctx, event.Detail)
	case event.DetailType == "Scheduled Event" && event.Source == "aws.events":
		if err := k.beat(ctx); err != nil {
			return nil, err
		}
		return []slog.Attr{slog.Bool("heartbeatSent", true)}, nil
	}
	return nil, function.Fail("InvalidEvent", "neither a schedule nor from CloudTrail or CloudWatch Logs")
}

// beat makes a call that changes nothing and needs no permission. CloudTrail records it as any other, so its event must
// come back by the rules; an alarm counts the events that did.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
func (k *keeper) beat(ctx context.Context) error {
	_, err := k.identities.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	return err
}

// change records an event of CloudTrail, and notifies people if it is serious. The notification says where the record
// is, so that is written first.
func (k *keeper) change(ctx context.Context, detail json.RawMessage) ([]slog.Attr, error) {
	r, kept, err := read(detail)
	if err != nil {
		return nil, err
	}
	serious := k.expected.serious(r)
	what := []slog.Attr{
		slog.String("eventId", r.EventID), slog.String("eventName", r.EventName), slog.Bool("serious", serious),
	}
	if refused(r.ErrorCode) && k.expected.guest(r) {
		// Anybody can repeat this without limit, so it must neither fill a bucket that nobody can empty, nor bury the
		// notification that matters. The account's trail has the event.
		return append(what, slog.Bool("refusedGuest", true)), nil
	}
	if k.expected.heartbeat(r) {
		what = append(what, slog.Bool(k.heartbeat(r.at), true))
	}
	name := "changes/" + r.at.Format("2006/01/02") + "/" + r.EventID + ".json"
	kept = append(kept, '\n')
	put := k.put(ctx, name, kept)
	if !serious {
		return what, put
	}
	// People are notified even if it could not be recorded.
	return what, errors.Join(put, k.tell(ctx, r, name))
}

// A heartbeat counts only if it is neither older than heartbeatAge nor from the future: an event that is replayed, from
// the queue or by somebody who hides that the record has ended, proves nothing of the present. CloudTrail delivers in
// five minutes on average, so an older one is late by far. The alarm starts after three hours without one, so a replay
// delays it by two hours at most. heartbeatSkew is for clocks that differ.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
const (
	heartbeatAge  = 2 * time.Hour
	heartbeatSkew = 5 * time.Minute
)

// heartbeat is the field of the log line for a heartbeat of this time: "heartbeat" if it counts.
func (k *keeper) heartbeat(at time.Time) string {
	if age := k.now().Sub(at); age > heartbeatAge || age < -heartbeatSkew {
		return "heartbeatOfAnotherTime"
	}
	return "heartbeat"
}

// put writes an object, unless one of this name exists: readers always find the first. The bucket's default retention
// locks it, for which S3 requires a checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func (k *keeper) put(ctx context.Context, name string, text []byte) error {
	_, err := k.objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(k.bucket), Key: aws.String(name), Body: bytes.NewReader(text),
		ContentType: aws.String("application/json"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
		IfNoneMatch: aws.String("*"),
	})
	if refusal, ok := errors.AsType[smithy.APIError](err); ok && refusal.ErrorCode() == "PreconditionFailed" {
		return nil
	}
	return err
}

// tell publishes a notification of a serious event.
func (k *keeper) tell(ctx context.Context, r record, name string) error {
	outcome := "done"
	if r.ErrorCode != "" {
		outcome = "failed: " + r.ErrorCode
	}
	lines := [][2]string{
		{"What", r.EventName + " (" + r.EventSource + ")"},
		{"Outcome", outcome},
		{"Who", r.UserIdentity.ARN},
		{"From", r.SourceIPAddress},
		{"When", r.EventTime + ", " + r.AWSRegion},
		{"Record", "s3://" + k.bucket + "/" + name},
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Neither the pipeline nor the support desk did this to %s as part of their work.\n\n",
		k.expected.stageID)
	for _, line := range lines {
		fmt.Fprintf(&text, "%-8s %s\n", line[0], oneLine(line[1]))
	}
	text.WriteString("\nWhat to do: docs/runbooks/changed-by-hand.md\n")
	_, err := k.topics.Publish(ctx, &sns.PublishInput{
		TopicArn: aws.String(k.topic), Message: aws.String(text.String()),
		Subject: aws.String(subject(k.expected.stageID + ": " + r.EventName + ", " + outcome)),
	})
	return err
}

// longestLine is the most characters of an event's text in a message.
const longestLine = 300

// oneLine makes a text of an event one line of a notification. Callers choose the names of their sessions, and must not
// be able to add paragraphs to a mail from AWS.
func oneLine(text string) string {
	printable := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text))
	if len(printable) > longestLine {
		return string(printable[:longestLine]) + " …"
	}
	return string(printable)
}

// subject shortens a text to what SNS accepts: fewer than 100 printable ASCII characters.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func subject(text string) string {
	printable := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
	return printable[:min(len(printable), 99)]
}
