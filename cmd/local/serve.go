package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"

	"github.com/securecart/identity/local"
)

// outputs is where the values of the stage are written, in the form of `cdk deploy --outputs-file`.
const outputs = ".build/local/outputs.json"

// leftOut keeps anybody from taking the local stage for more than it is.
const leftOut = "Without web ACLs, alarms and threat protection; e-mail and SMS go to the inbox."

// serve prints what a front end needs and waits for Ctrl-C.
func serve(ctx context.Context, server *local.Server, stdout io.Writer) error {
	if err := server.WriteOutputs(outputs); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Serving %s on loopback only, for development only (docs/local.md). Ctrl-C stops it and forgets everything.\n", server.StageID())
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
	fmt.Fprintf(stdout, "\nThe values are in %s, too. The AWS SDK and CLI use this stage with:\n", outputs)
	for _, variable := range server.Environment() {
		fmt.Fprintf(stdout, "  export %s\n", variable)
	}
	<-ctx.Done()
	fmt.Fprintln(stdout, "\nstopping …")
	return nil
}

// runProgram runs a program in the environment of the stage. Its outputs are in a folder of their own: `make local` may run beside it.
func runProgram(ctx context.Context, server *local.Server, arguments []string) error {
	folder, err := os.MkdirTemp("", "securecart-local-")
	if err != nil {
		return fmt.Errorf("write the stage's outputs: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a leftover in the temporary folder harms nobody
	file := filepath.Join(folder, "outputs.json")
	if err := server.WriteOutputs(file); err != nil {
		return err
	}
	program := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	program.Env = append(append(os.Environ(), server.Environment()...), "SECURECART_OUTPUTS="+file)
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = program.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s exited with %d", arguments[0], exit.ExitCode())
	}
	return err
}
