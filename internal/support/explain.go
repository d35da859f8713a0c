package support

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// Explain turns an error into one sentence for the support agent. It keeps the names of AWS's errors, because
// administrators search for them.
func Explain(err error) string {
	var (
		refusal Refusal
		missing *NotFound
		step    *StepError
	)
	switch {
	case errors.As(err, &refusal):
		return refusal.Error()
	case errors.As(err, &missing):
		return missing.Error()
	case errors.As(err, &step):
		return fmt.Sprintf("%s while %s; the same command again does what is left", reason(err), step.Doing)
	default:
		return reason(err)
	}
}

// Codes of errors that AWS's services have in common:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var (
	denied = []string{"AccessDenied", "AccessDeniedException"}
	busy   = []string{
		"Throttling", "ThrottlingException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
		"RequestLimitExceeded", "SlowDown", "ServiceUnavailable",
	}
	ended = []string{"ExpiredToken", "ExpiredTokenException"}
)

// reason is the error's cause, as the beginning of a sentence.
func reason(err error) string {
	operation := "the request"
	if called := new(smithy.OperationError); errors.As(err, &called) {
		operation = called.OperationName
	}
	var answer smithy.APIError
	switch answered := errors.As(err, &answer); {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case answered && slices.Contains(denied, answer.ErrorCode()) && operation == "AssumeRole":
		return "the role refuses you: config/stages.go must name you, " +
			"your own policies must allow sts:AssumeRole and sts:TagSession on it, " +
			"and an IAM user must have entered an MFA code within the last hour (AccessDenied)"
	case answered && slices.Contains(denied, answer.ErrorCode()):
		return fmt.Sprintf("the role has no permission for %s (%s)", operation, answer.ErrorCode())
	case answered && slices.Contains(busy, answer.ErrorCode()):
		return fmt.Sprintf("AWS is busy (%s at %s)", answer.ErrorCode(), operation)
	case answered && slices.Contains(ended, answer.ErrorCode()):
		return fmt.Sprintf("the session has ended (%s at %s)", answer.ErrorCode(), operation)
	case answered && answer.ErrorCode() == "UserNotFoundException":
		return "the account is gone"
	case answered:
		return fmt.Sprintf("%s failed (%s: %s)", operation, answer.ErrorCode(), answer.ErrorMessage())
	case strings.Contains(err.Error(), "get credentials"):
		return "there are no AWS credentials: sign in first, with `aws sso login` and AWS_PROFILE for example"
	default:
		return fmt.Sprintf("%s failed (%s)", operation, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
}
