package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// npmReport is the output of `npm audit --json`: a report, a failure of the registry (Message), or another failure
// (Error). https://docs.npmjs.com/cli/commands/npm-audit
type npmReport struct {
	AuditReportVersion int
	Vulnerabilities    map[string]struct {
		Severity string
		Via      []json.RawMessage
	}

	Message string
	Error   struct{ Code, Summary string }
}

// auditNPM looks up every package of package-lock.json.
func (a auditor) auditNPM() error {
	output, code, err := a.run(a.root,
		"npm", "audit", "--json", "--package-lock-only", "--fetch-retries=0", "--fetch-timeout=5000")
	if err != nil {
		return fmt.Errorf("npm audit: %w", err)
	}
	// npm prints its messages to people after the report, on its standard error.
	var report npmReport
	if err := json.NewDecoder(strings.NewReader(string(output))).Decode(&report); err != nil {
		return fmt.Errorf("npm audit printed no report: %w\n%s", err, output)
	}
	switch {
	case report.AuditReportVersion == 2 && len(report.Vulnerabilities) > 0:
		return fmt.Errorf("npm audit found vulnerabilities: update what it names\n%s", report.findings())
	case report.AuditReportVersion == 2 && code == 0:
		fmt.Fprintln(a.out, "audit: npm audit found nothing")
		return nil
	case report.AuditReportVersion == 0 && report.Error.Code == "" && report.Message != "":
		return a.skip("npm audit", "its database cannot be reached: "+report.Message)
	}
	return fmt.Errorf("npm audit failed\n%s", output)
}

// findings returns a line for each package.
func (r npmReport) findings() string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(r.Vulnerabilities)) {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", name, r.Vulnerabilities[name].Severity, r.reasons(name)))
	}
	return strings.Join(lines, "\n")
}

// reasons returns the advisories about a package, or the packages through which it is affected.
func (r npmReport) reasons(name string) string {
	var reasons []string
	for _, via := range r.Vulnerabilities[name].Via {
		var advisory struct{ Title, URL string }
		var through string
		if json.Unmarshal(via, &through) == nil {
			reasons = append(reasons, "through "+through)
		} else if json.Unmarshal(via, &advisory) == nil {
			reasons = append(reasons, advisory.Title+" "+advisory.URL)
		}
	}
	return strings.Join(reasons, "; ")
}
