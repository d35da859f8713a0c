package function

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// A Failure is an error that is safe to log: it holds no value of an event, an item or a parameter.
type Failure struct {
	// Code is what operators search the log for, such as "InvalidEvent".
	Code string
	// Reason says what is wrong, such as "no userName".
	Reason string
}

// Fail returns a [*Failure].
func Fail(code, reason string) error { return &Failure{Code: code, Reason: reason} }

// Error returns code and reason.
func (f *Failure) Error() string { return f.Code + ": " + f.Reason }

// Serve serves one event within a time, and returns how long that took. A panic becomes a [*Failure] with the code
// Panic: an unrecovered one would end the process, and put its text and stack into the log and the response.
func Serve(
	ctx context.Context, within time.Duration, serve func(context.Context) error,
) (took time.Duration, err error) {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit(within))
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = Fail("Panic", describe(cause))
		}
		took = time.Since(begun)
	}()
	return 0, serve(ctx)
}

// Longest is the longest that a function may run.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
const Longest = 15 * time.Minute

// TimeLeft returns how long the event may still be served: until the deadline of Lambda or of [Serve].
func TimeLeft(ctx context.Context) time.Duration {
	deadline, _ := ctx.Deadline() // Serve has set one
	return time.Until(deadline)
}

// Took is the log attribute with the duration of an event.
func Took(took time.Duration) slog.Attr {
	return slog.Float64("durationMs", float64(took.Microseconds())/1000)
}

// Fault returns the error code of a failed call and the operation that failed, such as "ThrottlingException" and
// "DynamoDB Query". The code is "Timeout" or "NoAnswer" if the service gave none. Log only these two: the error's
// message can hold the ARN of a table, a key or a role.
//
// It returns false if err is not a failed call.
func Fault(err error) (code, operation string, found bool) {
	var call *smithy.OperationError
	if !errors.As(err, &call) {
		return "", "", false
	}
	operation = call.Service() + " " + call.Operation()
	var answered smithy.APIError
	switch {
	case errors.As(err, &answered):
		return answered.ErrorCode(), operation, true
	case timedOut(err):
		return "Timeout", operation, true
	default:
		return "NoAnswer", operation, true
	}
}

// Throttled reports whether a service refused a call because there were too many.
func Throttled(err error) bool {
	code, _, _ := Fault(err)
	_, found := retry.DefaultThrottleErrorCodes[code]
	return found
}

// Cause returns the loggable parts of any error: code and reason of a [*Failure], code and operation of a failed call
// ([Fault]), and only the type of any other, innermost error, because its text can hold ARNs and names.
func Cause(err error) (code, reason string) {
	var known *Failure
	if errors.As(err, &known) {
		return known.Code, known.Reason
	}
	if code, operation, found := Fault(err); found {
		return code, operation
	}
	for inner := err; inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return "Unexpected", fmt.Sprintf("%T", err)
}

func timedOut(err error) bool {
	var connection net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &connection) && connection.Timeout()
}
