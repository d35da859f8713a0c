// Command bench measures the speeds and sizes that the project promises, and prints a table. It does not judge them,
// because machines differ. For the same reason it compares each duration with the smallest thing of its kind in the
// same run.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/securecart/identity/internal/assembly"
)

// functions returns the names of the programs below lambda/.
func functions() ([]string, error) {
	mains, err := filepath.Glob("lambda/*/main.go")
	names := make([]string, 0, len(mains))
	for _, file := range mains {
		names = append(names, filepath.Base(filepath.Dir(file)))
	}
	return names, err
}

// row is a line of the table.
type row struct{ what, measured, promise string }

func main() {
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "usage: make bench (from the folder of go.mod; takes a few minutes, no arguments)")
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "securecart-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
	var rows []row
	for _, part := range []struct {
		progress string
		measure  func(dir string) ([]row, error)
	}{
		{"synth, against an empty app", measureSynth},
		{"synth, against its own calls without Go", measureReplay},
		{"templates", measureTemplates},
		{"functions, against a function that does nothing", measureFunctions},
		{"sign-ins and resets through the triggers", measureTriggers},
		{"the local stage", measureLocal},
		{"go test ./...", measureTests},
	} {
		fmt.Fprintf(os.Stderr, "measuring %s …\n", part.progress)
		measured, err := part.measure(dir)
		if err != nil {
			return fmt.Errorf("measure %s: %w", part.progress, err)
		}
		rows = append(rows, measured...)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tMEASURED\tPROMISE")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.what, r.measured, r.promise)
	}
	return w.Flush()
}

// measureTemplates reads what measureSynth left behind.
func measureTemplates(dir string) ([]row, error) {
	a, err := assembly.Read(filepath.Join(dir, "real"))
	if err != nil {
		return nil, err
	}
	var resources, bytes int
	for _, stage := range a.Stages {
		for _, stack := range stage.Stacks {
			resources, bytes = max(resources, len(stack.Template.Resources)), max(bytes, len(stack.JSON))
		}
	}
	return []row{
		{"largest template, resources", fmt.Sprint(resources), "< 200"},
		{"largest template, size", fmt.Sprintf("%.0f kB", float64(bytes)/1000), "< 400 kB"},
	}, nil
}

// medians returns the median of n runs of each measure. The measures take turns, so that other work of the machine
// slows all of them.
func medians(n int, measures ...func() (time.Duration, error)) ([]time.Duration, error) {
	all := make([][]time.Duration, len(measures))
	for range n {
		for i, measure := range measures {
			took, err := measure()
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], took)
		}
	}
	middle := make([]time.Duration, 0, len(all))
	for _, took := range all {
		slices.Sort(took)
		middle = append(middle, took[n/2])
	}
	return middle, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func times(d, of time.Duration) string { return fmt.Sprintf("%.1f ×", d.Seconds()/of.Seconds()) }
