package port

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
)

func TestAPortInUseIsNamedWithItsProcessAndTheWayOut(t *testing.T) {
	taken := must.Get(Listen("127.0.0.1", 0, ""))(t)
	defer taken.Close() //nolint:errcheck // it was only in the way
	number := taken.Addr().(*net.TCPAddr).Port
	want := "port " + strconv.Itoa(number) + " is in use"
	if _, err := exec.LookPath("lsof"); err == nil {
		want += " by port.test (process " + strconv.Itoa(os.Getpid()) + ")"
	}
	want += ": stop it, or choose another: make local ARGS=\"-api-port <number>\" (0 takes any)"
	if _, err := Listen("127.0.0.1", number, Other("api")); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := Listen("192.0.2.1", 0, ""); err == nil || strings.Contains(err.Error(), "in use") {
		t.Errorf("an address of another machine: got %v", err)
	}
}

func TestAProcessIsNamedOnlyIfLsofTells(t *testing.T) {
	for fields, want := range map[string]string{
		"p12\ncnode\nf3\np13\ncother\nf4\n": " by node (process 12)",
		"":                                  "",
		"lsof: no such thing\n":             "",
	} {
		if got := process(fields); got != want {
			t.Errorf("%q: got %q, want %q", fields, got, want)
		}
	}
}
