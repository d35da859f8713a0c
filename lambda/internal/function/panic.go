package function

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// describe returns a panic's cause and place. The deferred function that recovers the panic must call it, while the
// stack still exists.
//
// The Go runtime's own text is safe to log (an index out of range, a nil map). Any other value is described by its type
// only, as it could hold anything.
func describe(cause any) string {
	what := fmt.Sprintf("%T", cause)
	if fault, found := cause.(runtime.Error); found {
		what = fault.Error()
	}
	return what + " at " + site()
}

// site returns file and line of the statement that panicked: the first frame outside the runtime below the one that
// handles panics.
func site() string {
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
