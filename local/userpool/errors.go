package userpool

import (
	"fmt"

	"github.com/aws/smithy-go"
)

// Error is an answer of the user pool that refuses what a caller wants. Its codes are those of the API reference, so
// that every front end can map them; its message is for the caller and holds no secret.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
type Error struct {
	// Code is such as NotAuthorizedException.
	Code    string
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorCode returns Code.
func (e *Error) ErrorCode() string { return e.Code }

// ErrorMessage returns Message.
func (e *Error) ErrorMessage() string { return e.Message }

// ErrorFault is always the client's.
func (*Error) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

func refuse(code, format string, values ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, values...)}
}

func invalidParameter(format string, values ...any) *Error {
	return refuse("InvalidParameterException", format, values...)
}

func notAuthorized(message string) *Error {
	return &Error{Code: "NotAuthorizedException", Message: message}
}

// Errors of several operations. Users who do not exist get the same errors about codes and passwords.
var (
	errWrongPassword = notAuthorized("Incorrect username or password.")
	errLockedOut     = notAuthorized("Password attempts exceeded")
	errDisabled      = notAuthorized("User is disabled.")
	errSession       = notAuthorized("Invalid session for the user.")
	errNotConfirmed  = &Error{"UserNotConfirmedException", "User is not confirmed."}
	errResetRequired = &Error{"PasswordResetRequiredException", "Password reset required for the user"}
	errNoUser        = &Error{"UserNotFoundException", "User does not exist."}
	errWrongCode     = &Error{"CodeMismatchException", "Invalid verification code provided, please try again."}
	errExpiredCode   = &Error{"ExpiredCodeException", "Invalid code provided, please request a code again."}
	errTooMany       = &Error{"LimitExceededException", "Attempt limit exceeded, please try after some time."}
	errNotReset      = notAuthorized("User password cannot be reset in the current state.")
	errNoRecovery    = invalidParameter(
		"Cannot reset password for the user as there is no registered/verified email or phone_number")
	errNoTOTP     = invalidParameter("Software token MFA is not enabled for the user pool")
	errEmailTaken = &Error{"AliasExistsException", "An account with the given email already exists."}
)
