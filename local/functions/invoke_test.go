package functions

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/await"
)

func TestResponseIsPassedOnAsItIs(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{})
	largest := bytes.Repeat([]byte("e"), maxEvent)
	for name, test := range map[string]struct{ event, want []byte }{
		"what came in":               {[]byte(`{"quantity": 1}`), []byte(`{"quantity": 1}`)},
		"the largest event":          {largest, largest},
		"the largest response":       {manyBytes(t, maxResponse), bytes.Repeat([]byte("x"), maxResponse)},
		"garbage, which is no JSON":  {event(t, order{Do: "garbage"}), []byte("\x00{no json")},
		"nothing at all, as nothing": {manyBytes(t, 0), []byte{}},
	} {
		got, err := f.Invoke(t.Context(), test.event)
		if err != nil || !bytes.Equal(got, test.want) {
			t.Errorf("%s: %.40q (%d bytes), %v; want %.40q (%d bytes)", name, got, len(got), err, test.want, len(test.want))
		}
	}
}

// TestFunctionServesOnAfterEveryFailure also says which error API Gateway and Cognito get to see.
func TestFunctionServesOnAfterEveryFailure(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{Processes: 1})
	const (
		reports       = "function Fake: reported errorString: no such mug"
		exits         = "function Fake: ended without an answer: exit status 7"
		largeResponse = "function Fake: the response is larger than 6 MB"
		largeEvent    = "function Fake: the event is larger than 6 MB"
	)
	for name, test := range map[string]struct {
		event []byte
		// want is nil for a FunctionError.
		want error
		says string
		// restarts says that the failure costs the process.
		restarts bool
	}{
		"error":                   {event(t, order{Do: "report"}), nil, reports, false},
		"panic":                   {event(t, order{Do: "panic"}), nil, "function Fake: reported string: out of mugs", true},
		"exit":                    {event(t, order{Do: "exit"}), ErrCrashed, exits, true},
		"response too large":      {manyBytes(t, maxResponse+1), ErrTooLarge, largeResponse, true},
		"response much too large": {manyBytes(t, 3*maxResponse), ErrTooLarge, largeResponse, true},
		"event too large":         {bytes.Repeat([]byte("e"), maxEvent+1), ErrEventTooLarge, largeEvent, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := ask(t, f, order{Do: "tell"}).PID
			response, err := f.Invoke(t.Context(), test.event)
			var reported *FunctionError
			if wanted := test.want == nil; errors.As(err, &reported) != wanted || !wanted && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			if err == nil || err.Error() != test.says || response != nil {
				t.Errorf("%q, %v; want %s", response, err, test.says)
			}
			after := ask(t, f, order{Do: "tell"}).PID
			if test.restarts != (before != after) {
				t.Errorf("process %d, then %d; want another one: %t", before, after, test.restarts)
			}
		})
	}
}

func TestResponseThatEndsHalfwayIsAnError(t *testing.T) {
	f, _ := running(t, fakeProgram("function whose response ends halfway"), Config{})
	for range 2 {
		response, err := do(t, f, order{})
		want := FunctionError{Type: "errorString", Message: "the table is gone"}
		var reported *FunctionError
		if !errors.As(err, &reported) || *reported != want || response != nil {
			t.Errorf("%q, %v; want the error of the reader", response, err)
		}
	}
}

func TestFunctionLearnsAboutEachEvent(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{})
	first, second := ask(t, f, order{Do: "tell"}), ask(t, f, order{Do: "tell"})
	if first.RequestID == second.RequestID || first.Trace == second.Trace {
		t.Errorf("two events have request id %s and trace %s", first.RequestID, first.Trace)
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	trace := regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`)
	for _, s := range []seen{first, second} {
		if !uuid.MatchString(s.RequestID) || !trace.MatchString(s.Trace) {
			t.Errorf("request id %s, trace %s", s.RequestID, s.Trace)
		}
		if s.ARN != f.program.ARN {
			t.Errorf("ARN %s, want %s", s.ARN, f.program.ARN)
		}
		if s.Remaining > f.program.Timeout || s.Remaining < f.program.Timeout-5*time.Second {
			t.Errorf("%s are left of a timeout of %s", s.Remaining, f.program.Timeout)
		}
	}
}

// occupied is a function whose only process works on a call until release is called, and what that call comes to.
func occupied(ctx context.Context, t *testing.T) (f *Function, release func(), done <-chan error) {
	t.Helper()
	f, _ = running(t, fakeProgram("function"), Config{Processes: 1})
	file := filepath.Join(t.TempDir(), "file")
	ended := make(chan error, 1)
	go func() {
		_, err := f.Invoke(ctx, event(t, order{Do: "wait for a file", File: file}))
		ended <- err
	}()
	await.That(t, "the process works", func() bool { return f.state() == working })
	return f, func() { write(t, file, "") }, ended
}

func TestCallsAreServedFirstComeFirstServed(t *testing.T) {
	f, release, _ := occupied(t.Context(), t)
	served := make([]int, 5)
	var all sync.WaitGroup
	for i := range served {
		all.Go(func() { served[i] = ask(t, f, order{Do: "tell"}).Calls })
		await.That(t, "the call waits", func() bool { _, waiting := f.counts(); return waiting == i+1 })
	}
	release()
	all.Wait()
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6}, served); diff != "" {
		t.Errorf("order in which they were served, -want +got\n%s", diff)
	}
}

func TestCallThatIsGivenUpNeverReachesTheFunction(t *testing.T) {
	f, release, _ := occupied(t.Context(), t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, []byte(`{}`))
		done <- err
	}()
	await.That(t, "the second call waits", func() bool { _, waiting := f.counts(); return waiting == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	if _, err := f.Invoke(ctx, []byte(`{}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("error of a call that is late from the start: %v, want canceled", err)
	}
	release()
	if calls := ask(t, f, order{Do: "tell"}).Calls; calls != 2 {
		t.Errorf("the function saw %d events, want 2", calls)
	}
}

func TestCallThatIsGivenUpWhileWorkedOnDoesNotDisturbTheNext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f, release, done := occupied(ctx, t)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	release()
	if got := ask(t, f, order{Do: "tell"}).Calls; got != 2 {
		t.Errorf("call %d of its process, want 2: the first was to be finished", got)
	}
}

func TestFunctionThatTakesTooLongIsKilledAndServesOn(t *testing.T) {
	t.Parallel()
	p := fakeProgram("function")
	p.Timeout = 500 * time.Millisecond
	f, log := running(t, p, Config{Processes: 1})
	before := ask(t, f, order{Do: "tell"}).PID
	var all sync.WaitGroup
	all.Go(func() {
		_, err := do(t, f, order{Do: "print and hang"})
		if want := "function Fake: timed out after 500ms"; !errors.Is(err, ErrTimeout) || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	})
	await.That(t, "the call is worked on", func() bool { return f.state() == working })
	// This call waits behind it, which does not count as its own time.
	if after := ask(t, f, order{Do: "tell"}).PID; after == before {
		t.Errorf("process %d serves on, want another", after)
	}
	all.Wait()
	await.That(t, "the process that hangs is gone", func() bool { return gone(before) })
	want := "fake | working\nfake | the process has not been done with an event after 500ms and is killed\n"
	if got := log.String(); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// state is that of the first process.
func (f *Function) state() state {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.processes) == 0 {
		return starting
	}
	return f.processes[0].state
}
