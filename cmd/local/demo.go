package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/securecart/identity/internal/readme"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/test/e2e"
)

// demo tells the story to its viewers, by real HTTP calls, and tries every cell of README's "Who may do what". clock is
// the user pool's.
func demo(ctx context.Context, server *local.Server, clock *e2e.Clock, stdout io.Writer) error {
	started := time.Now()
	stage, err := e2e.Served(server)
	if err != nil {
		return err
	}
	stage.Clock = clock
	clearUp, err := stage.Arrange(ctx)
	if err != nil {
		return err
	}
	defer clearUp(ctx) //nolint:errcheck // everything is forgotten at the end anyway
	cast := e2e.NewCast(stage)
	fmt.Fprintf(stdout, "%s, served at %s on this machine (docs/local.md)\n%s\n\n",
		server.StageID(), stage.APIURL, leftOut)
	if err := tell(ctx, cast, stdout, e2e.Story(stage)); err != nil {
		return err
	}
	wrong, err := matrix(ctx, cast, stdout)
	if err != nil {
		return err
	}
	if err := tell(ctx, cast, stdout, []e2e.Step{e2e.Farewell()}); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d cells are not as README says", wrong)
	}
	fmt.Fprintf(stdout,
		"\nEvery cell is as README says. The calls took %s. Next: `make local`, and open the storefront.\n",
		time.Since(started).Round(time.Second/10))
	return nil
}

// tell takes the steps one after the other.
func tell(ctx context.Context, cast *e2e.Cast, stdout io.Writer, steps []e2e.Step) error {
	for _, step := range steps {
		seen, err := step.Do(ctx, cast)
		if err != nil {
			return fmt.Errorf("%s: %w", step.Title, err)
		}
		fmt.Fprintf(stdout, "%-66s %s\n", step.Title, seen)
	}
	return nil
}

// matrix prints what each caller saw, and returns how many cells differ from README.
func matrix(ctx context.Context, cast *e2e.Cast, stdout io.Writer) (wrong int, err error) {
	documented, err := readme.Rows("README.md")
	if err != nil {
		return 0, err
	}
	rows, err := e2e.Matrix(ctx, cast, documented)
	if err != nil {
		return 0, err
	}
	fmt.Fprintln(stdout, "\nWho may do what, with the HTTP statuses that were seen:")
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "action\t%s\n", strings.Join(readme.Callers, "\t"))
	var reasons []error
	for _, row := range rows {
		fmt.Fprint(table, row.Action)
		for i, cell := range row.Cells {
			text := strings.TrimSpace(cell.Documented + " " + strings.TrimPrefix(cell.Seen, "–"))
			if cell.Wrong != "" {
				text += " !"
				reasons = append(reasons, fmt.Errorf("%s as %s: %s", row.Action, readme.Callers[i], cell.Wrong))
			}
			fmt.Fprintf(table, "\t%s", text)
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return 0, err
	}
	if len(reasons) > 0 {
		fmt.Fprintf(stdout, "\nNot as documented:\n%v\n", errors.Join(reasons...))
	}
	fmt.Fprintln(stdout)
	return len(reasons), nil
}
