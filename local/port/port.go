// Package port opens the ports of the local stage and, where one is taken, says by whom and what to do. It imports
// nothing that takes long to compile: cmd/local/ready looks at the ports before anything else is built.
package port

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Other is the way out where the flag called name chooses the port.
func Other(name string) string {
	return fmt.Sprintf("choose another: make local ARGS=\"-%s-port <number>\" (0 takes any)", name)
}

// WithoutStorefront is the way out at the web origin, which the stage fixes.
const WithoutStorefront = "serve without the storefront, beside a front end of your own: make local ARGS=-storefront="

// Listen opens a port of a loopback address; 0 takes any that is free. If the port is taken, the error names the
// process, where the machine tells, and the way out.
func Listen(address string, number int, way string) (net.Listener, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(number)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use%s: stop it, or %s", number, holder(number), way)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on port %d: %w", number, err)
	}
	return listener, nil
}

// Loopback refuses an address that others could reach: the stage's inbox shows everybody's codes.
func Loopback(address string) error {
	ip := net.ParseIP(address)
	if ip == nil {
		return fmt.Errorf("address %q is no IP address: the local stage is for this machine only; use 127.0.0.1", address)
	}
	if !ip.IsLoopback() {
		return fmt.Errorf("address %q is not a loopback address: the local stage is for this machine only; use 127.0.0.1",
			address)
	}
	return nil
}

// patience is how long the machine may take to say who listens.
const patience = 3 * time.Second

// holder is " by <program> (process <id>)", or empty if lsof is missing or may not tell.
func holder(number int) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "lsof", "-nP", "-iTCP:"+strconv.Itoa(number), "-sTCP:LISTEN", "-Fpc").Output()
	if err != nil {
		return ""
	}
	return process(string(out))
}

// process reads lsof's fields of the first process: a line each, p and its id, c and its program.
func process(fields string) string {
	var id, program string
	for line := range strings.Lines(fields) {
		line = strings.TrimSpace(line)
		switch {
		case id == "" && strings.HasPrefix(line, "p"):
			id = line[1:]
		case program == "" && strings.HasPrefix(line, "c"):
			program = line[1:]
		}
	}
	if id == "" {
		return ""
	}
	return fmt.Sprintf(" by %s (process %s)", program, id)
}
