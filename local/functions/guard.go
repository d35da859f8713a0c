package functions

import (
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
)

// guard ends the functions' processes with this program, even if this program is killed and cannot clean up. A function
// that waits for an event would end by itself, since aws-lambda-go exits when the Runtime API is gone; one that hangs
// in its handler would run for ever. Linux could kill it by a parent-death signal, but macOS has none.
//
// The guard is a shell that reads a pipe whose other end only this program holds. The kernel closes it when this
// program ends, and the shell then kills its process group: itself and all functions, which are started in that group.
// The separate group also protects the functions from Ctrl-C: they end when this program closes them.
type guard struct {
	command  *exec.Cmd
	lifeline io.Closer
	closed   sync.Once
}

func newGuard() (*guard, error) {
	command := exec.Command("/bin/sh", "-c", "read -r line; kill -KILL 0")
	command.Env = []string{}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	lifeline, err := command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard functions: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("guard functions: %w", err)
	}
	return &guard{command: command, lifeline: lifeline}, nil
}

// adopt makes command start inside the guarded group.
func (g *guard) adopt(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: g.command.Process.Pid}
}

// close ends the guard, and with it every process of the group.
func (g *guard) close() {
	g.closed.Do(func() {
		_ = g.lifeline.Close()
		_ = g.command.Wait() // it has killed itself, which is an error to Wait
	})
}
