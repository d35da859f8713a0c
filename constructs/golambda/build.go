package golambda

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/securecart/identity/internal/gobuild"
)

// Builder compiles all Lambda functions in one run, with the Go toolchain of this machine.
type Builder struct {
	// Root is the folder of go.mod.
	Root string

	once    sync.Once
	folders map[string]string
	err     error
}

// slow is the time after which a build reports progress. Only the first build, with a cold cache, takes longer.
const slow = 2 * time.Second

// Start begins to compile and returns at once, so that the compiler works while the jsii kernel starts. Build waits for
// the result.
func (b *Builder) Start() { go b.build() }

func (b *Builder) build() { b.once.Do(func() { b.folders, b.err = compile(b.Root) }) }

// Build returns a folder with one file: the program ./lambda/<name>, compiled for Lambda's arm64 and named bootstrap,
// as the runtime provided.al2023 requires. The same source gives the same bytes on every machine with the same Go,
// whatever its environment sets (package gobuild). Errors hold the compiler's output.
func (b *Builder) Build(name string) (string, error) {
	b.build()
	if b.err != nil {
		return "", b.err
	}
	folder, ok := b.folders[name]
	if !ok {
		there := strings.Join(slices.Sorted(maps.Keys(b.folders)), ", ")
		return "", fmt.Errorf("lambda/%s, which has no main.go; there are %s", name, there)
	}
	return folder, nil
}

// compile builds every program below root/lambda in one run of the compiler, which takes a quarter of the time of
// several.
func compile(root string) (map[string]string, error) {
	// Absolute, because the compiler runs in a different folder than this program.
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("build functions: %w", err)
	}
	mains, err := filepath.Glob(filepath.Join(root, "lambda", "*", "main.go"))
	if err != nil {
		return nil, fmt.Errorf("build functions: %w", err)
	}
	// Outside cdk.out, so that the next build finds the programs and does not link them again.
	programs := filepath.Join(root, ".build", "programs")
	var packages []string
	folders := map[string]string{}
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		folders[name] = filepath.Join(root, ".build", "lambda", name)
		packages = append(packages, "./lambda/"+name)
	}
	progress := time.AfterFunc(slow, func() { fmt.Fprintln(os.Stderr, "building the functions for arm64 …") })
	defer progress.Stop()
	if err := goTool(root, gobuild.Arguments(programs, packages...)); err != nil {
		return nil, err
	}
	for name, folder := range folders {
		if err := place(filepath.Join(programs, name), folder); err != nil {
			return nil, fmt.Errorf("build lambda/%s: %w", name, err)
		}
	}
	return folders, nil
}

func goTool(root string, arguments []string) error {
	cmd := exec.Command("go", arguments...)
	cmd.Dir = root
	cmd.Env = gobuild.Environment(os.Environ(), "linux", "arm64", "GOARM64=v8.0")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return gobuild.Failed(err, output.Bytes())
	}
	return nil
}

// place puts a program into its own folder, under the name that Lambda looks for. It makes a hard link rather than a
// copy: the programs are 10 MB each.
func place(program, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	target := filepath.Join(folder, "bootstrap")
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Link(program, target)
}
