package main

import (
	"archive/zip"
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
)

// startRuns is large, because a start takes milliseconds and the machine does other work meanwhile.
const startRuns = 30

// environment has the variables without which the functions refuse to start. The functions call nothing: they only have
// to become ready.
var environment = []string{
	"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none",
	"WEB_ORIGIN=https://www.securecart.example",
	"ORDERS_TABLE=Orders", "PRODUCTS_TABLE=Products",
	"CURSOR_KEY_ARN=arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000",
	"CUSTOMERS_TABLE=Customers", "USER_POOL_ID=eu-central-1_Pool00001", "STEP_UP_CLIENT_ID=4stepup8example",
	"CLIENTS_PARAMETER=/securecart/bench/clients", "SECOND_FACTORS=TOTP,SMS",
	"PROOFS_TABLE=Proofs", "LINKS_TABLE=Links", "REQUIRE_ACR=false",
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
	var rows []row
	for _, name := range names {
		program, err := hostProgram(dir, name, "./lambda/"+name)
		if err != nil {
			return nil, err
		}
		ready, err := medians(startRuns,
			func() (time.Duration, error) { return start(noop) },
			func() (time.Duration, error) { return start(program) })
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
func start(program string) (time.Duration, error) {
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
	cmd.Env = append(append(os.Environ(), environment...),
		"AWS_LAMBDA_RUNTIME_API="+listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=bench")
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer cmd.Wait() //nolint:errcheck // it is killed
	select {
	case at := <-ready:
		cancel()
		return at.Sub(began), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("%s was not ready within 10 s", program)
	}
}

// zipped returns the size of the archive that the CDK CLI uploads.
func zipped(name string) (int64, error) {
	folder, err := (&golambda.Builder{Root: "."}).Build(name)
	if err != nil {
		return 0, err
	}
	file, err := os.Open(filepath.Join(folder, "bootstrap"))
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // only read
	counted := &counter{}
	archive := zip.NewWriter(counted)
	entry, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(entry, file); err != nil {
		return 0, err
	}
	err = archive.Close()
	return counted.n, err
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
