package functions

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// greeter is a function that answers with its greeting and process id, as soon as the file exists whose path its event
// is. Without net/http it is linked in half the time.
const greeter = `package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

const greeting = "hello"

func main() {
	for {
		header, file := call("GET", "next", "")
		for _, err := os.Stat(file); err != nil; _, err = os.Stat(file) {
			time.Sleep(time.Millisecond)
		}
		_, id, _ := strings.Cut(header, "Lambda-Runtime-Aws-Request-Id: ")
		id, _, _ = strings.Cut(id, "\r\n")
		call("POST", id+"/response", fmt.Sprint(greeting, " ", os.Getpid()))
	}
}

func call(method, path, body string) (header, answer string) {
	api, err := net.Dial("tcp", os.Getenv("AWS_LAMBDA_RUNTIME_API"))
	if err != nil {
		os.Exit(1)
	}
	defer api.Close()
	fmt.Fprintf(api, "%s /2018-06-01/runtime/invocation/%s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s",
		method, path, len(body), body)
	text, _ := io.ReadAll(api)
	header, answer, _ = strings.Cut(string(text), "\r\n\r\n")
	return header, answer
}
`

// repository is a module with functions of the given names, all greeters.
func repository(t *testing.T, names ...string) (root string) {
	t.Helper()
	root = t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module github.com/securecart/identity\n\ngo 1.26.0\n")
	for _, name := range names {
		write(t, filepath.Join(root, "lambda", name, "main.go"), greeter)
	}
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must.Do(t, os.WriteFile(path, []byte(text), 0o600))
}

// greeting splits what a greeter answers.
func greeting(t *testing.T, f *Function, event string) (words, pid string) {
	t.Helper()
	answer, err := f.Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Error(err)
	}
	words, pid, _ = strings.Cut(string(answer), " ")
	return words, pid
}

func TestWatchRestartsWhatChangedAndLosesNoCall(t *testing.T) {
	t.Parallel()
	root := repository(t, "greeter", "bystander")
	log := &await.Output{}
	b := builder{root: root, output: &output{to: log}, slow: time.Minute}
	must.Do(t, b.build(t.Context(), []string{"bystander", "greeter"}))
	var programs []program
	for _, name := range []string{"greeter", "bystander"} {
		p := fakeProgram("")
		p.ARN, p.name, p.path = name, name, b.path(name)
		programs = append(programs, p)
	}
	set := must.Get(run(Config{Output: log, Processes: 1, look: 5 * time.Millisecond}, b, programs))(t)
	t.Cleanup(set.Close)
	set.seen = must.Get(files(root))(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		set.Watch(ctx)
	}()
	changing, bystander := set.functions["greeter"], set.functions["bystander"]
	there := filepath.Join(root, "go.mod")
	_, first := greeting(t, changing, there)
	_, unchanged := greeting(t, bystander, there)

	// A mistake is printed, and changes nothing.
	source := filepath.Join(root, "lambda", "greeter", "main.go")
	write(t, source, strings.ReplaceAll(greeter, "hello", `" + mistake + "`))
	log.Says(t, "goes on serving")
	for _, want := range []string{
		"build | build functions: lambda/greeter does not compile\n", "undefined: mistake\n",
		"build | what was built before goes on serving\n",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("printed %q, which lacks %q", log, want)
		}
	}
	if words, pid := greeting(t, changing, there); words != "hello" || pid != first {
		t.Errorf("after the mistake: %s from process %s, want hello from %s", words, pid, first)
	}

	// A change comes in while a call is worked on, which the old program finishes.
	late := filepath.Join(root, "late")
	working := make(chan string)
	go func() {
		words, pid := greeting(t, changing, late)
		working <- words + " " + pid
	}()
	await.That(t, "the call is worked on", func() bool { return changing.busy() })
	write(t, source, strings.ReplaceAll(greeter, "hello", "welcome"))
	log.Says(t, "build | greeter is new\n")
	if words, pid := greeting(t, changing, there); words != "welcome" || pid == first {
		t.Errorf("after the change: %s from process %s, want welcome from another than %s", words, pid, first)
	}
	write(t, late, "")
	if got := <-working; got != "hello "+first {
		t.Errorf("the call that was worked on got %q, want the answer of the old program in process %s", got, first)
	}
	old := must.Get(strconv.Atoi(first))(t)
	await.That(t, "the old process is gone", func() bool { return gone(old) })
	if _, pid := greeting(t, bystander, there); pid != unchanged {
		t.Errorf("the function that did not change has process %s, want %s", pid, unchanged)
	}
	cancel()
	<-stopped

	// The stage that a new synth replaces watches the same sources, and may build a change first.
	write(t, source, strings.ReplaceAll(greeter, "hello", "goodbye"))
	must.Do(t, b.build(t.Context(), []string{"bystander", "greeter"}))
	set.rebuild(t.Context())
	if words, _ := greeting(t, changing, there); words != "goodbye" {
		t.Errorf("after a change that another build took over: %s, want goodbye", words)
	}
}

func (f *Function) busy() bool { return f.state() == working }

func TestSourcesAreGoFilesOfTheHandlersAndTheModule(t *testing.T) {
	root := repository(t, "greeter")
	for _, path := range []string{
		"lambda/greeter/main_test.go", "lambda/greeter/testdata/event.json", "stacks/api.go", "README.md",
	} {
		write(t, filepath.Join(root, path), "x")
	}
	for _, path := range []string{"go.sum", "lambda/internal/shop/amount.go"} {
		write(t, filepath.Join(root, path), "x")
	}
	seen := must.Get(files(root))(t)
	got := map[string]bool{}
	for path := range seen {
		relative := must.Get(filepath.Rel(root, path))(t)
		got[filepath.ToSlash(relative)] = true
	}
	want := map[string]bool{
		"go.mod":                         true,
		"go.sum":                         true,
		"lambda/greeter/main.go":         true,
		"lambda/internal/shop/amount.go": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
