package gateway

import (
	"errors"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/problem"
)

// problemOf decides what the caller is told of an error. A handler's own Problem stands; a failed call to an AWS
// service is worth trying again; anything else is a mistake of ours.
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
