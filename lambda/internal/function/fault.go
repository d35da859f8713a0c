package function

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/aws/smithy-go"
)

// Fault returns the error code of a failed call and the operation that failed, such as "ThrottlingException" and
// "DynamoDB Query". The code is "Timeout" or "NoAnswer" if the service gave none. These two are all that may be logged
// of the error: its message can hold the ARN of a table, a key or a role.
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

// Cause returns what may be logged of any error: of one that says so itself, in a method Failure, that; of a failed
// call its code and operation; of an error that nobody foresaw its type, because its text can hold ARNs and names.
func Cause(err error) (code, reason string) {
	var known interface{ Failure() (code, reason string) }
	if errors.As(err, &known) {
		return known.Failure()
	}
	if code, operation, found := Fault(err); found {
		return code, operation
	}
	return "Unexpected", fmt.Sprintf("%T", err)
}

func timedOut(err error) bool {
	var connection net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &connection) && connection.Timeout()
}
