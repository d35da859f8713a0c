package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gate is a package in which passes executes every statement.
const gate = `package gate

// A Gate lets numbers through.
type Gate struct{}

// Open has a statement of every kind that is counted in its own way.
func (g *Gate) Open(n int) (through bool) {
	if n < 0 {
		return false
	} else if n == 7 {
		through = true
	}
	switch {
	case n > 100:
		return false
	default:
	}
	select {
	default:
		through = !through
	}
	for range n {
		func() { through = !through }()
	}
	goto end
end:
	return through && only(n)
}

var only = func(n int) bool { return n%2 == 1 }
`

const passes = `package gate

import "testing"

func TestGateOpensForSeven(t *testing.T) {
	for _, n := range []int{-1, 7, 8, 101} {
		if got := (&Gate{}).Open(n); got != (n == 7) {
			t.Errorf("Open(%d) = %t", n, got)
		}
	}
}
`

// module writes a module whose folder gate holds these files and returns its folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module shop.example/identity\n\ngo 1.26\n")
	for name, text := range files {
		write(t, filepath.Join(root, "gate", name), text)
	}
	return root
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// verdict measures the folder gate of a module, and returns the output, or a line for each problem.
func verdict(t *testing.T, root, exceptions string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "exceptions.txt")
	write(t, file, exceptions)
	var printed strings.Builder
	if err := run(&printed, root, file, []string{"gate"}); err != nil {
		return printed.String() + err.Error()
	}
	return printed.String()
}

// all is printed if every statement is executed.
const all = "coverage: tests execute every statement of 1 packages; 0 are excepted\n"

func TestEveryStatementMustBeExecutedOrExcepted(t *testing.T) {
	const branch = "\tif n == 4711 {\n\t\tg.unseen()\n\t\treturn true\n\t}\n"
	backdoor := strings.Replace(gate, "\tgoto end\n", branch+"\tgoto end\n", 1) +
		"\nfunc (g *Gate) unseen() {\n\tprintln()\n}\n"
	const reason = " 1 the number is out of reach\n"
	for name, test := range map[string]struct {
		files      map[string]string
		exceptions string
		want       []string
	}{
		"all are executed": {map[string]string{"gate.go": gate}, "# nothing\n\n", []string{all}},
		"a branch is not": {map[string]string{"gate.go": backdoor}, "", []string{
			"gate/gate.go:25: no test executes this block of Gate.Open, statements: 2",
			"gate/gate.go:36: no test executes this block of Gate.unseen, statements: 1",
		}},
		"a branch is not, and is excepted": {map[string]string{"gate.go": backdoor},
			"gate/gate.go Gate.Open 2 the number is out of reach\ngate/gate.go Gate.unseen" + reason,
			[]string{"coverage: tests execute every statement of 1 packages; 3 are excepted\n"}},
		"more is not than is excepted": {map[string]string{"gate.go": backdoor},
			"gate/gate.go Gate.Open" + reason + "gate/gate.go Gate.unseen" + reason, []string{
				`the exception "gate/gate.go Gate.Open 1" does not hold: tests miss 2 statements there`,
				"gate/gate.go:25: no test executes this block of Gate.Open, statements: 2",
			}},
		"less is not than is excepted": {map[string]string{"gate.go": gate}, "gate/gate.go Gate.Open" + reason, []string{
			`the exception "gate/gate.go Gate.Open 1" does not hold: tests miss 0 statements there`,
		}},
		"another function is excepted": {map[string]string{"gate.go": gate + "\nfunc unseen() { println() }\n"},
			"gate/gate.go seen" + reason, []string{
				`the exception "gate/gate.go seen 1" does not hold: tests miss 0 statements there`,
				"gate/gate.go:32: no test executes this block of unseen, statements: 1",
			}},
		"a function in a variable is not": {map[string]string{"gate.go": gate + "\nvar unseen = func() { println() }\n"}, "",
			[]string{"gate/gate.go:32: no test executes this block of var, statements: 1"}},
		"a file is for another processor": {map[string]string{
			"gate.go": gate, "gate_other.go": "//go:build plan9\n\npackage gate\n\nfunc init() { println() }\n",
		}, "", []string{"gate/gate_other.go is not measured: only Go files that every machine compiles are"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is compiling
			test.files["gate_test.go"] = passes
			got := verdict(t, module(t, test.files), test.exceptions)
			if want := strings.Join(test.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestWhatCannotBeMeasuredIsAFailure(t *testing.T) {
	fails := strings.Replace(passes, "n == 7", "n == 8", 1)
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no such folder":    {nil, "gate: directory not found"},
		"no tests":          {map[string]string{"gate.go": gate}, "gate/gate.go:8: no test executes"},
		"a test fails":      {map[string]string{"gate.go": gate, "gate_test.go": fails}, "Open(7) = true"},
		"it does not build": {map[string]string{"gate.go": "package gate\n\nvar x int = \"\"\n"}, "cannot use"},
		"no statements":     {map[string]string{"gate.go": "package gate\n\ntype Gate struct{}\n"}, "gate has no statement"},
		"no Go":             {map[string]string{"gate.go": "package gate\n\nfunc (\n"}, "gate.go:3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is compiling
			if got := verdict(t, module(t, test.files), ""); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q in it", got, test.want)
			}
		})
	}
}

func TestEachPackageIsJudgedByItsOwnTests(t *testing.T) {
	const both = "import (\n\t\"testing\"\n\n\t\"shop.example/identity/gate/inner\"\n)\n\n" +
		"func TestInner(*testing.T) { inner.Hidden() }"
	root := module(t, map[string]string{
		"gate.go":        gate,
		"gate_test.go":   strings.Replace(passes, `import "testing"`, both, 1),
		"inner/inner.go": "package inner\n\n// Hidden is for gate.\nfunc Hidden() {\n\tprintln()\n}\n",
	})
	file := filepath.Join(root, "exceptions.txt")
	write(t, file, "")
	err := run(io.Discard, root, file, []string{"gate", "gate/inner"})
	const want = "gate/inner/inner.go:4: no test executes this block of Hidden, statements: 1"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFlagsOfTheEnvironmentLeaveNoTestOut(t *testing.T) {
	t.Setenv("GOFLAGS", "-run=TestNothing")
	if got := verdict(t, module(t, map[string]string{"gate.go": gate, "gate_test.go": passes}), ""); got != all {
		t.Errorf("got %q, want every statement executed", got)
	}
}
