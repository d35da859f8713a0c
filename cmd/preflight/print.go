package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/securecart/identity/cmd/preflight/check"
	"github.com/securecart/identity/config"
)

// colors are ANSI's, by what a status means.
var colors = map[check.Status]string{check.OK: "\x1b[32m", check.Warning: "\x1b[33m", check.Failure: "\x1b[31m"}

const plain = "\x1b[0m"

// printTable prints a line for each result and one below it that says what to do.
func printTable(out io.Writer, stage config.Stage, results []check.Result, color bool) {
	widest := 0
	for _, r := range results {
		widest = max(widest, len(r.Check))
	}
	counts := map[check.Status]int{}
	for _, r := range results {
		counts[r.Status]++
		status := fmt.Sprintf("%-7s", r.Status)
		if color {
			status = colors[r.Status] + status + plain
		}
		fmt.Fprintf(out, "%s  %-*s  %s\n", status, widest, r.Check, printable(r.Finding))
		if r.Remedy != "" {
			fmt.Fprintf(out, "%s→ %s\n", strings.Repeat(" ", len("failure")+2+widest+2), printable(r.Remedy))
		}
	}
	fmt.Fprintf(out, "%s: %d ok, %s, %s\n", stage.Name, counts[check.OK],
		counted(counts[check.Warning], "warning"), counted(counts[check.Failure], "failure"))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// printable leaves out what moves a terminal's cursor: names and messages come from elsewhere.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// report is what -json prints.
type report struct {
	Stage   string         `json:"stage"`
	Region  string         `json:"region"`
	Worst   check.Status   `json:"worst"`
	Results []check.Result `json:"results"`
}

func printJSON(out io.Writer, stage config.Stage, results []check.Result) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	// Texts always encode, and nobody could be told that stdout is closed.
	_ = encoder.Encode(report{Stage: stage.Name, Region: stage.Region, Worst: check.Worst(results), Results: results})
}
