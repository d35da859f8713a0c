// Package readme reads README's table "Who may do what". Package test/access compares the templates with it, test/e2e a
// running stage.
package readme

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Callers are the columns of the table.
var Callers = []string{
	"anonymous", "guest credentials", "customer token", "stepped-up token", "account token", "customer credentials",
}

// Row is a row of the table: an action, and README's answer for each caller.
type Row struct {
	Action string
	Cells  []string
}

// Route is the verb and path of a row about a route of the API. Other rows have none.
func (r Row) Route() (verb, path string, ok bool) {
	verb, path, ok = strings.Cut(r.Action, " /")
	return verb, "/" + path, ok && verb == strings.ToUpper(verb)
}

// Cell is README's answer for a caller, one of [Callers].
func (r Row) Cell(caller string) string { return r.Cells[slices.Index(Callers, caller)] }

// Rows reads the table from a README.
func Rows(file string) ([]Row, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read who may do what: %w", err)
	}
	head := "| action | " + strings.Join(Callers, " | ") + " |"
	lines := strings.Split(string(text), "\n")
	start := slices.Index(lines, head)
	if start < 0 {
		return nil, fmt.Errorf("%s has no table %s", file, head)
	}
	var rows []Row
	for _, line := range lines[start+2:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if len(cells) != len(Callers)+1 {
			return nil, fmt.Errorf("%s: %q has not %d cells", file, line, len(Callers)+1)
		}
		rows = append(rows, Row{Action: strings.ReplaceAll(cells[0], "`", ""), Cells: cells[1:]})
	}
	return rows, nil
}
