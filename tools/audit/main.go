// Command audit looks up every dependency of this repository in the databases of known vulnerabilities: Go modules of
// the app and the tools with govulncheck, npm packages with npm audit. Any finding is a failure. A database that cannot
// be reached is skipped with a line that says so: an offline machine can still check everything else. In CI, where such
// lines go unread, it fails instead, unless AUDIT_OFFLINE is "allowed".
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

// patience is how long a database may take to answer at all.
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

// required reports whether a database that cannot be reached is a failure. GitHub and others set CI to "true":
// https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
func required(environment func(string) string) bool {
	ci := environment("CI")
	return ci != "" && ci != "false" && environment("AUDIT_OFFLINE") != "allowed"
}

// auditor runs the audits of a repository.
type auditor struct {
	root string
	// required makes a database that cannot be reached a failure.
	required bool
	// run runs a command in a folder and returns what it printed and with which code it ended.
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

// foundVulnerabilities is the code with which govulncheck ends if it found any:
// https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck#hdr-Exit_codes
const foundVulnerabilities = 3

// goModules are what govulncheck is run on. Of the app it asks which vulnerable functions may be called. Of the tools
// it asks only which vulnerable packages are built in: following every call inside the linters would take minutes.
var goModules = []struct {
	name, folder    string
	flags, packages []string
}{
	{"the app", ".", []string{"tool", "-modfile=tools/go.mod", "govulncheck"}, []string{"./..."}},
	{"the tools", "tools", []string{"tool", "govulncheck", "-scan", "package"}, []string{"./...", "tool"}},
}

// auditGo looks up every module that the app and its tools are built with, and the standard library.
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

// skip is an audit that could not be made.
func (a auditor) skip(name, why string) error {
	if a.required {
		return fmt.Errorf("%s was not run: %s; "+
			"make it reachable, or set AUDIT_OFFLINE=allowed where it cannot be", name, why)
	}
	fmt.Fprintf(a.out, "audit: SKIPPED %s: %s\n", name, why)
	return nil
}

// reach asks a database for the file that says when it was changed: https://go.dev/doc/security/vuln/database
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
