package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
)

// mostBytes is the most that one call of CloudWatch Logs may unpack to: many times the size of a call.
const mostBytes = 64 << 20

// lines records the log lines that CloudWatch Logs sends: what users of the pool do. They notify nobody, because alarms
// count them (docs/runbooks/credential-stuffing.md).
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
func (k *keeper) lines(ctx context.Context, data string) ([]slog.Attr, error) {
	packed, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, function.Fail("InvalidEvent", "awslogs.data is not base64")
	}
	unpacked, err := gunzip(packed)
	if err != nil {
		return nil, err
	}
	var message struct {
		MessageType string
		LogEvents   []struct {
			ID, Message string
			Timestamp   int64
		}
	}
	if err := json.Unmarshal(unpacked, &message); err != nil {
		return nil, function.Fail("InvalidEvent", "awslogs.data holds no message")
	}
	if message.MessageType == "CONTROL_MESSAGE" {
		return []slog.Attr{slog.Int("lines", 0)}, nil // CloudWatch Logs tests the subscription
	}
	var text bytes.Buffer
	for _, event := range message.LogEvents {
		line, err := keptLine(event.Message)
		if err != nil {
			return nil, err
		}
		text.Write(append(line, '\n'))
	}
	what := []slog.Attr{slog.Int("lines", len(message.LogEvents))}
	if len(message.LogEvents) == 0 || !eventID.MatchString(message.LogEvents[0].ID) {
		return what, function.Fail("InvalidEvent", "no lines, or no id")
	}
	first := message.LogEvents[0]
	folder := time.UnixMilli(first.Timestamp).UTC().Format("2006/01/02")
	return what, k.put(ctx, "users/"+folder+"/"+first.ID+".jsonl", text.Bytes())
}

// keptLine is a line without texts that may be secret.
func keptLine(line string) ([]byte, error) {
	all, err := decode([]byte(line))
	if err != nil {
		return nil, err
	}
	return json.Marshal(withhold(all, ""))
}

func gunzip(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, function.Fail("InvalidEvent", "awslogs.data is not gzip")
	}
	unpacked, err := io.ReadAll(io.LimitReader(reader, mostBytes+1))
	if err != nil || len(unpacked) > mostBytes {
		return nil, function.Fail("InvalidEvent", "awslogs.data is cut off, or too much")
	}
	return unpacked, nil
}
