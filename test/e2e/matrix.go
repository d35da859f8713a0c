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

// caller is one column of the matrix: a token, AWS credentials or neither.
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

// probe tries one thing. It returns the HTTP status of the answer.
type probe struct {
	// grant is the word in a cell of the table that allows it; empty means that nothing does.
	grant string
	try   func(context.Context, *Cast, caller) (int, error)
	// what says what is tried, where the row does not.
	what string
	// answered is the status that means that the caller was let in, where that is not a 2xx.
	answered int
}

// Cell is one cell of the matrix: what README says, and the statuses that were seen.
type Cell struct {
	Documented string
	// Seen are the statuses, separated by blanks, of every probe of the row, or "–" where there is nothing to try.
	Seen string
	// Wrong says which probe was allowed or refused against what README says. It is empty if all is as documented.
	Wrong string
}

// MatrixRow is a row of the matrix.
type MatrixRow struct {
	Action string
	Cells  []Cell
}

// Matrix tries everything in README's table as every caller. A row that is no route and has no probe is an error.
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

// understood refuses a cell that promises what no probe tries: it would pass untried.
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

// judge compares a status with the cell. Refusals are 401 and 403. S3's 404 and DynamoDB's 400 are not refusals: they
// mean that the caller was let in.
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
