package gateway

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"

	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/upstream"
)

// problemOf decides what the caller is told of an error. A handler's own Problem
// stands; a failed call to an AWS service is worth trying again; anything else is
// a mistake of ours, of which only the type is kept because its text could hold
// what may not be logged.
func problemOf(err error) *problem.Problem {
	var known *problem.Problem
	if errors.As(err, &known) {
		return known
	}
	if code, operation, found := upstream.Fault(err); found {
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

// panicked returns the Problem for a recovered panic, which says where it
// happened. What the Go runtime says about it is safe to log (an index out of
// range, a nil map); any other value is only named by its type.
func panicked(cause any) *problem.Problem {
	what := fmt.Sprintf("%T", cause)
	if fault, found := cause.(runtime.Error); found {
		what = fault.Error()
	}
	return problem.Internal("Panic", what+" at "+panicSite())
}

// panicSite returns file and line of the statement that panicked: the first frame
// outside the runtime below the one that handles panics.
func panicSite() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(frame.Function, "runtime."):
			return fmt.Sprintf("%s:%d", path.Base(frame.File), frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
