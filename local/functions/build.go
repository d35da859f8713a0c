package functions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/securecart/identity/internal/gobuild"
)

// slow is longer than all builds except the first one, with a cold cache.
const slow = 2 * time.Second

// builder compiles handlers for this machine.
type builder struct {
	root   string
	output *output
	// slow is the time after which a build reports progress.
	slow time.Duration
}

// Build compiles lambda/<name> of all names for this machine, as [Start] does, and returns the programs in the order of
// the names. A rebuild, by this process or another, does not modify a program in use. root is the folder of go.mod.
// Errors hold the compiler's output.
func Build(ctx context.Context, root string, names ...string) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("build functions: %w", err)
	}
	b := builder{root: root, output: &output{to: io.Discard}, slow: slow}
	if err := b.build(ctx, names); err != nil {
		return nil, err
	}
	programs := make([]string, len(names))
	for i, name := range names {
		programs[i] = b.path(name)
	}
	return programs, nil
}

func (b builder) folder() string { return filepath.Join(b.root, ".build", "local") }

// path is the file of the program of lambda/<name>.
func (b builder) path(name string) string { return filepath.Join(b.folder(), "run", name) }

// build compiles lambda/<name> of all names in one run of the compiler, with the flags that constructs/golambda deploys
// them with. If one does not compile, none changes. Errors hold the compiler's output.
func (b builder) build(ctx context.Context, names []string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("build functions: %w", err)
		}
	}()
	// The compiler writes to a separate folder and skips programs that are up to date. So a build without a change takes
	// 0.1 s, and a changed program is a new file.
	compiled := filepath.Join(b.folder(), "compiled")
	for _, folder := range []string{compiled, b.path("")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	unlock, err := lock(filepath.Join(b.folder(), "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	progress := time.AfterFunc(b.slow, func() {
		b.output.line("build", []byte("building the functions for this machine …"))
	})
	defer progress.Stop()
	packages := make([]string, len(names))
	for i, name := range names {
		packages[i] = "./lambda/" + name
	}
	if err := b.goTool(ctx, gobuild.Arguments(compiled, packages...)); err != nil {
		return err
	}
	for _, name := range names {
		if err := replace(b.path(name), filepath.Join(compiled, name)); err != nil {
			return err
		}
	}
	return nil
}

func (b builder) goTool(ctx context.Context, arguments []string) error {
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Dir = b.root
	command.Env = gobuild.Environment(os.Environ(), runtime.GOOS, runtime.GOARCH)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	// When ctx ends, do not wait for the compilers that the tool has started.
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return gobuild.Failed(err, output.Bytes())
	}
	return nil
}

// replace links target to compiled. A process may run the old file, and one
// may start at any time, so the old file is not modified and target always exists.
func replace(target, compiled string) error {
	now, err := os.Stat(compiled)
	if err != nil {
		return err
	}
	before, err := os.Stat(target)
	if err == nil && os.SameFile(now, before) {
		return nil
	}
	fresh := target + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(compiled, fresh); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}

// lock blocks other programs that build here, such as parallel tests of several packages, until unlock is called or
// this program ends.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = file.Close() }
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		unlock()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return unlock, nil
}
