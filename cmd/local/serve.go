package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/local"
)

// folder is where make local leaves its files.
const folder = ".build/local"

// leftOut keeps anybody from taking the local stage for more than it is.
const leftOut = "Without web ACLs, alarms and threat protection; e-mail and SMS go to the inbox."

// serve prints what a front end needs and waits for Ctrl-C. With -watch, server is replaced when the stage changes.
func serve(ctx context.Context, server **local.Server, o options.Options, stdout *heartbeat) error {
	if err := introduce(*server, stdout); err != nil {
		return err
	}
	if o.Watch {
		newFollower(o, server, stdout).follow(ctx)
	}
	<-ctx.Done()
	return nil
}

// introduce prints what a front end needs, and writes the files.
func introduce(server *local.Server, stdout io.Writer) error {
	if _, err := write(server, folder); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Serving %s on loopback only, for development only (docs/local.md). "+
		"Ctrl-C stops it and forgets everything.\n", server.StageID())
	fmt.Fprint(stdout, leftOut, "\n\n")
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, line := range server.Addresses() {
		fmt.Fprintf(table, "%s\t%s\n", line[0], line[1])
	}
	fmt.Fprintln(table)
	for _, line := range server.Values() {
		fmt.Fprintf(table, "%s\t%s\n", line[0], line[1])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nFront ends find the values in %s/outputs.json. "+
		"For the AWS CLI and SDKs:\n  source %[1]s/env.sh\n", folder)
	return nil
}

// runProgram runs a program in the environment of the stage. Its files are in a folder of their own: `make local` may
// run beside it.
func runProgram(ctx context.Context, server *local.Server, arguments []string) error {
	folder, err := os.MkdirTemp("", "securecart-local-")
	if err != nil {
		return fmt.Errorf("write the stage's outputs: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a leftover in the temporary folder harms nobody
	written, err := write(server, folder)
	if err != nil {
		return err
	}
	program := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	program.Env = append(kept(os.Environ()), written.variables...)
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = program.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s exited with %d", arguments[0], exit.ExitCode())
	}
	return err
}

// kept are the variables of this process that do not lead elsewhere than to the stage.
func kept(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(foreign, name)
	})
}
