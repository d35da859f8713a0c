package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

// short is a result as a test reads it.
func short(r Result) string { return fmt.Sprintf("%s %s: %s", r.Status, r.Check, r.Finding) }

// finding is the expected result of a check for a different account.
type finding struct {
	stage   func(*config.Stage)
	changes map[string][]answer
	dns     names
	check   string
	// want is each result, as short writes it, without the name of the check.
	want []string
	// remedy is in that of the first result which is not ok.
	remedy string
}

func testFindings(t *testing.T, findings map[string]finding) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(findings)) {
		f := findings[name]
		t.Run(name, func(t *testing.T) {
			stage := prod()
			if f.stage != nil {
				f.stage(&stage)
			}
			results, _ := look(t, stage, f.changes, f.dns)
			var got []string
			remedy := ""
			for _, r := range of(results, f.check) {
				got = append(got, string(r.Status)+": "+r.Finding)
				if r.Status != OK && remedy == "" {
					remedy = r.Remedy
				}
				if (r.Remedy == "") != (r.Status == OK) {
					t.Errorf("%s has the remedy %q", short(r), r.Remedy)
				}
			}
			if !slices.Equal(got, f.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(f.want, "\n"))
			}
			if !strings.Contains(remedy, f.remedy) {
				t.Errorf("remedy %q, want %q in it", remedy, f.remedy)
			}
		})
	}
}
