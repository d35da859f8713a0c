package progress

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// step runs the script, and fails the test if the script leaves anything in its folder for temporary files.
func step(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	return stepIn(t, nil, arguments...)
}

func stepIn(t *testing.T, environment []string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	folder := t.TempDir()
	command := exec.CommandContext(t.Context(), "./step", arguments...)
	command.Stdout, command.Stderr = &out, &errs
	command.Env = append(append(os.Environ(), "TMPDIR="+folder), environment...)
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestAStepIsAnnouncedAndSilentWhereItSucceeds(t *testing.T) {
	t.Parallel() // the end of a step waits for its clock, a second
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
	t.Parallel() // the end of a step waits for its clock, a second
	for _, flag := range []string{"", "-v"} {
		arguments := []string{"compiling", "sh", "-c", "echo done so far; echo broken >&2; exit 7"}
		if flag != "" {
			arguments = append([]string{flag}, arguments...)
		}
		code, out, errs := step(t, arguments...)
		said := out + errs
		if code != 7 || strings.Count(said, "done so far\nbroken\n") != 1 ||
			!regexp.MustCompile(`compiling: failed after \d+ s\n$`).MatchString(said) {
			t.Errorf("%q: got %d, %q", flag, code, said)
		}
	}
	if code, _, errs := step(t, "starting", "no-such-program"); code != 127 || !strings.Contains(errs, "no-such-program") {
		t.Errorf("got %d, %q", code, errs)
	}
}

// TestSilenceEndsAfterTenSeconds shortens them, because a shell's clock cannot be set.
func TestSilenceEndsAfterTenSeconds(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("step")
	if err != nil || !strings.Contains(string(script), "\nsilence=${STEP_SILENCE:-10}\n") {
		t.Errorf("silence does not last ten seconds: %v", err)
	}
	for flag, want := range map[string]string{
		"": `^waiting …\n(  … \d+ s\n)+  … over after \d+ s\n$`, "-v": `^waiting …\n(  … \d+ s\n)+$`,
	} {
		t.Run("flag "+flag, func(t *testing.T) {
			t.Parallel()
			arguments := []string{"waiting", "sleep", "3.5"}
			if flag != "" {
				arguments = append([]string{flag}, arguments...)
			}
			code, _, errs := stepIn(t, []string{"STEP_SILENCE=2"}, arguments...)
			if code != 0 || !regexp.MustCompile(want).MatchString(errs) {
				t.Errorf("got %d, %q", code, errs)
			}
		})
	}
}

func TestAnInterruptedStepIsNoSuccess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var errs bytes.Buffer
	command := exec.CommandContext(ctx, "./step", "waiting", "sh", "-c", "kill -INT 0; sleep 60")
	command.Stderr = &errs
	// Ctrl-C interrupts all processes of the terminal's group.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err := command.Run()
	if command.ProcessState.ExitCode() != 130 || !strings.Contains(errs.String(), "stopped, as asked: waiting") {
		t.Errorf("got %v, %q", err, errs.String())
	}
}
