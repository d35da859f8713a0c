package gateway

import (
	"errors"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/problem"
)

// problemOf returns the caller's response to an error. A handler's own Problem is returned as it is. A failed call to
// an AWS service becomes a 503, which callers may retry. Any other error is a 500.
func problemOf(err error) *problem.Problem {
	var known *problem.Problem
	if errors.As(err, &known) {
		return known
	}
	code, reason := function.Cause(err)
	if _, _, called := function.Fault(err); called {
		return problem.Unavailable(code, reason)
	}
	return problem.Internal(code, reason)
}
