package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/access"
)

// stolenHeading begins the part of security.md that says what a thief gains with each token and role.
const stolenHeading = "If it is stolen"

// secrets lists what can be stolen besides roles. The credentials of the identity pool's roles have the names of their
// callers. The replica's function is here because no stage of config has a replica.
var secrets = []string{
	"password", "browse token", "stepped-up token", "Account token", "refresh token of Web",
	"refresh token of StepUp or Account", "ID token",
	"managed-login cookie", "verifier", "offer", "guest credentials", "customer credentials",
	"client secret of a provider", "provider", "deploy",
	"token of the replica", "lambda/replica", "queue of undelivered events",
}

// stolen writes the text that is written by hand. A role of any stage without a line is an error, and so is a line
// without a role or secret.
func (d *document) stolen(root, text string) error {
	d.heading(stolenHeading)
	d.paragraph("%s", strings.TrimSpace(text))
	roles := map[string]bool{}
	for _, cfg := range config.Stages() {
		s, err := readStage(root, cfg)
		if err != nil {
			return err
		}
		for _, role := range s.Roles {
			if role.Name != access.Guest && role.Name != access.Customer {
				roles[role.Name] = true
			}
		}
	}
	return linesFor(text, slices.Concat(secrets, slices.Sorted(maps.Keys(roles))))
}

// linesFor compares the first column of the table in a text with the names that must have one line each.
func linesFor(text string, wanted []string) error {
	lines := map[string]int{}
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, " | "); len(cells) == 2 && strings.HasPrefix(line, "| ") {
			lines[strings.Trim(strings.TrimPrefix(cells[0], "| "), "`")]++
		}
	}
	delete(lines, "stolen") // the head
	var errs []error
	for _, name := range wanted {
		if lines[name] != 1 {
			errs = append(errs, fmt.Errorf("cmd/docs/security.md: %q has %d lines in %q, want one", name, lines[name],
				stolenHeading))
		}
		delete(lines, name)
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		errs = append(errs,
			fmt.Errorf("cmd/docs/security.md: %q in %q is no role of any stage, and not listed in secrets", name,
				stolenHeading))
	}
	return errors.Join(errs...)
}
