// Command audit looks up every dependency of this repository in the databases of known vulnerabilities: Go modules of
// the app and the tools with govulncheck, npm packages with npm audit. Every finding is a failure. The command skips an
// unreachable database and prints a line that says so, because an offline machine can still check everything else. In
// CI nobody reads such lines, so the command fails instead, unless AUDIT_OFFLINE is "allowed".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// patience is the time limit for a database's first answer.
const patience = 5 * time.Second

func main() {
	root := flag.String("root", "..", "folder of the repository")
	database := flag.String("db", "https://vuln.go.dev", "Go vulnerability database, https:// or file://")
	flag.Parse()
	a := auditor{root: *root, run: execute, out: os.Stdout, required: required(os.Getenv)}
	if err := errors.Join(a.auditGo(*database), a.auditNPM()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// required reports whether an unreachable database is a failure. GitHub and others set CI to "true":
// https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
func required(environment func(string) string) bool {
	ci := environment("CI")
	return ci != "" && ci != "false" && environment("AUDIT_OFFLINE") != "allowed"
}

// auditor runs the audits of a repository.
type auditor struct {
	root string
	// required makes an unreachable database a failure.
	required bool
	// run runs a command in a folder, and returns its output and exit code.
	run func(folder, name string, arguments ...string) (output []byte, code int, err error)
	out io.Writer
}

func execute(folder, name string, arguments ...string) ([]byte, int, error) {
	command := exec.Command(name, arguments...)
	command.Dir = folder
	output, err := command.Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return append(output, ended.Stderr...), ended.ExitCode(), nil
	}
	return output, 0, err
}

// foundVulnerabilities is govulncheck's exit code if it found any:
// https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck#hdr-Exit_codes
const foundVulnerabilities = 3

// goModules lists the modules on which govulncheck runs. For the app, it looks for vulnerable functions that may be
// called. For the tools, it looks only for vulnerable packages that are built in: following every call inside the
// linters would take minutes.
var goModules = []struct {
	name, folder    string
	flags, packages []string
}{
	{"the app", ".", []string{"tool", "-modfile=tools/go.mod", "govulncheck"}, []string{"./..."}},
	{"the tools", "tools", []string{"tool", "govulncheck", "-scan", "package"}, []string{"./...", "tool"}},
}

// auditGo looks up every module of the app and its tools, and the standard library.
func (a auditor) auditGo(database string) error {
	if err := reach(database); err != nil {
		return a.skip("govulncheck", err.Error())
	}
	var errs []error
	for _, module := range goModules {
		arguments := append(slices.Clone(module.flags), "-db", database)
		output, code, err := a.run(filepath.Join(a.root, module.folder), "go", append(arguments, module.packages...)...)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("govulncheck of %s: %w", module.name, err))
		case code == foundVulnerabilities:
			const found = "govulncheck found vulnerabilities in %s: update what it names\n%s"
			errs = append(errs, fmt.Errorf(found, module.name, output))
		case code != 0:
			errs = append(errs, fmt.Errorf("govulncheck of %s failed\n%s", module.name, output))
		default:
			fmt.Fprintf(a.out, "audit: govulncheck found nothing in %s\n", module.name)
		}
	}
	return errors.Join(errs...)
}

// skip reports an audit that could not run: as an error if databases are required, as a printed line otherwise.
func (a auditor) skip(name, why string) error {
	if a.required {
		return fmt.Errorf("%s was not run: %s; "+
			"make it reachable, or set AUDIT_OFFLINE=allowed where it cannot be", name, why)
	}
	fmt.Fprintf(a.out, "audit: SKIPPED %s: %s\n", name, why)
	return nil
}

// reach asks a database for the file with the time of its last change: https://go.dev/doc/security/vuln/database
func reach(database string) error {
	if strings.HasPrefix(database, "file://") {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, database+"/index/db.json", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("its database cannot be reached: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // nothing was written
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("its database answers %s", response.Status)
	}
	return nil
}
