package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Callers are the columns of README's table "Who may do what".
var Callers = []string{
	"anonymous", "guest credentials", "customer token", "stepped-up token", "account token", "customer credentials",
}

// DocumentedRow is a row of that table: an action, and for each caller what README says.
type DocumentedRow struct {
	Action string
	Cells  []string
}

// Documented reads the table from a README. Package test compares the templates with it, this package the running
// stage.
func Documented(readme string) ([]DocumentedRow, error) {
	text, err := os.ReadFile(readme)
	if err != nil {
		return nil, fmt.Errorf("read who may do what: %w", err)
	}
	head := "| action | " + strings.Join(Callers, " | ") + " |"
	lines := strings.Split(string(text), "\n")
	start := slices.Index(lines, head)
	if start < 0 {
		return nil, fmt.Errorf("%s has no table %s", readme, head)
	}
	var rows []DocumentedRow
	for _, line := range lines[start+2:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if len(cells) != len(Callers)+1 {
			return nil, fmt.Errorf("%s: %q has not %d cells", readme, line, len(Callers)+1)
		}
		rows = append(rows, DocumentedRow{Action: strings.ReplaceAll(cells[0], "`", ""), Cells: cells[1:]})
	}
	return rows, nil
}
