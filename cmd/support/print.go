package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support"
)

// answer prints the result: in JSON if requested, otherwise by human.
func (w *work) answer(result any, human func()) error {
	w.progress.stop()
	if !w.json {
		human()
		return nil
	}
	encoder := json.NewEncoder(w.stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(result); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// rows prints pairs of a name and a value in two columns.
func (t terminal) rows(to io.Writer, rows ...[2]string) {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(table, "%s\t%s\n", row[0], printable(row[1]))
		}
	}
	_ = table.Flush()
}

func (w *work) customer(c support.Customer) { w.rows(w.stdout, customerRows(c)...) }

func customerRows(c support.Customer) [][2]string {
	var identities []string
	for _, i := range c.Identities {
		identities = append(identities, i.Provider)
	}
	email := c.Email
	if email != "" && !c.EmailVerified {
		email += " (not verified)"
	}
	return [][2]string{
		{"user name", c.Username},
		{"sub", c.Sub},
		{"e-mail", email},
		{"account", c.Status},
		{"sign-in", map[bool]string{true: "enabled", false: "disabled"}[c.Enabled]},
		{"providers", strings.Join(identities, ", ")},
		{"created", moment(&c.Created)},
		{"changed", moment(&c.Modified)},
	}
}

// state prints a customer and what has been proven, in one table.
func (w *work) state(s support.State) {
	says := map[string]string{
		"none":      "none: the customer cannot buy",
		"unsealed":  "not sealed: the customer cannot buy before a proof of the mailbox",
		"suspended": "suspended by a visit to the settings: the customer cannot buy before a proof of the mailbox",
		"sealed":    "sealed: the customer can buy",
	}
	w.rows(w.stdout, append(customerRows(s.Customer),
		[2]string{"factors", strings.Join(s.Factors, ", ")},
		[2]string{"second factor", says[s.Factor]},
		[2]string{"sealed", strings.TrimSpace(moment(s.Proofs.FactorTrustedAt) + " " + s.Proofs.FactorKind)},
		[2]string{"suspended", moment(s.Proofs.FactorSuspendedAt)},
		[2]string{"proof counts until", moment(s.Proofs.ProofExpiresAt)},
	)...)
}

// holding prints the data to remove to the output of questions, so that stdout holds only the JSON.
func (w *work) holding(h support.Holding) {
	yes := map[bool]string{true: "yes", false: "no"}
	email := h.Email
	if email == "" {
		email = "none"
	}
	fmt.Fprintln(w.stderr, "This would be removed for good:")
	w.rows(w.stderr,
		[2]string{"  sub", h.Sub + " (note it: `erase -sub` finishes with it)"},
		[2]string{"  account", yes[h.Account]},
		[2]string{"  e-mail", email},
		[2]string{"  profile", yes[h.Profile]},
		[2]string{"  payment method", yes[h.PaymentMethod]},
		[2]string{"  records of providers", fmt.Sprint(len(h.Links))},
		[2]string{"  proofs", yes[h.Proofs]},
		[2]string{"  documents", fmt.Sprintf("%d versions", h.Documents)},
		[2]string{"Orders that stay", fmt.Sprint(h.Orders)},
	)
}

// moment is a time to the second, empty if there is none.
func moment(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// printable replaces characters that control a terminal: customers choose names and addresses.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || r == '\n' {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

const red = "31"

// paint colours text for a terminal, unless NO_COLOR is set (https://no-color.org).
func (t terminal) paint(to io.Writer, colour, text string) string {
	if !program.IsTerminal(to) || t.environment("NO_COLOR") != "" || t.environment("TERM") == "dumb" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
