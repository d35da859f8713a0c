package golambda

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// Builder compiles Lambda functions with the Go toolchain of this machine, each at most once.
type Builder struct {
	// Root is the folder of go.mod.
	Root string

	mu     sync.Mutex
	builds map[string]func() (string, error)
}

// slow is how long a build may be silent. Only the first one, with a cold cache, takes longer.
const slow = 2 * time.Second

// Start begins to compile every program below ./lambda and returns at once: the compiler works while the jsii kernel
// starts. Build waits for the results, and reports what went wrong.
func (b *Builder) Start() {
	programs, err := filepath.Glob(filepath.Join(b.Root, "lambda", "*", "main.go"))
	if err != nil {
		return // the pattern is a constant and is well-formed
	}
	for _, program := range programs {
		go b.once(filepath.Base(filepath.Dir(program)))() //nolint:errcheck // Build returns it
	}
}

// Build compiles ./lambda/<name> for Lambda's arm64 and returns the folder that holds nothing but the program, named
// bootstrap as the runtime provided.al2023 wants it. The same source gives the same bytes on every machine with the same
// Go: no path, no version-control state, no cgo. Errors hold the compiler's output.
func (b *Builder) Build(name string) (string, error) { return b.once(name)() }

// once returns the one build of a program, which runs when it is called first.
func (b *Builder) once(name string) func() (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.builds == nil {
		b.builds = map[string]func() (string, error){}
	}
	if b.builds[name] == nil {
		b.builds[name] = sync.OnceValues(func() (string, error) { return b.compile(name) })
	}
	return b.builds[name]
}

func (b *Builder) compile(name string) (string, error) {
	// Absolute, because the compiler runs in another folder than this program.
	root, err := filepath.Abs(b.Root)
	if err != nil {
		return "", fmt.Errorf("build lambda/%s: %w", name, err)
	}
	// Outside cdk.out, so that the next build finds the program there and need not link it again.
	folder := filepath.Join(root, ".build", "lambda", name)
	progress := time.AfterFunc(slow, func() { fmt.Fprintf(os.Stderr, "building lambda/%s for arm64 …\n", name) })
	defer progress.Stop()

	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w",
		"-o", filepath.Join(folder, "bootstrap"), "./lambda/"+name)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOARM64=v8.0")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build lambda/%s: %w\n%s", name, err, output.Bytes())
	}
	return folder, nil
}
