// Command coverage fails if no test executes a statement of the functions that decide who may do what, and names its
// block. So nobody can add an untested branch to them unnoticed. A list of exceptions names the statements that
// tests cannot execute, each with a reason. An unneeded exception is a failure too.
//
// The command counts the statements that a package's tests execute in this package, in the process of the test. It
// notices a statement that is never executed, but no operand: of `a || b` it cannot tell whether b was ever decisive.
// It does not notice whether a test checks the statement's effect.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/cover"
)

// gated lists the folders whose statements must all be executed.
var gated = []string{
	"lambda/tokens", "lambda/registration", "lambda/unconfirmed", "lambda/links",
	"lambda/internal/appclient", "lambda/internal/customer", "lambda/internal/proof", "lambda/internal/table",
	"lambda/mfa",
}

func main() {
	root := flag.String("root", "..", "folder of the repository")
	flag.Parse()
	if err := run(os.Stdout, *root, "coverage/exceptions.txt", gated); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run measures the packages in folders of a repository and judges them by the exceptions in a file. If nothing is
// wrong, it prints a summary to out.
func run(out io.Writer, root, exceptionsFile string, folders []string) error {
	text, err := os.ReadFile(exceptionsFile)
	if err != nil {
		return err
	}
	allowed, err := readExceptions(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", exceptionsFile, err)
	}
	packages, err := list(root, folders)
	if err != nil {
		return err
	}
	profiles, err := measure(root, folders)
	if err != nil {
		return err
	}
	var missed []gap
	var errs []error
	for _, p := range packages {
		found, err := p.missed(root, profiles)
		errs = append(errs, p.unmeasurable(), err)
		missed = append(missed, found...)
	}
	if err := errors.Join(append(errs, judge(missed, allowed))...); err != nil {
		return err
	}
	excepted := 0
	for _, one := range allowed {
		excepted += one.statements
	}
	const done = "coverage: tests execute every statement of %d packages; %d are excepted\n"
	fmt.Fprintf(out, done, len(packages), excepted)
	return nil
}

// measure runs the tests of the packages and returns a profile for each file that has statements.
func measure(root string, folders []string) ([]*cover.Profile, error) {
	folder, err := os.MkdirTemp("", "coverage")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder that stays is no failure of the measurement
	file := filepath.Join(folder, "profile")
	test := append([]string{"test", "-coverprofile=" + file}, patterns(folders)...)
	if output, err := goCommand(root, test); err != nil {
		return nil, fmt.Errorf("a package cannot be measured while its tests fail: %w\n%s", err, output)
	}
	return cover.ParseProfiles(file)
}

// list returns the packages in folders.
func list(root string, folders []string) ([]goPackage, error) {
	output, err := goCommand(root, append([]string{"list", "-json"}, patterns(folders)...))
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, output)
	}
	packages := make([]goPackage, len(folders))
	decoder := json.NewDecoder(bytes.NewReader(output))
	for i := range packages {
		if err := decoder.Decode(&packages[i]); err != nil {
			return nil, fmt.Errorf("go list of %s: %w", strings.Join(folders, ", "), err)
		}
	}
	return packages, nil
}

func patterns(folders []string) []string {
	all := make([]string, len(folders))
	for i, folder := range folders {
		all[i] = "./" + folder
	}
	return all
}

// goCommand runs the Go command in a folder. It ignores the environment's flags, which could leave tests out or replace
// files. It returns the command's output, with its error output if it failed.
func goCommand(root string, arguments []string) ([]byte, error) {
	command := exec.Command("go", arguments...)
	command.Dir = root
	command.Env = append(os.Environ(), "GOFLAGS=", "GOENV=off", "GOWORK=off")
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return append(output, complaints.Bytes()...), fmt.Errorf("go %s: %w", strings.Join(arguments, " "), err)
	}
	return output, nil
}
