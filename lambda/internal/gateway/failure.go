package gateway

import (
	"errors"

	"github.com/securecart/identity/lambda/internal/function"
)

// problemOf returns the caller's response to an error. A handler's own Problem is returned as it is. A failed call to
// an AWS service becomes a 503, which callers may retry. Any other error is a 500.
func problemOf(err error) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	code, reason := function.Cause(err)
	if _, _, called := function.Fault(err); called {
		return Unavailable(code, reason)
	}
	return Internal(code, reason)
}
