package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/securecart/identity/cmd/local/options"
	"github.com/securecart/identity/internal/sources"
	"github.com/securecart/identity/local"
)

// app is what the stage is synthesized from. The handlers are watched by package local.
var app = []string{"main.go", "cdk.json", "go.mod", "config", "stacks", "constructs", "lambda/contract"}

// synthesize are the arguments of the CDK that `make local` synthesizes with, too, before the folder.
var synthesize = []string{"synth", "--quiet", "--no-notices", "--ci", "--output"}

// look is how often it is looked for changes.
const look = 500 * time.Millisecond

// follower serves another synth of the stage whenever the app changes.
type follower struct {
	options options.Options
	stdout  *heartbeat
	// server is what serves now. It is replaced.
	server **local.Server
	// look is how often it is looked for changes below root.
	root string
	look time.Duration
	// synth synthesizes into a folder, and read finds the stage there. Tests need no CDK.
	synth func(ctx context.Context, folder string) error
	read  func(folder string) (local.Config, error)
	// files is where the files for other programs are.
	files string
	// folder has what is served now, if it was synthesized here; number is that of the last one.
	folder string
	number int
}

func newFollower(o options.Options, server **local.Server, stdout *heartbeat) *follower {
	f := &follower{options: o, stdout: stdout, server: server, root: ".", look: look, files: folder}
	f.synth = func(ctx context.Context, folder string) error { return runCDK(ctx, o.Stage.Name, folder) }
	f.read = func(folder string) (local.Config, error) {
		o.Assembly = folder
		return configure(o, stdout)
	}
	return f
}

// follow returns when ctx ends.
func (f *follower) follow(ctx context.Context) {
	served, err := sources.Of(f.root, app...)
	if err != nil {
		fmt.Fprintf(f.stdout, "The stage is not synthesized anew when it changes: %v\n", err)
		return
	}
	f.followFrom(ctx, served)
}

// followFrom serves what differs from the sources of what is served.
func (f *follower) followFrom(ctx context.Context, served sources.Snapshot) {
	defer func() { _ = os.RemoveAll(f.folder) }() // it is below .build
	last := served
	ticker := time.NewTicker(f.look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now, err := sources.Of(f.root, app...)
		if err != nil {
			continue // an editor is at work
		}
		// Somebody who saves several files is waited for.
		quiet := len(now.Changed(last)) == 0
		last = now
		changed := now.Changed(served)
		if !quiet || len(changed) == 0 {
			continue
		}
		served = now
		if err := f.anew(ctx, changed); err != nil && ctx.Err() == nil {
			fmt.Fprintf(f.stdout, "%v\nThe stage goes on being served as it was.\n", err)
		}
	}
}

// anew synthesizes the stage and serves the result.
func (f *follower) anew(ctx context.Context, changed []string) error {
	and := ""
	if len(changed) > 1 {
		and = fmt.Sprintf(" and %d more", len(changed)-1)
	}
	fmt.Fprintf(f.stdout, "%s%s changed: synthesizing the stage anew.\n", changed[0], and)
	defer f.stdout.beat("synthesizing the stage anew", silence)()
	f.number++
	folder := fmt.Sprintf("%s.%d", f.options.Assembly, f.number)
	err := f.replace(ctx, folder)
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	before := f.folder
	f.folder = folder
	return os.RemoveAll(before)
}

func (f *follower) replace(ctx context.Context, folder string) error {
	if err := f.synth(ctx, folder); err != nil {
		return err
	}
	config, err := f.read(folder)
	if err != nil {
		return err
	}
	next, kept, err := (*f.server).Replace(ctx, config.Stage, config.AssetsFrom)
	if err != nil {
		return fmt.Errorf("what was synthesized cannot take the place of what is served: %w\n"+
			"To serve it, start again: users and orders are forgotten then", err)
	}
	*f.server = next
	// The new stage is served, so its files are all that is missing.
	if _, err := write(next, f.files); err != nil {
		fmt.Fprintf(f.stdout, "The files of exports and outputs are those of the stage before: %v\n", err)
	}
	fmt.Fprintf(f.stdout, "The stage was synthesized anew: %s, %s kept; %s.\n",
		count(kept.Users, "user"), count(kept.Tables, "table"), kept.Clients)
	return nil
}

func count(number int, what string) string {
	if number != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", number, what)
}

// runCDK synthesizes one stage. The error is what the CDK and the app say.
func runCDK(ctx context.Context, stage, folder string) error {
	command := exec.CommandContext(ctx, filepath.Join("node_modules", ".bin", "cdk"), append(synthesize, folder)...)
	command.Env = append(os.Environ(), "CDK_VALIDATION=false", "SECURECART_STAGE="+stage)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	// Ctrl-C also ends what the CDK has started.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		return fmt.Errorf("%sthe stage cannot be synthesized: %w", output.String(), err)
	}
	return nil
}
