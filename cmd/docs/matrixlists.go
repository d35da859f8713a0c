package main

import (
	"slices"
	"strings"

	"github.com/securecart/identity/test/access"
)

// tried lists every attempt once.
func (d *document) tried(attempts []access.Attempt) {
	actions := map[string]bool{}
	for _, a := range attempts {
		actions[a.Action] = true
	}
	d.heading("What was tried")
	d.paragraph(
		"%d attempts with %d actions. An attempt listed here without a row in a table above is refused to every caller of "+
			"that table.",
		len(attempts), len(actions),
	)
	var rows [][]string
	for group := range grouped(attempts) {
		var all []matrixRow
		for _, a := range group {
			all = append(all, matrixRow{actions: []string{a.Action}, on: []string{a.On}})
		}
		all = merged(all, func(into, r matrixRow) bool { return slices.Equal(into.on, r.on) },
			func(into *matrixRow, r matrixRow) { into.actions = append(into.actions, r.actions...) })
		all = merged(all, func(into, r matrixRow) bool { return slices.Equal(into.actions, r.actions) },
			func(into *matrixRow, r matrixRow) { into.on = append(into.on, r.on...) })
		for i, r := range all {
			name := group[0].Group
			if i > 0 {
				name = ""
			}
			rows = append(rows, []string{name, strings.Join(r.on, "; "), codes(r.actions)})
		}
	}
	d.table([]string{"what", "on", "actions"}, rows)
}

// trust lists who may take which role.
func (d *document) trust(s *access.Subject) error {
	d.heading("Who may take which role")
	d.paragraph("The trust policy of each role decides.")
	var rows [][]string
	taken := map[string]bool{}
	for _, role := range s.Roles {
		for _, taker := range s.Takers() {
			verdict, err := s.Take(role, taker)
			if err != nil {
				return err
			}
			if verdict.Allowed {
				taken[taker.Who] = true
				rows = append(rows, []string{role.Name, taker.Who, codes(taker.Actions), reasons(verdict.By)})
			}
		}
	}
	d.table([]string{"role", "taken by", "with", "as allowed by"}, rows)
	var refused []string
	for _, taker := range s.Takers() {
		if !taken[taker.Who] {
			refused = append(refused, taker.Who)
		}
	}
	d.paragraph("Refused every role: %s.", strings.Join(refused, "; "))
	return nil
}

// invocations lists what may invoke which function.
func (d *document) invocations(s *access.Subject) error {
	d.heading("What may invoke which function")
	var rows [][]string
	invoking := map[string]bool{}
	for arn := range s.Functions {
		var events []string
		for _, event := range s.Events() {
			verdict, err := s.Invoke(arn, event)
			if err != nil {
				return err
			}
			if verdict.Allowed {
				invoking[event.What] = true
				events = append(events, event.What)
			}
		}
		rows = append(rows, []string{s.FunctionName(arn), strings.Join(events, ", ")})
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	d.table([]string{"function", "invoked for"}, rows)
	var refused []string
	for _, event := range s.Events() {
		if !invoking[event.What] {
			refused = append(refused, event.What)
		}
	}
	d.paragraph("Refused every function: %s.", strings.Join(refused, "; "))
	return nil
}
