package credentials

import "github.com/aws/smithy-go"

// The codes of an [Error], as used by services with a JSON protocol and by API Gateway:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html. S3 has names of its own.
const (
	// AccessDenied means that policies do not allow it.
	AccessDenied = "AccessDeniedException"
	// ExpiredToken means that the session has ended.
	ExpiredToken = "ExpiredTokenException"
	// IncompleteSignature means that the signature's form is wrong.
	IncompleteSignature = "IncompleteSignatureException"
	// InvalidSignature means that the signature does not match the request, or is for another time, Region or service.
	InvalidSignature = "InvalidSignatureException"
	// MissingAuthenticationToken means that the request is not signed.
	MissingAuthenticationToken = "MissingAuthenticationTokenException"
	// UnrecognizedClient means that the access key does not exist, or that the session token does not belong to it.
	UnrecognizedClient = "UnrecognizedClientException"
)

// Error is the refusal of a request. It is a [smithy.APIError] whose fault is the client's.
type Error struct {
	Code, Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorCode returns Code.
func (e *Error) ErrorCode() string { return e.Code }

// ErrorMessage returns Message.
func (e *Error) ErrorMessage() string { return e.Message }

// ErrorFault is always the client's.
func (*Error) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }
