package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/test/e2e"
)

const (
	// connections is the number of concurrent callers.
	connections = 16
	// warm is the number of requests before the first measurement of memory; requests is their total number.
	warm, requests = 10_000, 100_000
	// unthrottled is a rate of requests that this machine cannot reach.
	unthrottled = 1_000_000
)

// measureLocal measures how fast the local stage starts, and how fast it answers GET /orders through authorizer,
// handler process and table.
func measureLocal(dir string) ([]row, error) {
	ctx := context.Background()
	served := filepath.Join(dir, "served")
	// The CLI adds the metadata that names the functions' programs.
	err := command([]string{"CDK_VALIDATION=false"},
		"cdk", "synth", "--quiet", "--no-notices", "--ci", "--output", served)
	if err != nil {
		return nil, err
	}
	config, err := localConfig(served)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	server, err := local.Serve(ctx, config)
	if err != nil {
		return nil, err
	}
	started := time.Since(begun)
	rows, err := measureOrders(ctx, server)
	first := row{"local stage, from a finished synth to serving", seconds(started), "≤ 3 s"}
	return append([]row{first}, rows...), errors.Join(err, server.Close())
}

// localConfig serves Dev without its throttle: otherwise the benchmark would measure the throttle.
func localConfig(dir string) (local.Config, error) {
	a, err := assembly.Read(dir)
	if err != nil {
		return local.Config{}, err
	}
	stage, ok := a.Stage("SecureCart-Dev")
	if !ok {
		return local.Config{}, fmt.Errorf("%s has no stage SecureCart-Dev", dir)
	}
	for _, stack := range stage.Stacks {
		for _, resource := range stack.Template.OfType("AWS::ApiGateway::Stage") {
			for _, settings := range resource.Properties["MethodSettings"].([]any) {
				settings.(map[string]any)["ThrottlingRateLimit"] = unthrottled
				settings.(map[string]any)["ThrottlingBurstLimit"] = unthrottled
			}
		}
	}
	return local.Config{
		Root:       ".",
		Stage:      stage,
		AssetsFrom: filepath.Join(dir, "assembly-"+stage.ID),
		Address:    "127.0.0.1",
		Output:     io.Discard,
	}, nil
}

func measureOrders(ctx context.Context, server *local.Server) ([]row, error) {
	stage, err := e2e.Served(server)
	if err != nil {
		return nil, err
	}
	customer := e2e.NewCustomer("Jane Doe")
	if err := stage.SignUp(ctx, customer, ""); err != nil {
		return nil, err
	}
	tokens, err := stage.SignIn(ctx, customer, stage.WebClientID)
	if err != nil {
		return nil, err
	}
	call := e2e.Call{Method: http.MethodGet, Path: "/orders", Token: tokens.Access}
	if _, err := load(ctx, stage, call, warm); err != nil {
		return nil, err
	}
	before, err := memory()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	took, err := load(ctx, stage, call, requests-warm)
	if err != nil {
		return nil, err
	}
	after, err := memory()
	if err != nil {
		return nil, err
	}
	rate := float64(len(took)) / time.Since(begun).Seconds()
	slices.Sort(took)
	return []row{
		{"local stage, GET /orders at 16 connections", fmt.Sprintf("%.0f requests/s", rate), "≥ 300 requests/s"},
		{"local stage, GET /orders at 16 connections, p99", milliseconds(took[len(took)*99/100]), "≤ 50 ms"},
		{"local stage, memory after 10,000 and 100,000 requests", fmt.Sprintf("%s and %s", before, after), "flat"},
	}, nil
}

// load makes count calls over all connections, and returns the duration of each. Every answer must be 200.
func load(ctx context.Context, stage *e2e.Running, call e2e.Call, count int) ([]time.Duration, error) {
	took := make([]time.Duration, count)
	var next atomic.Int64
	var callers errgroup.Group
	for range connections {
		callers.Go(func() error {
			for i := next.Add(1) - 1; i < int64(count); i = next.Add(1) - 1 {
				begun := time.Now()
				if err := once(ctx, stage, call); err != nil {
					return err
				}
				took[i] = time.Since(begun)
			}
			return nil
		})
	}
	return took, callers.Wait()
}

func once(ctx context.Context, stage *e2e.Running, call e2e.Call) error {
	answer, err := stage.Do(ctx, call)
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("GET /orders: got %d: %s", answer.Status, answer.Body)
	}
	return err
}

// memory returns what the stage holds: the heap of this process, which serves and calls, and the resident memory of its
// child processes (the engine of the tables and the functions). Their runtimes hold more than they need.
func memory() (string, error) {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	children, err := residentBelow(os.Getpid())
	return fmt.Sprintf("%.1f + %.0f MB", float64(stats.HeapAlloc)/1e6, children), err
}

// residentBelow returns the resident memory of a process's descendants in MB.
func residentBelow(process int) (float64, error) {
	listed, err := exec.Command("ps", "-ax", "-o", "pid=,ppid=,rss=").Output()
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	children, resident := map[int][]int{}, map[int]float64{}
	for line := range strings.Lines(string(listed)) {
		var pid, parent int
		var kilobytes float64
		if _, err := fmt.Sscan(line, &pid, &parent, &kilobytes); err != nil {
			return 0, fmt.Errorf("ps printed %q: %w", line, err)
		}
		children[parent], resident[pid] = append(children[parent], pid), kilobytes/1e3
	}
	var below func(int) float64
	below = func(process int) (sum float64) {
		for _, child := range children[process] {
			sum += resident[child] + below(child)
		}
		return sum
	}
	return below(process), nil
}
