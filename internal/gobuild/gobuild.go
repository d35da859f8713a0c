// Package gobuild says how functions are compiled: with flags and an environment that are fixed here, so that what is
// deployed is the source that was reviewed, and the local stage runs the same.
//
// Go reads flags from GOFLAGS, from the file that GOENV names, and modules from the file that GOWORK names; any of
// them can bring in other source (`-overlay`, `-modfile`, `use`) or another compiler (`-toolexec`, GOTOOLCHAIN,
// GOROOT), and no test of the source would see it. So nothing of the environment reaches the compiler but what finds
// modules, whose contents go.sum pins, and folders to work in.
// https://pkg.go.dev/cmd/go#hdr-Environment_variables
package gobuild

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// allowed are the variables that the compiler may inherit. They say where it finds itself, its caches and the modules,
// and not what it does. GOCACHEPROG and GOAUTH are missing because they name programs that would be run.
var allowed = []string{
	"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME",
	"GOPATH", "GOMODCACHE", "GOCACHE",
	"GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

// fixed switches off everything that is read from elsewhere. Empty ones are their defaults.
var fixed = []string{
	"GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off", "GO111MODULE=on",
	"CGO_ENABLED=0",
}

// Environment is what the compiler gets of environ, os.Environ(), to build for a system, a processor and, where that
// has any, its version, such as GOARM64=v8.0.
func Environment(environ []string, system, processor string, version ...string) []string {
	var environment []string
	for _, variable := range environ {
		if name, _, _ := strings.Cut(variable, "="); slices.Contains(allowed, name) {
			environment = append(environment, variable)
		}
	}
	environment = append(append(environment, fixed...), "GOOS="+system, "GOARCH="+processor)
	return append(environment, version...)
}

// Arguments are those of the go command that compiles packages into folder. The same source gives the same bytes on
// every machine with the same Go: no path, no version-control state. A folder named vendor is not looked at: nothing
// pins its contents.
func Arguments(folder string, packages ...string) []string {
	return append([]string{
		"build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w",
		"-o", strings.TrimSuffix(folder, "/") + "/",
	}, packages...)
}

// broken is a package of this module in the compiler's output: the head of its errors, or the file of one.
var broken = regexp.MustCompile(`(?m)^(?:# github\.com/securecart/identity/(\S+)|(lambda/\S+)/[^/\s]+\.go:)`)

// Failed is the error of a build: it begins with the packages that do not compile, and goes on in the compiler's words.
func Failed(err error, output []byte) error {
	var packages []string
	for _, match := range broken.FindAllStringSubmatch(string(output), -1) {
		packages = append(packages, match[1]+match[2])
	}
	if slices.Sort(packages); len(packages) == 0 {
		return fmt.Errorf("%w\n%s", err, output)
	}
	verb := "does"
	if packages = slices.Compact(packages); len(packages) > 1 {
		verb = "do"
	}
	return fmt.Errorf("%s %s not compile\n%s", strings.Join(packages, ", "), verb, output)
}
