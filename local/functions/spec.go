package functions

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Spec is one AWS::Lambda::Function of a template.
type Spec struct {
	// LogicalID is its name in the template, and in errors.
	LogicalID string
	// ARN is arn:aws:lambda:<region>:<account>:function:<name>, which no other has. The function learns its Region and
	// name from it.
	ARN string
	// Asset is the folder with the program, bootstrap, that the template deploys. What runs is built from the same
	// package.
	Asset string
	// Timeout is how long the function may work on one event. The template gives it in seconds.
	Timeout time.Duration
	// MemoryMiB is the memory that the function's environment names. It is not enforced.
	MemoryMiB int
	// LogGroup is the name of its log group in the function's environment: /aws/lambda/<name> if empty.
	LogGroup string
	// Environment holds the template's variables, AWS credentials, and endpoints such as AWS_ENDPOINT_URL_DYNAMODB. The
	// process gets only these and the variables that Lambda sets, none of the shell's. Variables that Lambda sets are
	// refused here.
	Environment map[string]string
}

// handlers is the only folder from which functions are built. A foreign program would run with the credentials of a
// role, and could not be rebuilt from this repository.
const handlers = "github.com/securecart/identity/lambda/"

var folderName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// program is a Spec with its program.
type program struct {
	Spec
	// name is the folder below lambda/.
	name string
	// path is the program built for this machine.
	path string
	// debugger is the command line that runs it under Delve, nil if nobody debugs it.
	debugger []string
	// region and function are parts of the ARN.
	region, function string
}

// file is what stands at the program's path now, nil if nothing does.
func (p program) file() os.FileInfo {
	info, err := os.Stat(p.path)
	if err != nil {
		return nil
	}
	return info
}

// inspect finds the source of each function, and returns all mistakes in the specs.
func inspect(specs []Spec, b builder) ([]program, error) {
	var problems []error
	programs := make([]program, 0, len(specs))
	seen := make(map[string]bool, len(specs))
	for _, spec := range specs {
		p, wrong := inspectOne(spec)
		if seen[spec.ARN] {
			wrong = append(wrong, fmt.Errorf("there is another one with the ARN %s", spec.ARN))
		}
		seen[spec.ARN] = true
		for _, problem := range wrong {
			problems = append(problems, fmt.Errorf("function %s: %w", spec.LogicalID, problem))
		}
		p.path = b.path(p.name)
		programs = append(programs, p)
	}
	return programs, errors.Join(problems...)
}

func inspectOne(spec Spec) (p program, problems []error) {
	p.Spec = spec
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	parsed, err := arn.Parse(spec.ARN)
	function, ok := strings.CutPrefix(parsed.Resource, "function:")
	if err != nil || !ok || function == "" || parsed.Region == "" {
		refuse("ARN must be arn:aws:lambda:<region>:<account>:function:<name>, got %q", spec.ARN)
	} else {
		p.region, p.function = parsed.Region, function
	}
	if spec.Timeout <= 0 {
		refuse("Timeout must be more than 0, got %s", spec.Timeout)
	}
	if spec.MemoryMiB <= 0 {
		refuse("MemoryMiB must be more than 0, got %d", spec.MemoryMiB)
	}
	for _, name := range reserved(spec.Environment) {
		refuse("environment variable %s is set by Lambda itself, take it out", name)
	}
	if p.Asset, err = filepath.Abs(spec.Asset); err != nil {
		refuse("Asset: %w", err)
	} else if p.name, err = packageOf(filepath.Join(p.Asset, "bootstrap")); err != nil {
		refuse("%w", err)
	}
	return p, problems
}

// packageOf returns the folder below lambda/ from which a program was built. The program's build information names it,
// for any platform.
func packageOf(file string) (string, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("its asset must hold a Go program named bootstrap: %w", err)
	}
	name, ok := strings.CutPrefix(info.Path, handlers)
	if !ok || !folderName.MatchString(name) {
		return "", fmt.Errorf("%s is built from %q, not from a folder of %s: "+
			"only handlers of this repository are run", file, info.Path, handlers)
	}
	return name, nil
}

// names returns the folders below lambda/, each once.
func names(programs []program) []string {
	var all []string
	for _, p := range programs {
		all = append(all, p.name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
