package functions

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// maxLine is the longest line that is passed on, in bytes. A stack trace in JSON fits; longer output is cut, so that it
// does not fill the terminal.
const maxLine = 16 << 10

// output lets several processes write whole lines to one writer.
type output struct {
	mu sync.Mutex
	to io.Writer
}

// line writes one line. A failure cannot be reported.
func (o *output) line(source string, text []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(o.to, "%s | %s\n", source, text)
}

// lines passes on what one process writes, as lines. Its methods must not be called at the same time.
type lines struct {
	output *output
	source string

	pending []byte
	dropped int
}

// Write never fails: an error would stop the process.
func (l *lines) Write(p []byte) (int, error) {
	for part := range bytes.Lines(p) {
		text, ended := bytes.CutSuffix(part, []byte("\n"))
		fits := min(len(text), maxLine-len(l.pending))
		l.pending = append(l.pending, text[:fits]...)
		l.dropped += len(text) - fits
		if ended {
			l.emit()
		}
	}
	return len(p), nil
}

// flush passes on a last line that has no end.
func (l *lines) flush() {
	if len(l.pending) > 0 {
		l.emit()
	}
}

func (l *lines) emit() {
	if l.dropped > 0 {
		l.pending = fmt.Appendf(l.pending, " … and %d more bytes", l.dropped)
	}
	l.output.line(l.source, l.pending)
	l.pending, l.dropped = l.pending[:0], 0
}
