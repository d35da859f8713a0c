package main

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/securecart/identity/test/threats"
)

// security returns the page of threats, attacks and controls.
func security(root string) (string, error) {
	var d document
	introduction, stolen, _ := strings.Cut(securityText, "\n## "+stolenHeading+"\n")
	d.title("Security: known attacks, what closes them, and the proof")
	d.paragraph("%s", strings.TrimSpace(introduction))
	d.summary()
	errs := []error{d.threats(&sources{root: root})}
	d.limits()
	errs = append(errs, d.stolen(root, stolen))
	d.attacks()
	errs = append(errs, d.controls())
	d.sources()
	return strings.TrimRight(d.String(), "\n") + "\n", errors.Join(errs...)
}

// securityText is written by hand: the introduction, and the table of what a thief gains.
//
//go:embed security.md
var securityText string

func (d *document) summary() {
	counts := map[string]int{}
	for _, t := range threats.All() {
		counts[t.Status()]++
	}
	d.wrapped("%d threats: %d closed, %d closed with a limit, %d accepted. "+
		"%d moves of published attacks. %d controls of three standards.",
		len(threats.All()), counts["closed"], counts["closed, with a limit"], counts["accepted"],
		len(threats.Attacks()), len(threats.Controls()))
}

// areas lists the parts of the catalogue by the first letter of an id.
var areas = []struct{ letter, title string }{
	{"U", "User pool and sign-in"},
	{"I", "Identity pool and roles"},
	{"A", "API, data and deployment"},
}

func (d *document) threats(proofs *sources) error {
	d.heading("Threats")
	var errs []error
	shown := 0
	for _, area := range areas {
		d.subheading(area.title)
		var rows [][]string
		for _, t := range threats.All() {
			if !strings.HasPrefix(t.ID, area.letter) {
				continue
			}
			proof, err := proofs.of(t)
			errs = append(errs, err)
			rows = append(rows, []string{anchor(t.ID), plain(t.Title), plain(t.Closed), proof, status(t)})
			shown++
		}
		d.table([]string{"", "attack", "what closes it", "proof", "status"}, rows)
	}
	if all := len(threats.All()); shown != all {
		errs = append(errs, fmt.Errorf("%d of %d threats belong to an area: name the others in areas", shown, all))
	}
	return errors.Join(errs...)
}

// anchor is the target of link.
func anchor(id string) string { return `<a id="` + strings.ToLower(id) + `"></a>` + id }

func link(id string) string { return "[" + id + "](#" + strings.ToLower(id) + ")" }

func links(ids []string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = link(id)
	}
	return strings.Join(all, ", ")
}

func status(t threats.Threat) string {
	if t.Limit == "" {
		return t.Status()
	}
	return "[" + t.Status() + "](#limits)"
}

func (d *document) limits() {
	d.heading("Limits")
	d.wrapped("What stays open, and why it is accepted.")
	for _, t := range threats.All() {
		if t.Limit != "" {
			d.bullet("**%s** %s. %s", link(t.ID), plain(t.Title), plain(t.Limit))
		}
	}
	d.end()
}

// attacks writes the moves by tool or guide.
func (d *document) attacks() {
	d.heading("Published attacks, move by move")
	d.wrapped("Each move is a test case: with the setting that the move needs, the check of the threat fails.")
	var tools []string
	rows := map[string][][]string{}
	for _, a := range threats.Attacks() {
		tool, where, _ := strings.Cut(a.Source, " ")
		if rows[tool] == nil {
			tools = append(tools, tool)
		}
		cells := []string{plain(a.Name), plain(a.Tries), plain(a.Stopped), link(a.Threat), plain(where)}
		rows[tool] = append(rows[tool], cells)
	}
	for _, tool := range tools {
		d.subheading(tool)
		d.table([]string{"move", "what it tries", "what stops it", "threat", "described in"}, rows[tool])
	}
}

func (d *document) controls() error {
	d.heading("Controls")
	d.wrapped("Which technical controls are met here, by which checks, and what remains the task of the account's " +
		"owner.")
	shown := 0
	for _, standard := range []string{threats.FSBP, threats.PCI, threats.HIPAA} {
		d.subheading(standard)
		d.wrapped("%s", plain(threats.Scopes[standard]))
		var rows [][]string
		for _, c := range threats.Controls() {
			if c.Standard == standard {
				rows = append(rows, []string{c.ID, plain(c.Title), string(c.Met), links(c.Threats), plain(c.Note)})
				shown++
			}
		}
		d.table([]string{"", "control", "status", "proof", "note"}, rows)
	}
	if all := len(threats.Controls()); shown != all {
		return fmt.Errorf("%d of %d controls belong to a standard that is listed", shown, all)
	}
	return nil
}

func (d *document) sources() {
	d.heading("Sources")
	var rows [][]string
	for _, t := range threats.All() {
		rows = append(rows, []string{link(t.ID), plain(strings.Join(t.Sources, "; "))})
	}
	d.table([]string{"", "described in"}, rows)
}
