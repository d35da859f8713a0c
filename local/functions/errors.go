package functions

import (
	"errors"
	"fmt"
)

// Errors of Invoke, for errors.Is.
var (
	// ErrTimeout means that the function took longer than its timeout, or than Lambda's 10 s to initialize. Its process
	// was killed.
	ErrTimeout = errors.New("timed out")
	// ErrCrashed says that the process ended before it answered, or could not be started.
	ErrCrashed = errors.New("ended without an answer")
	// ErrTooLarge says that the function's response exceeds Lambda's 6 MB.
	ErrTooLarge = errors.New("the response is larger than 6 MB")
	// ErrEventTooLarge says that the event exceeds Lambda's 6 MB. The function did not see it.
	ErrEventTooLarge = errors.New("the event is larger than 6 MB")
	// ErrClosed says that the functions were stopped.
	ErrClosed = errors.New("functions are stopped")
)

// FunctionError is what a function, or its runtime, reported instead of a response.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror
type FunctionError struct {
	// Type is errorType, such as "errorString".
	Type string `json:"errorType"`
	// Message is errorMessage, as the function reported it.
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string {
	return fmt.Sprintf("reported %s: %s", e.Type, e.Message)
}
