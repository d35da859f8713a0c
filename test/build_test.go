package test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/constructs/golambda"
)

const (
	honest   = "package main\n\nfunc main() { println(\"honest\") }\n"
	backdoor = "package main\n\nfunc main() { println(\"somebody else's\") }\n"
)

// greeter is a module with one function, in its own folder.
func greeter(t *testing.T) (root string) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "module")
	put(t, filepath.Join(root, "go.mod"), "module example.test/functions\n\ngo 1.26.0\n")
	put(t, filepath.Join(root, "lambda", "greeter", "main.go"), honest)
	return root
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// builtCarelessly are the bytes of a build that inherits the environment, with the flags of the real one.
func builtCarelessly(t *testing.T, root string) ([]byte, error) {
	t.Helper()
	target := filepath.Join(t.TempDir(), "program")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc",
		"-ldflags=-s -w",
		"-o", target, "./lambda/greeter")
	build.Dir = root
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if _, err := build.Output(); err != nil {
		return nil, err
	}
	return os.ReadFile(target)
}

// intrusions bring foreign code into a build through its environment. Each returns such an environment, with files
// below folder, which is outside the module.
var intrusions = map[string]func(t *testing.T, root, folder string) map[string]string{
	"an overlay in GOFLAGS": func(t *testing.T, root, folder string) map[string]string {
		return map[string]string{"GOFLAGS": "-overlay=" + overlay(t, root, folder)}
	},
	"an overlay in GOENV's file, under an empty GOFLAGS": func(t *testing.T, root, folder string) map[string]string {
		put(t, filepath.Join(folder, "env"), "GOFLAGS=-overlay="+overlay(t, root, folder)+"\n")
		return map[string]string{"GOENV": filepath.Join(folder, "env"), "GOFLAGS": ""}
	},
	"an overlay in the user's own file": func(t *testing.T, root, folder string) map[string]string {
		// The paths of Linux and macOS. The caches stay, or everything would be compiled again.
		text := "GOFLAGS=-overlay=" + overlay(t, root, folder) + "\n"
		put(t, filepath.Join(folder, ".config", "go", "env"), text)
		put(t, filepath.Join(folder, "Library", "Application Support", "go", "env"), text)
		return map[string]string{
			"GOENV": "", "GOFLAGS": "", "XDG_CONFIG_HOME": "", "HOME": folder, "GOCACHE": goEnv(t, "GOCACHE"),
		}
	},
	"a program in place of the compiler": func(t *testing.T, _, folder string) map[string]string {
		tool := filepath.Join(folder, "tool")
		put(t, tool, "#!/bin/sh\nexit 1\n")
		if err := os.Chmod(tool, 0o700); err != nil {
			t.Fatal(err)
		}
		return map[string]string{"GOFLAGS": "-toolexec=" + tool}
	},
	"a compiler's flag": func(*testing.T, string, string) map[string]string {
		return map[string]string{"GOFLAGS": "-gcflags=-N"}
	},
	"another standard library": func(_ *testing.T, _, folder string) map[string]string {
		return map[string]string{"GOROOT": folder}
	},
	"a workspace": func(t *testing.T, _, folder string) map[string]string {
		put(t, filepath.Join(folder, "go.work"), "go 1.26.0\n")
		return map[string]string{"GOWORK": filepath.Join(folder, "go.work")}
	},
	"another toolchain": func(*testing.T, string, string) map[string]string {
		return map[string]string{"GOTOOLCHAIN": "go1.99.9", "GOPROXY": "off"}
	},
	"no modules": func(*testing.T, string, string) map[string]string {
		return map[string]string{"GO111MODULE": "off", "GOFLAGS": "-overlay=/nowhere"}
	},
}

// goEnv is the go command's value of a variable.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(value))
}

func overlay(t *testing.T, root, folder string) string {
	t.Helper()
	put(t, filepath.Join(folder, "other.go"), backdoor)
	file := filepath.Join(folder, "overlay.json")
	source := filepath.Join(root, "lambda", "greeter", "main.go")
	put(t, file, `{"Replace": {"`+source+`": "`+filepath.Join(folder, "other.go")+`"}}`)
	return file
}

// TestAFunctionIsItsSource is threat S1. A careless build shows that each intrusion works: it changes the program, or
// makes the build fail.
func TestAFunctionIsItsSource(t *testing.T) {
	root := greeter(t) // the same for all, which change only the environment
	t.Setenv("GOENV", "off")
	t.Setenv("GOFLAGS", "")
	want, err := builtCarelessly(t, root)
	if err != nil {
		t.Fatal(err)
	}
	if got := bootstrap(t, root); !bytes.Equal(want, got) {
		t.Fatal("the program is another without any intrusion: the comparison below would say nothing")
	}
	for _, name := range slices.Sorted(maps.Keys(intrusions)) {
		t.Run(name, func(t *testing.T) {
			for variable, value := range intrusions[name](t, root, t.TempDir()) {
				t.Setenv(variable, value)
			}
			if careless, err := builtCarelessly(t, root); err == nil && bytes.Equal(want, careless) {
				t.Fatal("a careless build is not changed: this is no intrusion")
			}
			if got := bootstrap(t, root); !bytes.Equal(want, got) {
				t.Error("the program that would be deployed is not that of the source")
			}
		})
	}
}

// TestAVendorFolderIsNotDeployed: the go command prefers a folder named vendor, whose files, unlike modules, go.sum
// does not pin.
func TestAVendorFolderIsNotDeployed(t *testing.T) {
	root := greeter(t)
	put(t, filepath.Join(root, "go.mod"), "module example.test/functions\n\ngo 1.26.0\n\nrequire "+
		"example.test/greeting v1.0.0\n\n"+
		"replace example.test/greeting v1.0.0 => ./greeting\n")
	put(t, filepath.Join(root, "greeting", "go.mod"), "module example.test/greeting\n\ngo 1.26.0\n")
	put(t, filepath.Join(root, "greeting", "greeting.go"), "package greeting\n\nconst Text = \"honest\"\n")
	put(t, filepath.Join(root, "lambda", "greeter", "main.go"),
		"package main\n\nimport \"example.test/greeting\"\n\nfunc main() { println(greeting.Text) }\n")
	want := bootstrap(t, root)
	put(t, filepath.Join(root, "vendor", "modules.txt"),
		"# example.test/greeting v1.0.0 => ./greeting\n## explicit; go 1.26.0\nexample.test/greeting\n# "+
			"example.test/greeting => ./greeting\n")
	put(t, filepath.Join(root, "vendor", "example.test", "greeting", "greeting.go"),
		"package greeting\n\nconst Text = \"somebody else's\"\n")
	if careless, err := builtCarelessly(t, root); err == nil && bytes.Equal(want, careless) {
		t.Fatal("a careless build does not look at the folder: this is no intrusion")
	}
	if !bytes.Equal(want, bootstrap(t, root)) {
		t.Error("the program that would be deployed is not that of go.sum's modules")
	}
}

// TestAModuleThatNobodyRequiredIsNotDeployed: the go command may require what is imported by itself, and note the sums
// of what it finds.
func TestAModuleThatNobodyRequiredIsNotDeployed(t *testing.T) {
	root := greeter(t)
	put(t, filepath.Join(root, "go.mod"),
		"module example.test/functions\n\ngo 1.26.0\n\nreplace example.test/greeting => ./greeting\n")
	put(t, filepath.Join(root, "greeting", "go.mod"), "module example.test/greeting\n\ngo 1.26.0\n")
	put(t, filepath.Join(root, "greeting", "greeting.go"), "package greeting\n\nconst Text = \"somebody else's\"\n")
	put(t, filepath.Join(root, "lambda", "greeter", "main.go"),
		"package main\n\nimport \"example.test/greeting\"\n\nfunc main() { println(greeting.Text) }\n")
	if _, err := (&golambda.Builder{Root: root}).Build("greeter"); err == nil {
		t.Error("it was required by itself")
	}
}
