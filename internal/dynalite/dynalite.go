// Package dynalite runs dynalite, a DynamoDB engine for tests and for the local stage, as a child process. It checks no
// credentials and stores nothing on disk.
package dynalite

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// startWithin is how long the engine may take to start, normally 0.3 s.
const startWithin = 30 * time.Second

//go:embed serve.js
var serveScript string

// Engine is a running engine.
type Engine struct {
	url string
	// input is never written to. The reference keeps it open: if it were closed by garbage collection, the engine would
	// end.
	input io.Closer
	ended chan struct{}
}

// Start starts an engine from root's node_modules, which ends with this process. Its standard error goes to log.
func Start(root string, log io.Writer) (engine *Engine, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("start dynalite, the engine of the tables: %w", err)
		}
	}()
	root, err = filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "dynalite")); err != nil {
		return nil, fmt.Errorf("%w: run make tools", err)
	}
	command := exec.Command("node", "-e", serveScript)
	// A script without a file looks for modules from here.
	command.Dir, command.Stderr = root, log
	// Ctrl-C on a terminal reaches every process of its group. In its own group the engine survives, because pending work
	// may still need it.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	// Kill makes the read below end, whose error is the one to report.
	tooLate := time.AfterFunc(startWithin, func() { _ = command.Process.Kill() })
	defer tooLate.Stop()
	port, err := bufio.NewReader(output).ReadString('\n')
	e := &Engine{url: "http://127.0.0.1:" + strings.TrimSpace(port), input: input, ended: make(chan struct{})}
	go func() {
		// Its standard error has already said why it ended.
		_ = command.Wait()
		close(e.ended)
	}()
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("it ended, or took longer than %s, without naming its port: %w", startWithin, err)
	}
	return e, nil
}

// URL is where the engine listens, on loopback.
func (e *Engine) URL() string { return e.url }

// Ended is closed when the engine has ended. All its tables are gone then.
func (e *Engine) Ended() <-chan struct{} { return e.ended }

// Close ends the engine and waits for it.
func (e *Engine) Close() {
	// It fails only if the engine has already ended.
	_ = e.input.Close()
	<-e.ended
}
