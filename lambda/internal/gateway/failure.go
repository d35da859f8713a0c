package gateway

import (
	"errors"
	"fmt"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/problem"
)

// problemOf decides what the caller is told of an error. A handler's own Problem stands; a failed call to an AWS
// service is worth trying again; anything else is a mistake of ours, of which only the type is kept because its text
// could hold what may not be logged.
func problemOf(err error) *problem.Problem {
	var known *problem.Problem
	if errors.As(err, &known) {
		return known
	}
	if code, operation, found := function.Fault(err); found {
		return problem.Unavailable(code, operation)
	}
	return problem.Internal("Unexpected", fmt.Sprintf("%T", innermost(err)))
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
