package gobuild_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/gobuild"
)

func TestOnlyAllowedVariablesReachTheCompiler(t *testing.T) {
	got := gobuild.Environment([]string{
		"PATH=/bin", "GOFLAGS=-overlay=x", "GOENV=/x", "GOWORK=/x/go.work", "GOROOT=/x", "GOTOOLCHAIN=go1.99.0",
		"GOCACHEPROG=/x",
		"GOAUTH=/x", "GOEXPERIMENT=x", "GODEBUG=x=1", "GO111MODULE=off", "CGO_ENABLED=1", "CC=/x", "GOOS=plan9",
		"LD_PRELOAD=/x",
		"GOPROXY=https://proxy.example", "=C:=C:\\", "AWS_SECRET_ACCESS_KEY=x", "GOPATHS=x",
	}, "linux", "arm64", "GOARM64=v8.0")
	want := []string{
		"PATH=/bin", "GOPROXY=https://proxy.example",
		"GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off", "GO111MODULE=on",
		"CGO_ENABLED=0",
		"GOOS=linux", "GOARCH=arm64", "GOARM64=v8.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-want +got)\n%s", diff)
	}
}

func TestFlagsComeBeforePackages(t *testing.T) {
	got := gobuild.Arguments("out", "./lambda/a", "./lambda/b")
	if !slices.Equal(got[len(got)-3:], []string{"out/", "./lambda/a", "./lambda/b"}) || got[0] != "build" {
		t.Errorf("got %s", strings.Join(got, " "))
	}
	if again := gobuild.Arguments("out/", "./lambda/a", "./lambda/b"); !slices.Equal(got, again) {
		t.Errorf("a folder that ends with / gives %s", strings.Join(again, " "))
	}
}

func TestAFailedBuildBeginsWithThePackagesThatDoNotCompile(t *testing.T) {
	exit := errors.New("exit status 1")
	for output, want := range map[string]string{
		"# github.com/securecart/identity/lambda/orders\nlambda/orders/main.go:3:15: undefined: mistake\n": "" +
			"lambda/orders does not compile\n",
		"# github.com/securecart/identity/lambda/links\nx\n# github.com/securecart/identity/lambda/catalog\ny\n": "" +
			"lambda/catalog, lambda/links do not compile\n",
		"lambda/orders/main.go:4:2: package nowhere is not in std\n": "lambda/orders does not compile\n",
		"go: no space left on device\n":                              "exit status 1\n",
	} {
		if got := gobuild.Failed(exit, []byte(output)); got.Error() != want+output {
			t.Errorf("got %q, want %q before the output", got, want)
		}
	}
}

// TestOnlyADebuggerLiftsTimeOuts: the tag delve takes the limits out of the handlers.
func TestOnlyADebuggerLiftsTimeOuts(t *testing.T) {
	deployed, debugged := gobuild.Arguments("out", "./lambda/a"), gobuild.ForDebugger("out", "./lambda/a")
	tags := func(arguments []string) string {
		i := slices.IndexFunc(arguments, func(a string) bool { return strings.HasPrefix(a, "-tags=") })
		return arguments[i]
	}
	if tags(deployed) != "-tags=lambda.norpc" || tags(debugged) != "-tags=lambda.norpc,delve" {
		t.Errorf("deployed with %s, debugged with %s", tags(deployed), tags(debugged))
	}
}
