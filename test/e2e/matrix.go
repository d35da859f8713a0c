package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/internal/readme"
)

// caller is a column of the matrix: a token, AWS credentials or neither.
type caller struct {
	token       string
	credentials *aws.Credentials
}

func (c *Cast) callers() []caller {
	return []caller{
		{}, {credentials: c.Guest}, {token: c.Web.Access}, {token: c.SteppedUp.Access}, {token: c.Account.Access},
		{credentials: c.Own},
	}
}

// probe tries one action, and returns the HTTP status of the answer.
type probe struct {
	// grant is the word in a table's cell that allows the action. If it is empty, no word allows the action.
	grant string
	try   func(context.Context, *Cast, caller) (int, error)
	// what names the action, if the row does not.
	what string
	// answered is the status of an allowed caller, if it is not a 2xx.
	answered int
}

// Cell is a cell of the matrix: the word of README, and the statuses that were seen.
type Cell struct {
	Documented string
	// Seen lists the statuses of the row's probes, separated by blanks, or "–" if the row has no probe.
	Seen string
	// Wrong names the probe whose result contradicts README. It is empty if all results are as documented.
	Wrong string
}

// MatrixRow is a row of the matrix.
type MatrixRow struct {
	Action string
	Cells  []Cell
}

// Matrix tries every row of README's table as every caller. A row that is no route and has no probe is an error.
func Matrix(ctx context.Context, c *Cast, documented []readme.Row) ([]MatrixRow, error) {
	all := probes()
	var rows []MatrixRow
	for _, row := range documented {
		tries, err := probesOf(row, all)
		if err != nil {
			return nil, err
		}
		delete(all, row.Action)
		tried := MatrixRow{Action: row.Action}
		for i, caller := range c.callers() {
			cell, err := c.cell(ctx, row.Cells[i], tries, caller)
			if err != nil {
				return nil, fmt.Errorf("%s as %s: %w", row.Action, readme.Callers[i], err)
			}
			tried.Cells = append(tried.Cells, cell)
		}
		rows = append(rows, tried)
	}
	for action := range all {
		return nil, fmt.Errorf("README has no row %q, which could be tried", action)
	}
	return rows, nil
}

func (c *Cast) cell(ctx context.Context, documented string, tries []probe, by caller) (Cell, error) {
	cell := Cell{Documented: documented}
	if documented == "–" {
		cell.Seen = "–"
		return cell, nil
	}
	if err := understood(documented, tries); err != nil {
		return Cell{}, err
	}
	var seen, wrong []string
	for _, p := range tries {
		status, err := p.try(ctx, c, by)
		if err != nil {
			return Cell{}, fmt.Errorf("%s: %w", p.what, err)
		}
		seen = append(seen, strconv.Itoa(status))
		if verdict := judge(p, documented, status); verdict != "" {
			wrong = append(wrong, strings.TrimSpace(p.what+" "+verdict))
		}
	}
	slices.Sort(seen)
	cell.Seen, cell.Wrong = strings.Join(slices.Compact(seen), " "), strings.Join(wrong, "; ")
	return cell, nil
}

// understood refuses a cell with a promise that no probe tries, because the cell would pass untested.
func understood(documented string, tries []probe) error {
	if documented == "no" {
		return nil
	}
	for word := range strings.SplitSeq(documented, ", ") {
		if !slices.ContainsFunc(tries, func(p probe) bool { return p.grant == word }) {
			return fmt.Errorf("README says %q, and nobody knows how to try that", word)
		}
	}
	return nil
}

// judge compares a status with the cell. Refusals are 401 and 403. S3's 404 and DynamoDB's 400 are not refusals: the
// caller was allowed.
func judge(p probe, documented string, status int) string {
	allowed := p.grant != "" && slices.Contains(strings.Split(documented, ", "), p.grant)
	refused := status == http.StatusUnauthorized || status == http.StatusForbidden
	switch {
	case allowed && status/100 != 2 && (p.answered == 0 || status != p.answered):
		return fmt.Sprintf("got %d, want to be let in", status)
	case !allowed && !refused:
		return fmt.Sprintf("got %d, want to be refused", status)
	default:
		return ""
	}
}
