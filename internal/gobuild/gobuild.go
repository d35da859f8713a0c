// Package gobuild defines how functions are compiled: with fixed flags and a fixed environment, so that the deployed
// programs, and those of the local stage, are built from the reviewed source only.
//
// Go reads flags from GOFLAGS, from the file that GOENV names, and modules from the file that GOWORK names; any of them
// can bring in other source (`-overlay`, `-modfile`, `use`) or another compiler (`-toolexec`, GOTOOLCHAIN, GOROOT),
// which no test of the source would notice. So the compiler inherits only variables that locate modules, whose contents
// go.sum pins, and working folders. https://pkg.go.dev/cmd/go#hdr-Environment_variables
package gobuild

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// allowed are the variables that the compiler may inherit. They locate the toolchain, its caches and the modules, but
// do not change its work. GOCACHEPROG and GOAUTH are missing because they name programs that would be run.
var allowed = []string{
	"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME",
	"GOPATH", "GOMODCACHE", "GOCACHE",
	"GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

// fixed switches off all other sources of settings. An empty value is the default.
var fixed = []string{
	"GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off", "GO111MODULE=on",
	"CGO_ENABLED=0",
}

// Environment is the compiler's environment, made from environ, os.Environ(), to build for a system, a processor and
// optionally its version, such as GOARM64=v8.0.
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
// every machine with the same Go: no path, no version-control state. A folder named vendor is ignored: nothing pins its
// contents.
func Arguments(folder string, packages ...string) []string {
	return append([]string{
		"build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w",
		"-o", strings.TrimSuffix(folder, "/") + "/",
	}, packages...)
}

// ForDebugger are the arguments that compile packages into folder so that a debugger finds its way in them: nothing is
// optimized away, paths are those of this machine, and time-outs of handlers are lifted (lambda/internal/function).
// Nothing that is deployed is compiled so.
func ForDebugger(folder string, packages ...string) []string {
	return append([]string{
		"build", "-mod=readonly", "-buildvcs=false", "-tags=lambda.norpc,delve", "-gcflags=all=-N -l",
		"-o", strings.TrimSuffix(folder, "/") + "/",
	}, packages...)
}

// broken is a package of this module in the compiler's output: the head of its errors, or the file of one.
var broken = regexp.MustCompile(`(?m)^(?:# github\.com/securecart/identity/(\S+)|(lambda/\S+)/[^/\s]+\.go:)`)

// Failed is the error of a build: it begins with the packages that do not compile, followed by the compiler's output.
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
