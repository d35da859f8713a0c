// Package await lets tests wait for what other goroutines and processes bring about.
package await

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is longer than anything takes, also on a machine that is busy with other tests.
const patience = time.Minute

// That waits until is returns true, or ends the test.
func That(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// Output may be read while it is written.
type Output struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (o *Output) Write(p []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.Write(p)
}

func (o *Output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.String()
}

// Says waits until text was written.
func (o *Output) Says(t testing.TB, text string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(o.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %q; written was\n%s", patience, text, o)
		}
	}
}
