package test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// documents are the pages for people whose tables are compared with the templates.
var documents = []string{"README.md", "docs/reference.md", "docs/operations.md"}

// documentedTable returns the rows of the one table with these column heads, cells without code quotes. It fails if
// there is no such table in the documents, or two.
func documentedTable(t *testing.T, heads ...string) [][]string {
	t.Helper()
	head := "| " + strings.Join(heads, " | ") + " |"
	var found [][][]string
	for _, document := range documents {
		text, err := os.ReadFile(filepath.Join(root, document))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			if strings.TrimSpace(line) == head {
				found = append(found, tableRows(lines[i+2:]))
			}
		}
	}
	if len(found) != 1 {
		t.Fatalf("%v have %d tables %s, want one", documents, len(found), head)
	}
	return found[0]
}

// tableRows are the rows up to the first line that is not a row.
func tableRows(lines []string) (rows [][]string) {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestTheReferenceListsExactlyTheOutputs(t *testing.T) {
	got := map[string][]string{}
	for _, row := range documentedTable(t, "output", "stack", "what a front end does with it") {
		got[row[1]] = append(got[row[1]], row[0])
		slices.Sort(got[row[1]])
	}
	// TestEveryOutputForPeopleExistsAndIsDescribed compares outputs with the templates.
	if diff := cmp.Diff(outputs, got); diff != "" {
		t.Errorf("the documented outputs (-template +README)\n%s", diff)
	}
}
