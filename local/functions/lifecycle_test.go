package functions

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

func TestFirstCallOfAFunctionThatCannotStartSaysWhy(t *testing.T) {
	for mode, test := range map[string]struct {
		want error
		says string
		// limit is what it may take until it is ready, Lambda's if zero.
		limit time.Duration
	}{
		"function that exits at start":            {ErrCrashed, "function Fake: ended without an answer: exit status 3", 0},
		"function that reports an error at start": {nil, "function Fake: reported Config.Invalid: nothing is set", 0},
		"function that never gets ready": {
			ErrTimeout,
			"function Fake: timed out: it did not ask for an event within 300ms of its start",
			300 * time.Millisecond,
		},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			f, log := running(t, fakeProgram(mode), Config{readyLimit: test.limit})
			_, err := do(t, f, order{Do: "tell"})
			if err == nil || err.Error() != test.says || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %s", err, test.says)
			}
			if !strings.Contains(log.String(), "fake | the process has ended: ") {
				t.Errorf("printed %q, which does not say that the process has ended", log)
			}
		})
	}
}

func TestFunctionThatCannotStartIsNotStartedForEveryCall(t *testing.T) {
	f, log := running(t, fakeProgram("function that exits at start"), Config{})
	began := time.Now()
	for range 200 {
		if _, err := do(t, f, order{}); !errors.Is(err, ErrCrashed) {
			t.Fatalf("error %v, want ErrCrashed", err)
		}
	}
	took := time.Since(began)
	// One by Start, one by the first call, and one at most per pause.
	if starts := strings.Count(log.String(), "the process has ended"); starts < 2 || starts > 2+int(took/firstPause) {
		t.Errorf("%d starts for 200 calls within %s", starts, took)
	}
}

func TestPausesBetweenStartsThatFailDouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f Function
		for i, want := range []time.Duration{0, 100, 200, 400, 800, 1600, 3200, 5000, 5000} {
			f.startFailed(ErrCrashed)
			if pause := time.Until(f.retryAt); max(pause, 0) != want*time.Millisecond {
				t.Errorf("pause after %d failures: %s, want %d ms", i+1, pause, want)
			}
		}
		for range 100 {
			f.startFailed(ErrCrashed)
		}
		if pause := time.Until(f.retryAt); pause != longestPause {
			t.Errorf("pause after 109 failures: %s, want %s", pause, longestPause)
		}
	})
}

func TestFunctionThatCouldNotStartStartsAgain(t *testing.T) {
	p := fakeProgram("function that waits for a file")
	file := filepath.Join(t.TempDir(), "file")
	p.Environment["FILE"] = file
	f, _ := running(t, p, Config{})
	for range 2 {
		if _, err := do(t, f, order{}); !errors.Is(err, ErrCrashed) {
			t.Fatalf("error %v, want ErrCrashed", err)
		}
	}
	must.Do(t, os.WriteFile(file, nil, 0o600))
	await.That(t, "the function answers", func() bool { _, err := do(t, f, order{}); return err == nil })
	if f.failures != 0 || !f.retryAt.IsZero() {
		t.Errorf("%d failures still count, next start at %s", f.failures, f.retryAt)
	}
}

func TestCallsAreServedByTheProcessThereIsIfNoOtherStarts(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{})
	ask(t, f, order{Do: "tell"})
	f.mu.Lock()
	f.program.path = filepath.Join(t.TempDir(), "gone")
	f.mu.Unlock()
	began := time.Now()
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() { ask(t, f, order{Do: "wait", N: 1}) })
	}
	all.Wait()
	if most := 2 + int(time.Since(began)/firstPause); f.failures < 2 || f.failures > most {
		t.Errorf("%d starts failed and count, want 2 to %d", f.failures, most)
	}
}

func TestProgramThatIsNotThereIsRefused(t *testing.T) {
	p := fakeProgram("function")
	p.path = filepath.Join(t.TempDir(), "gone")
	set, err := run(Config{Output: t.Output()}, builder{output: &output{to: t.Output()}}, []program{p})
	if set != nil || !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "function Fake: ") {
		t.Errorf("run = %v, %v; want an error about function Fake", set, err)
	}
}

func TestProcessThatHangsAfterItsAnswerGivesUpItsPlace(t *testing.T) {
	t.Parallel()
	p := fakeProgram("function that hangs after its answer")
	p.Timeout = 500 * time.Millisecond
	f, _ := running(t, p, Config{Processes: 1})
	for range 2 {
		if response, err := do(t, f, order{}); string(response) != "1" || err != nil {
			t.Errorf("%q, %v; want an answer of a process that does not hang yet", response, err)
		}
	}
}

func TestProcessesAreStartedOnlyWhenCallsWait(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{Processes: 3})
	pids := map[int]bool{}
	for range 100 {
		pids[ask(t, f, order{Do: "tell"}).PID] = true
	}
	if len(pids) != 1 {
		t.Errorf("%d processes for calls one after the other, want 1", len(pids))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	// No call ends before three processes have one, however long their start takes.
	file := filepath.Join(t.TempDir(), "goOn")
	for range 30 {
		all.Go(func() {
			pid := ask(t, f, order{Do: "wait for a file", File: file}).PID
			mu.Lock()
			defer mu.Unlock()
			pids[pid] = true
		})
	}
	await.That(t, "three processes have a call", func() bool { return f.atWork() == 3 })
	must.Do(t, os.WriteFile(file, nil, 0o600))
	all.Wait()
	if len(pids) != 3 {
		t.Errorf("%d processes for 30 calls at once, want the 3 that there may be", len(pids))
	}
}

func TestCloseFailsAllCallsAndLeavesNoProcess(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{Processes: 2})
	ask(t, f, order{Do: "tell"})
	group := f.set.guard.command.Process.Pid
	if err := syscall.Kill(-group, 0); err != nil {
		t.Fatalf("there is no process group %d (%v), so this test proves nothing", group, err)
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := do(t, f, order{Do: "print and hang"}); !errors.Is(err, ErrClosed) {
				t.Errorf("error %v, want ErrClosed", err)
			}
		})
	}
	await.That(t, "two calls are worked on, four wait", func() bool {
		_, waiting := f.counts()
		return waiting == 4
	})
	f.set.Close()
	all.Wait()
	if err := syscall.Kill(-group, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("signal to the process group: %v, want that it is gone", err)
	}
	if _, err := do(t, f, order{}); !errors.Is(err, ErrClosed) {
		t.Errorf("call after Close: %v, want ErrClosed", err)
	}
	f.set.Close()
}

func TestFunctionThatIsClosedIsNotStartedAgain(t *testing.T) {
	f, _ := running(t, fakeProgram("function"), Config{})
	f.close()
	f.replace() // as Watch might at the same time
	if processes, _ := f.counts(); processes != 0 {
		t.Errorf("%d processes, want none", processes)
	}
}

// slowReader is an Output that takes its time.
type slowReader struct{ reading, goOn chan struct{} }

func (s slowReader) Write(p []byte) (int, error) {
	s.reading <- struct{}{}
	<-s.goOn
	return len(p), nil
}

func TestCloseWaitsForTheLastWordsOfAProcess(t *testing.T) {
	out := slowReader{make(chan struct{}, 10), make(chan struct{})}
	programs := []program{fakeProgram("function that exits at start")}
	set := must.Get(run(Config{Output: out}, builder{output: &output{to: out}}, programs))(t)
	<-out.reading
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		set.Close()
	}()
	select {
	case <-closed:
		t.Error("closed while a process's words are being read")
	case <-time.After(50 * time.Millisecond):
	}
	close(out.goOn)
	<-closed
}
