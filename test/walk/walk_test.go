//go:build walk

package walk

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/module"
)

const (
	// silence is the longest time that a command may print nothing.
	silence = 15 * time.Second
	// patience is the time limit of a command, on a slow machine and with cold caches.
	patience = 40 * time.Minute
)

// listener records the longest silence of its writer.
type listener struct {
	said          bytes.Buffer
	started, last time.Time
	longest       time.Duration
	before, after string
}

func listen() *listener {
	now := time.Now()
	return &listener{started: now, last: now}
}

// report logs the duration and the longest silence.
func (l *listener) report(t *testing.T, what string) {
	t.Helper()
	t.Logf("%s: %s, longest silence %s", what, time.Since(l.started).Round(time.Second), l.longest.Round(time.Second/10))
}

// judge reports, and fails the test after too long a silence.
func (l *listener) judge(t *testing.T, what string) {
	t.Helper()
	what, _, _ = strings.Cut(strings.TrimSpace(what), "  ")
	l.report(t, what)
	if l.longest > silence {
		t.Errorf("%s said nothing for %s, between %q and %q", what, l.longest, l.before, l.after)
	}
}

func (l *listener) Write(p []byte) (int, error) {
	now := time.Now()
	if quiet := now.Sub(l.last); quiet > l.longest {
		l.longest, l.before, l.after = quiet, l.tail(), string(p)
	}
	l.last = now
	return l.said.Write(p)
}

// tail returns the end of the output.
func (l *listener) tail() string { return l.said.String()[max(0, l.said.Len()-200):] }

// TestTheWayOfANewcomer clones the committed repository, and runs the commands of README's first screen.
func TestTheWayOfANewcomer(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	clone := filepath.Join(t.TempDir(), "clone")
	if out, err := exec.CommandContext(t.Context(), "git", "clone", "--quiet", root, clone).CombinedOutput(); err != nil {
		t.Fatalf("clone: %v\n%s", err, out)
	}
	environment := os.Environ()
	if os.Getenv("WALK_COLD") != "" {
		cold := t.TempDir()
		environment = append(environment, "GOCACHE="+filepath.Join(cold, "go"), "XDG_CACHE_HOME="+cold)
	}
	for command := range strings.Lines(commands(t, clone, "README.md")) {
		heard := listen()
		if strings.HasPrefix(command, "make local") {
			serve(t, clone, environment, command, heard)
		} else {
			run(t, clone, environment, command, heard)
		}
		heard.judge(t, command)
	}
}

// commands returns the commands of a document in order.
func commands(t *testing.T, clone, document string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(clone, document))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(blocks(string(text)), "")
}

// without leaves out the lines whose command is among others, because the test runs and times those separately.
func without(commands, others string) (rest string) {
	command := func(line string) string {
		before, _, _ := strings.Cut(line, " #")
		return strings.TrimSpace(before)
	}
	var run []string
	for line := range strings.Lines(others) {
		run = append(run, command(line))
	}
	for line := range strings.Lines(commands) {
		if !slices.Contains(run, command(line)) {
			rest += line
		}
	}
	return rest
}

func run(t *testing.T, clone string, environment []string, command string, heard *listener) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-euc", command)
	shell.Dir, shell.Env, shell.Stdout, shell.Stderr = clone, environment, heard, heard
	if err := shell.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, heard.said.String())
	}
}

// serve runs make local in a terminal, walks the other documents while it serves, and stops it with Ctrl-C.
func serve(t *testing.T, clone string, environment []string, command string, heard *listener) {
	t.Helper()
	if _, err := exec.LookPath("script"); err != nil {
		t.Skip("make local wants a terminal, and script, which makes one, is not installed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	// script exits with the exit code of the command in its terminal.
	terminal := exec.CommandContext(ctx, "script", "-qec", command, "/dev/null")
	terminal.Dir, terminal.Env = clone, environment
	// A failed walk must not leave a running stage behind: the stage would outlive script.
	var keys io.WriteCloser
	terminal.Cancel = func() error {
		_, err := io.WriteString(keys, "\x03")
		return err
	}
	terminal.WaitDelay = 30 * time.Second
	defer func() {
		if terminal.Process != nil && terminal.ProcessState == nil {
			cancel()
			_ = terminal.Wait() // the walk has failed already
		}
	}()
	var err error
	if keys, err = terminal.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	screen, err := terminal.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := terminal.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(io.TeeReader(screen, heard))
	for served := false; !served; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%s ended: %v\n%s", command, terminal.Wait(), heard.said.String())
		}
		served = strings.Contains(line, "source .build/local/env.sh")
	}
	t.Logf("make local serves after %s", time.Since(heard.started).Round(time.Second))
	visit(t, clone, environment)
	heard.last = time.Now()
	if _, err := io.WriteString(keys, "\x03"); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil || !strings.Contains(string(rest), "Stopped, as asked") {
		t.Errorf("after Ctrl-C: %v, %q", err, rest)
	}
	if err := terminal.Wait(); err != nil || strings.Contains(string(rest), "make: ***") {
		t.Errorf("a stop that was asked for ends with %v, %q", err, rest)
	}
}

// visit runs the commands of the documents that use the served stage.
func visit(t *testing.T, clone string, environment []string) {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		t.Log("docs/local.md and docs/support.md are not walked: the AWS CLI is not installed")
		return
	}
	const jane = "source .build/local/env.sh\naws cognito-idp admin-create-user --user-pool-id $SECURECART_USER_POOL_ID " +
		"--username jane@example.com --message-action SUPPRESS >/dev/null\n"
	for _, document := range walked[1:] {
		heard := listen()
		before := map[string]string{"docs/support.md": jane}[document]
		run(t, clone, environment, before+without(commands(t, clone, document), commands(t, clone, "README.md")), heard)
		// Tools of others are run there, too, which may be silent for as long as they like.
		heard.report(t, document)
	}
}
