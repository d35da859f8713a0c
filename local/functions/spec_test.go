package functions

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/securecart/identity/local/localtest/must"
)

func TestSpecsThatCannotRunAreRefusedWithEveryReason(t *testing.T) {
	empty, text, foreign := t.TempDir(), t.TempDir(), t.TempDir()
	must.Do(t, os.WriteFile(filepath.Join(text, "bootstrap"), []byte("#!/bin/sh\n"), 0o600))
	// This test is a Go program that is no handler.
	must.Do(t, os.Symlink(os.Args[0], filepath.Join(foreign, "bootstrap")))
	good := Spec{
		LogicalID: "Orders",
		ARN:       "arn:aws:lambda:eu-central-1:111122223333:function:Orders",
		Asset:     foreign,
		Timeout:   time.Second,
		MemoryMiB: 128,
	}
	const noProgram = "function Orders: its asset must hold a Go program named bootstrap: could not read Go build info"
	noHandler := "function Orders: " + filepath.Join(foreign, "bootstrap") +
		` is built from "github.com/securecart/identity/local/functions.test", ` +
		"not from a folder of github.com/securecart/identity/lambda/: " +
		"only handlers of this repository are run"
	for name, test := range map[string]struct {
		change func(*Spec)
		want   string
	}{
		"program of another folder": {func(*Spec) {}, noHandler},
		"no program": {
			func(s *Spec) { s.Asset = empty },
			noProgram + ": open " + filepath.Join(empty, "bootstrap") + ": no such file or directory",
		},
		"no Go program": {
			func(s *Spec) { s.Asset = text },
			noProgram + " from " + filepath.Join(text, "bootstrap") + ": unrecognized file format",
		},
		"all else": {
			func(s *Spec) {
				s.ARN, s.Timeout, s.MemoryMiB = "arn:aws:iam::111122223333:role/Orders", 0, -1
				s.Environment = map[string]string{
					"AWS_REGION": "", "AWS_LAMBDA_MAX_CONCURRENCY": "", "TABLE": "", "AWS_ACCESS_KEY_ID": "", "TZ": "",
				}
			},
			"function Orders: ARN must be arn:aws:lambda:<region>:<account>:function:<name>, " +
				`got "arn:aws:iam::111122223333:role/Orders"
function Orders: Timeout must be more than 0, got 0s
function Orders: MemoryMiB must be more than 0, got -1
function Orders: environment variable AWS_LAMBDA_MAX_CONCURRENCY is set by Lambda itself, take it out
function Orders: environment variable AWS_REGION is set by Lambda itself, take it out
function Orders: environment variable TZ is set by Lambda itself, take it out
` + noHandler,
		},
	} {
		spec := good
		test.change(&spec)
		set, err := Start(t.Context(), Config{Root: "../..", Output: t.Output()}, []Spec{spec})
		if set != nil || err == nil || err.Error() != test.want {
			t.Errorf("%s: Start = %v,\n%v\nwant\n%s", name, set, err, test.want)
		}
	}
	want := noHandler + "\n" + noHandler + "\nfunction Orders: there is another one with the ARN " + good.ARN
	_, err := Start(t.Context(), Config{Root: "../..", Output: t.Output()}, []Spec{good, good})
	if err == nil || err.Error() != want {
		t.Errorf("two of the same: %v\nwant %s", err, want)
	}
}
