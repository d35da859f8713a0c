package progress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// step runs the script, and fails the test if the script leaves anything in its folder for temporary files.
func step(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t, exec.CommandContext(t.Context(), "./step", arguments...), &out, &errs)
	return code, out.String(), errs.String()
}

func run(t *testing.T, command *exec.Cmd, stdout, stderr io.Writer) int {
	t.Helper()
	folder := t.TempDir()
	command.Stdout, command.Stderr = stdout, stderr
	command.Env = append(append(os.Environ(), "TMPDIR="+folder), command.Env...)
	command.WaitDelay = time.Second // what is left of a step that is stopped may hold its output
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	return command.ProcessState.ExitCode()
}

func TestAStepIsAnnouncedAndSilentWhereItSucceeds(t *testing.T) {
	t.Parallel()
	code, out, errs := step(t, "1 of 2: greeting", "echo", "hello")
	if code != 0 || out != "" || errs != "1 of 2: greeting …\n" {
		t.Errorf("got %d, %q, %q", code, out, errs)
	}
	code, out, errs = step(t, "-v", "2 of 2: greeting", "echo", "hello")
	if code != 0 || out != "hello\n" || errs != "2 of 2: greeting …\n" {
		t.Errorf("-v: got %d, %q, %q", code, out, errs)
	}
}

func TestAFailureKeepsItsExitCodeAndItsWords(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{nil, {"-v"}} {
		code, out, errs := step(t, append(flags, "compiling", "sh", "-c", "echo done so far; echo broken >&2; exit 7")...)
		said := out + errs
		if code != 7 || strings.Count(said, "done so far\nbroken\n") != 1 ||
			!regexp.MustCompile(`compiling: failed after \d+ s\n$`).MatchString(said) {
			t.Errorf("%q: got %d, %q", flags, code, said)
		}
	}
	if code, _, errs := step(t, "starting", "no-such-program"); code != 127 || !strings.Contains(errs, "no-such-program") {
		t.Errorf("got %d, %q", code, errs)
	}
}

// held ends the input of a command once a line has said that it goes on.
type held struct {
	said  bytes.Buffer
	input io.Closer
}

var goesOn = regexp.MustCompile(`  … \d+ s\n`)

func (h *held) Write(p []byte) (int, error) {
	n, err := h.said.Write(p)
	if goesOn.Match(h.said.Bytes()) {
		h.input.Close() //nolint:errcheck // the command does not end then, and its time-out tells
	}
	return n, err
}

// TestSilenceEndsAfterTenSeconds shortens them to one, because a shell's clock cannot be set. A step with all ten is
// still silent when the others, which began no later, have spoken.
func TestSilenceEndsAfterTenSeconds(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("step")
	if err != nil || !strings.Contains(string(script), "\nsilence=${STEP_SILENCE:-10}\n") {
		t.Errorf("silence does not last ten seconds: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var spoken, all sync.WaitGroup
	for _, c := range []struct {
		environment, flags []string
		want               string
	}{
		{[]string{"STEP_SILENCE=1"}, nil, `^waiting …\n(  … \d+ s\n)+  … over after \d+ s\n$`},
		{[]string{"STEP_SILENCE=1"}, []string{"-v"}, `^waiting …\n(  … \d+ s\n)+$`},
		{nil, nil, `^waiting …\n$`},
	} {
		command := exec.CommandContext(ctx, "./step", append(c.flags, "waiting", "cat")...)
		command.Env = c.environment
		input, err := command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		wait := func() {
			step := &held{input: input}
			code := run(t, command, io.Discard, step)
			if said := step.said.String(); code != 0 || !regexp.MustCompile(c.want).MatchString(said) {
				t.Errorf("%v %v: got %d, %q", c.environment, c.flags, code, said)
			}
		}
		if c.environment != nil {
			spoken.Go(wait)
			continue
		}
		all.Go(wait)
		spoken.Wait()
		input.Close() //nolint:errcheck // the command does not end then, and its time-out tells
	}
	all.Wait()
}

func TestAnInterruptedStepIsNoSuccess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "./step", "waiting", "sh", "-c", "kill -INT 0; sleep 60")
	// Ctrl-C interrupts all processes of the terminal's group.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var errs bytes.Buffer
	if code := run(t, command, io.Discard, &errs); code != 130 ||
		!strings.Contains(errs.String(), "stopped, as asked: waiting") {
		t.Errorf("got %d, %q", code, &errs)
	}
}
