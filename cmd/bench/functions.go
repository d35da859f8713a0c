package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
)

// startRuns is large, because a start takes milliseconds and the machine does other work meanwhile.
const startRuns = 30

// environment returns variables with which every function starts: those of all functions of a stage, which measureSynth
// has written, and credentials that are invalid everywhere. The functions call no service of AWS with them.
func environment(dir string) ([]string, error) {
	a, err := assembly.Read(filepath.Join(dir, "real"))
	if err != nil {
		return nil, err
	}
	stage, err := deployed.Load(a.Stages[0])
	if err != nil {
		return nil, err
	}
	variables := []string{
		"AWS_REGION=" + a.Stages[0].Stacks[0].Region, "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none",
	}
	for _, function := range stage.Functions {
		for name, value := range function.Environment.Variables {
			variables = append(variables, name+"="+value)
		}
	}
	return variables, nil
}

func measureFunctions(dir string) ([]row, error) {
	noop, err := hostProgram(dir, "noop", "./cmd/bench/noop")
	if err != nil {
		return nil, err
	}
	names, err := functions()
	if err != nil {
		return nil, err
	}
	variables, err := environment(dir)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, name := range names {
		program, err := hostProgram(dir, name, "./lambda/"+name)
		if err != nil {
			return nil, err
		}
		ready, err := medians(startRuns,
			func() (time.Duration, error) { return start(noop, variables) },
			func() (time.Duration, error) { return start(program, variables) })
		if err != nil {
			return nil, err
		}
		size, err := zipped(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows,
			row{
				"lambda/" + name + ", exec to ready",
				milliseconds(ready[1]) + ", " + times(ready[1], ready[0]) + " of a function that does nothing",
				"≤ 2 ×",
			},
			row{"lambda/" + name + ", zip", fmt.Sprintf("%.1f MiB", float64(size)/(1<<20)), "≤ 8 MiB"})
	}
	return rows, nil
}

// hostProgram compiles a function for this machine.
func hostProgram(dir, name, source string) (string, error) {
	program := filepath.Join(dir, name+".fn")
	return program, command([]string{"CGO_ENABLED=0"},
		"go", "build", "-trimpath", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", program, source)
}

// start measures the time from starting a program until its request for the first event. The Runtime API here never
// hands out an event. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func start(program string, variables []string) (time.Duration, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	ready := make(chan time.Time, 1)
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2018-06-01/runtime/invocation/next" {
			select {
			case ready <- time.Now():
			default:
			}
			<-r.Context().Done()
		}
	})
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: handler}
	go server.Serve(listener) //nolint:errcheck // ends with Close below
	defer server.Close()      //nolint:errcheck // nothing to save

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Env = append(append(os.Environ(), variables...),
		"AWS_LAMBDA_RUNTIME_API="+listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=bench")
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cmd.Wait() //nolint:errcheck // ProcessState tells how it ended
	}()
	select {
	case at := <-ready:
		cancel()
		<-ended
		return at.Sub(began), nil
	case <-ended:
		return 0, fmt.Errorf("%s ended before it was ready within 10 s: %s\n%s", program, cmd.ProcessState, &output)
	}
}

// zipped returns the size of the archive that the CDK CLI uploads.
func zipped(name string) (int, error) {
	folder, err := (&golambda.Builder{Root: "."}).Build(name)
	if err != nil {
		return 0, err
	}
	file, err := os.Open(filepath.Join(folder, "bootstrap"))
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // only read
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	entry, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(entry, file); err != nil {
		return 0, err
	}
	err = archive.Close()
	return content.Len(), err
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
