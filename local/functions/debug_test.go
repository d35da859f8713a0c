package functions

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/gobuild"
	"github.com/securecart/identity/internal/module"
	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// TestADebuggerStopsAFunctionAndNoTimeOutEndsIt attaches to a function of the stage's form, stops it at its answer for
// longer than it may take, and lets it go on.
func TestADebuggerStopsAFunctionAndNoTimeOutEndsIt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("Delve is compiled first")
	}
	home := must.Get(module.Root())(t)
	log := &await.Output{}
	if err := (builder{root: home, output: &output{to: log}}).buildDelve(t.Context()); err != nil {
		t.Skipf("Delve cannot be built here: %v", err)
	}
	root := repository(t, "greeter")
	b := builder{root: root, output: &output{to: log}, slow: time.Minute}
	listener := must.Get(net.Listen("tcp", "127.0.0.1:0"))(t)
	debug := Debug{Name: "greeter", Port: listener.Addr().(*net.TCPAddr).Port}
	must.Do(t, listener.Close())
	// The debugger is that of this repository, and the function one of a repository that compiles in a second.
	must.Do(t, os.MkdirAll(b.debugPath(""), 0o755))
	must.Do(t, os.Symlink(filepath.Join(home, Delve), filepath.Join(root, Delve)))
	must.Do(t, b.goTool(t.Context(), gobuild.ForDebugger(b.debugPath(""), "./lambda/greeter")))
	p := fakeProgram("")
	p.name, p.path, p.Timeout = "greeter", b.path("greeter"), 100*time.Millisecond
	programs := []program{p}
	must.Do(t, debugged(programs, debug, b))
	set := must.Get(run(Config{Output: log, readyLimit: 100 * time.Millisecond}, b, programs))(t)
	f := set.functions[p.ARN]
	if !set.Debugged(p.ARN) {
		t.Error("its callers would hurry it")
	}
	there := filepath.Join(root, "go.mod")
	_, pid := greeting(t, f, there)
	log.Says(t, "listening at: "+debug.Address())

	client := exec.CommandContext(t.Context(), filepath.Join(home, Delve), "connect", debug.Address())
	commands := must.Get(client.StdinPipe())(t)
	seen := &await.Output{}
	client.Stdout, client.Stderr = seen, seen
	must.Do(t, client.Start())
	say := func(line string) {
		t.Helper()
		must.Get(commands.Write([]byte(line + "\n")))(t)
	}
	say("break fmt.Sprint")
	seen.Says(t, "Breakpoint 1 set")
	say("continue")
	answered := make(chan string)
	go func() {
		words, same := greeting(t, f, there)
		answered <- words + " " + same
	}()
	seen.Says(t, "> [Breakpoint 1] fmt.Sprint()")
	time.Sleep(200 * time.Millisecond)
	say("clear 1")
	say("continue")
	if got := <-answered; got != "hello "+pid {
		t.Errorf("after it was stopped for longer than it may take it answers %q, want hello from process %s", got, pid)
	}
	if _, waiting := f.counts(); waiting != 0 || f.most() != 1 {
		t.Errorf("%d calls wait, and there may be %d processes, of which a debugger sees one", waiting, f.most())
	}
	set.Close()
	_ = client.Process.Kill()
	_ = client.Wait()
	await.That(t, "the function is gone", func() bool {
		return exec.CommandContext(t.Context(), "kill", "-0", pid).Run() != nil
	})
}

func TestAFunctionThatIsNotThereCannotBeDebugged(t *testing.T) {
	programs := []program{{name: "orders"}, {name: "catalog"}}
	err := debugged(programs, Debug{Name: "ordres"}, builder{})
	const says = "lambda/ordres, so it cannot be debugged; there are catalog, orders"
	if err == nil || !strings.HasSuffix(err.Error(), says) {
		t.Errorf("got %v", err)
	}
	if err := debugged(programs, Debug{}, builder{}); err != nil || programs[0].debugger != nil {
		t.Errorf("without a name: %v, %v", err, programs)
	}
}
