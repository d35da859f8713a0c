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

	mu    sync.Mutex
	built map[string]result
}

type result struct {
	folder string
	err    error
}

// slow is how long a build may be silent. Only the first one, with a cold cache, takes longer.
const slow = 2 * time.Second

// Build compiles ./lambda/<name> for Lambda's arm64 and returns the folder that holds nothing but the program, named
// bootstrap as the runtime provided.al2023 wants it. The same source gives the same bytes on every machine with the same
// Go: no path, no version-control state, no cgo. Errors hold the compiler's output.
func (b *Builder) Build(name string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if done, ok := b.built[name]; ok {
		return done.folder, done.err
	}
	folder, err := b.compile(name)
	if b.built == nil {
		b.built = map[string]result{}
	}
	b.built[name] = result{folder, err}
	return folder, err
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
