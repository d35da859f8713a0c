package function

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// describe says what a panic was and where. It must be called by the deferred function that recovered it, while the
// stack is still there.
//
// What the Go runtime says about a panic is safe to log (an index out of range, a nil map); any other value is only
// named by its type, as it could hold anything.
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
