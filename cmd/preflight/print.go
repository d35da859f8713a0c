package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/securecart/identity/config"
)

// colors are ANSI colors by status.
var colors = map[Status]string{OK: "\x1b[32m", Warning: "\x1b[33m", Failure: "\x1b[31m"}

const plain = "\x1b[0m"

// printTable prints a line for each result, and below it the remedy.
func printTable(out io.Writer, stage config.Stage, results []Result, color bool) {
	widest := 0
	for _, r := range results {
		widest = max(widest, len(r.Check))
	}
	counts := map[Status]int{}
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
	fmt.Fprintf(out, "%s: %d ok, %s, %s\n", stage.Name, counts[OK],
		counted(counts[Warning], "warning"), counted(counts[Failure], "failure"))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// printable removes characters that control a terminal: names and messages may come from attackers.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// report is the output of -json.
type report struct {
	Stage   string   `json:"stage"`
	Region  string   `json:"region"`
	Worst   Status   `json:"worst"`
	Results []Result `json:"results"`
}

func printJSON(out io.Writer, stage config.Stage, results []Result) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	// Texts always encode, and a closed stdout cannot be reported.
	_ = encoder.Encode(report{Stage: stage.Name, Region: stage.Region, Worst: worstOf(results), Results: results})
}
