package functions

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/securecart/identity/internal/gobuild"
)

// Debug says which function runs under Delve, and where debuggers attach to it.
type Debug struct {
	// Name is its folder below lambda/. No function does if it is empty.
	Name string
	// Port is that of Delve, on 127.0.0.1.
	Port int
}

// Address is where debuggers attach.
func (d Debug) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(d.Port)) }

// unhurried takes the place of every time-out of a function that is debugged: somebody looks at it.
const unhurried = 24 * time.Hour

// delveWithin is how long Delve may take to end its process.
const delveWithin = 3 * time.Second

// Delve is the path of the debugger, below the folder of go.mod.
var Delve = filepath.Join(".build", "local", "debug", "dlv")

// debugPath is where the program of lambda/<name> for the debugger is.
func (b builder) debugPath(name string) string { return filepath.Join(b.folder(), "debug", name) }

// buildDebug compiles a function for the debugger, and the debugger, whose version tools/go.mod pins.
func (b builder) buildDebug(ctx context.Context, name string) error {
	if err := os.MkdirAll(b.debugPath(""), 0o755); err != nil {
		return err
	}
	if err := b.goTool(ctx, gobuild.ForDebugger(b.debugPath(""), "./lambda/"+name)); err != nil {
		return err
	}
	return b.buildDelve(ctx)
}

func (b builder) buildDelve(ctx context.Context) error {
	return b.goTool(ctx, []string{
		"build", "-modfile=" + filepath.Join("tools", "go.mod"), "-o", Delve, "github.com/go-delve/delve/cmd/dlv",
	})
}

// debugged makes the program that is to be debugged run under Delve, without time-outs. The error lists those that
// there are.
func debugged(programs []program, d Debug, b builder) error {
	if d.Name == "" {
		return nil
	}
	for i, p := range programs {
		if p.name == d.Name {
			programs[i].debugger = []string{
				filepath.Join(b.root, Delve), "exec", b.debugPath(p.name), "--headless", "--listen=" + d.Address(),
				"--api-version=2", "--accept-multiclient", "--continue",
			}
			programs[i].Timeout = unhurried
			return nil
		}
	}
	return fmt.Errorf("no function of the stage is built from lambda/%s, so it cannot be debugged; there are %s",
		d.Name, strings.Join(names(programs), ", "))
}

// command starts the program, under the debugger if it is debugged.
func (p program) command() *exec.Cmd {
	if p.debugger != nil {
		return exec.Command(p.debugger[0], p.debugger[1:]...)
	}
	return exec.Command(p.path)
}

// Debugged says whether a function runs under the debugger: its callers must not hurry it.
func (s *Set) Debugged(arn string) bool {
	f, is := s.functions[arn]
	return is && f.program.debugger != nil
}

// endDebuggers lets Delve end what it has started, which is no part of the guarded group.
func (s *Set) endDebuggers() {
	for _, f := range s.functions {
		if f.program.debugger == nil {
			continue
		}
		f.mu.Lock()
		processes := slices.Clone(f.processes)
		f.mu.Unlock()
		for _, p := range processes {
			_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended
			select {
			case <-p.ended:
			case <-time.After(delveWithin):
			}
		}
	}
}
