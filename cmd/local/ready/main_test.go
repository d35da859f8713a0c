package main

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
)

func TestWhatCannotBeServedIsRefusedFirst(t *testing.T) {
	taken := must.Get(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer taken.Close() //nolint:errcheck // it was only in the way
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	anywhere := []string{
		"-aws-port", "0", "-api-port", "0", "-login-port", "0", "-inbox-port", "0", "-providers-port", "0",
	}
	for _, c := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"serve"}, 0, ""},
		{[]string{"-stage", "Prod", "serve"}, 0, ""},
		{[]string{"-h"}, 0, "make demo"},
		{nil, 2, "want demo, serve, run with a command, drills, or drill with a name"},
		{[]string{"dance"}, 2, `got "dance"`},
		{[]string{"demo", "twice"}, 2, `got "demo twice"`},
		{[]string{"run"}, 2, "want demo, serve, run with a command, drills, or drill with a name"},
		{[]string{"drill", "handler-down"}, 0, ""},
		{[]string{"drill", "earthquake"}, 2, `there is no drill "earthquake"; choose one of`},
		{[]string{"-aws-port", "http", "serve"}, 2, "invalid value"},
		{[]string{"-stage", "Live", "serve"}, 2, `stage "Live" does not exist; choose one of `},
		{[]string{"-log", "xml", "serve"}, 2, `-log must be text or json, got "xml"`},
		{[]string{"-debug", "orders", "-watch", "serve"}, 2, "exclude each other"},
		{[]string{"-debug", "ordres", "serve"}, 2, `below lambda/, got "ordres"; there are `},
		{[]string{"-stage", "", "serve"}, 2, "-stage must name a stage"},
		{[]string{"-address", "0.0.0.0", "serve"}, 2, "use 127.0.0.1"},
		{[]string{"-login-port", port, "serve"}, 1, "port " + port + " is in use"},
		{
			[]string{"-inbox-port", port, "-api-port", port, "serve"},
			1, `-api-port <number>" (0 takes any)` + "\nport " + port,
		},
	} {
		var stdout, stderr bytes.Buffer
		code := run(append(append([]string{}, anywhere...), c.arguments...), &stdout, &stderr)
		if said := stderr.String(); code != c.code || !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%q: got %d and %q, want %d and %q", c.arguments, code, said, c.code, c.says)
		}
		if strings.Count(stderr.String(), c.says) > 1 && c.says != "" {
			t.Errorf("%q: said twice: %q", c.arguments, stderr.String())
		}
	}
}

func TestDrillsAreListed(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run([]string{"drills"}, &stdout, &stderr)
	if code != 0 || !strings.Contains(stdout.String(), "table-throttled") {
		t.Errorf("got %d, %q and %q", code, &stdout, &stderr)
	}
}
