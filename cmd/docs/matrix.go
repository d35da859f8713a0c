package main

import (
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/access"
)

// column is a kind of caller, or a role.
type column struct {
	name string
	// tries reports whether the attempt applies to the caller, and its verdict.
	tries func(access.Attempt) (applies bool, verdict access.Verdict, err error)
}

// accessMatrix returns the page of who may do what in the first stage, and the lines in which other stages differ.
func accessMatrix(root string) (string, error) {
	var pages []string
	for _, cfg := range config.Stages() {
		s, err := readStage(root, cfg)
		if err != nil {
			return "", err
		}
		text, err := matrixOf(s)
		if err != nil {
			return "", fmt.Errorf("%s: %w", cfg.Name, err)
		}
		pages = append(pages, text)
	}
	if len(pages) == 0 {
		return "", errors.New("no stage is configured")
	}
	var d document
	d.title("Who may do what, and what decides it")
	d.paragraph("%s", strings.TrimSpace(matrixIntroduction))
	d.heading("Where stages differ")
	for i, cfg := range config.Stages() {
		if i == 0 {
			d.bullet("Below is %s, as reviewed in [%s](../%s).", cfg.Name, goldenTemplates, goldenTemplates)
		} else if differences := difference(pages[0], pages[i]); len(differences) == 0 {
			d.bullet("%s: nowhere.", cfg.Name)
		} else {
			d.bullet("%s has these lines instead:", cfg.Name)
			d.paragraph("\n```text\n%s\n```", strings.Join(differences, "\n"))
		}
	}
	d.end()
	d.WriteString(strings.TrimRight(pages[0], "\n") + "\n")
	return d.String(), nil
}

//go:embed access-matrix.md
var matrixIntroduction string

// difference returns the lines of other that page lacks.
func difference(page, other string) []string {
	lines := strings.Split(page, "\n")
	return slices.DeleteFunc(strings.Split(other, "\n"), func(line string) bool { return slices.Contains(lines, line) })
}

func matrixOf(s *access.Subject) (string, error) {
	var d document
	callers, err := s.Callers()
	if err != nil {
		return "", err
	}
	var byCaller, byRole []column
	for _, c := range callers {
		byCaller = append(byCaller, column{c.Name, func(a access.Attempt) (bool, access.Verdict, error) {
			verdict, err := s.Try(c, a)
			return c.Applies(a), verdict, err
		}})
	}
	for _, role := range s.Roles {
		if !slices.Contains([]string{access.Guest, access.Customer, access.Support, access.Privacy}, role.Name) {
			byRole = append(byRole, column{role.Name, func(a access.Attempt) (bool, access.Verdict, error) {
				verdict, err := s.May(role, a)
				return true, verdict, err
			}})
		}
	}
	attempts := s.Attempts()
	d.heading("Callers")
	d.wrapped("A *stepped-up token* comes from a sign-in at StepUp with a sealed second factor, an *account token* " +
		"from a sign-in at Account with a mailbox just proven. Other sign-ins at these clients yield tokens without a " +
		"scope. [lambda/tokens](../lambda/tokens) decides about scopes, and its tests prove it. `POST /link-offers` makes " +
		"offers only for sign-ins with a provider: [lambda/links](../lambda/links) refuses others. *support role* and " +
		"*privacy role* are sessions of the support desk's people.")
	errs := []error{d.matrix(byCaller, attempts)}
	d.heading("Functions and services")
	d.paragraph("These roles belong to no customer. AWS services take the roles that are not called `lambda/…`, as the " +
		"next table says.")
	signed := slices.DeleteFunc(slices.Clone(attempts), func(a access.Attempt) bool { return !a.Signed() })
	errs = append(errs, d.matrix(byRole, signed), d.trust(s), d.invocations(s))
	d.tried(attempts)
	return d.String(), errors.Join(errs...)
}

// matrix writes a table for each group of attempts of which at least one is allowed to a caller.
func (d *document) matrix(columns []column, attempts []access.Attempt) error {
	heads := []string{"action", "on"}
	for _, c := range columns {
		heads = append(heads, c.name)
	}
	for group := range grouped(attempts) {
		rows, err := cells(columns, group)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			d.subheading(group[0].Group)
			d.table(heads, rows)
		}
	}
	return nil
}

// grouped yields runs of attempts of one group.
func grouped(attempts []access.Attempt) iter.Seq[[]access.Attempt] {
	return func(yield func([]access.Attempt) bool) {
		for len(attempts) > 0 {
			end := slices.IndexFunc(attempts, func(a access.Attempt) bool { return a.Group != attempts[0].Group })
			if end < 0 {
				end = len(attempts)
			}
			if !yield(attempts[:end]) {
				return
			}
			attempts = attempts[end:]
		}
	}
}

// cells returns the rows of a group: every action that a caller may do on a resource. Actions with equal cells on one
// resource share a row, and so do resources with equal actions and cells.
func cells(columns []column, attempts []access.Attempt) ([][]string, error) {
	var all []matrixRow
	permitted := map[string]bool{}
	for _, a := range attempts {
		row := matrixRow{actions: []string{a.Action}, on: []string{a.On}}
		for _, c := range columns {
			applies, verdict, err := c.tries(a)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.name, a, err)
			}
			permitted[a.Action] = permitted[a.Action] || verdict.Allowed
			row.cells = append(row.cells, text(applies, verdict))
		}
		all = append(all, row)
	}
	all = slices.DeleteFunc(all, func(r matrixRow) bool { return !permitted[r.actions[0]] })
	all = merged(all, func(into, r matrixRow) bool { return slices.Equal(into.on, r.on) },
		func(into *matrixRow, r matrixRow) { into.actions = append(into.actions, r.actions...) })
	all = merged(all, func(into, r matrixRow) bool { return slices.Equal(into.actions, r.actions) },
		func(into *matrixRow, r matrixRow) { into.on = append(into.on, r.on...) })
	var rows [][]string
	for _, r := range all {
		rows = append(rows, append([]string{codes(r.actions), strings.Join(r.on, "; ")}, r.cells...))
	}
	return rows, nil
}

type matrixRow struct{ actions, on, cells []string }

// merged joins each row with the first earlier row that has the same cells and is alike.
func merged(rows []matrixRow, alike func(into, r matrixRow) bool, join func(into *matrixRow, r matrixRow)) []matrixRow {
	var kept []matrixRow
	for _, r := range rows {
		i := slices.IndexFunc(kept, func(k matrixRow) bool { return slices.Equal(k.cells, r.cells) && alike(k, r) })
		if i < 0 {
			kept = append(kept, r)
		} else {
			join(&kept[i], r)
		}
	}
	return kept
}

func text(applies bool, v access.Verdict) string {
	switch {
	case v.Allowed:
		return "**yes** " + reasons(v.By)
	case !applies:
		return "–"
	case len(v.By) > 0:
		return "no, " + reasons(v.By)
	}
	return "no"
}

// reasons formats statements and scopes as code, and leaves words as they are.
func reasons(by []string) string {
	by = slices.Compact(slices.Clone(by))
	for i, reason := range by {
		words := strings.Fields(reason)
		if last := words[len(words)-1]; len(words) == 1 || strings.ContainsAny(last, "/.[") {
			words[len(words)-1] = code(last)
		}
		by[i] = strings.Join(words, " ")
	}
	return strings.Join(by, ", ")
}
