package config

import (
	"net/mail"
	"reflect"
	"slices"
	"strings"
)

func alarms(s Stage, p *problems) {
	a := s.Alarms
	if s.Users.SendsSMS() && a.SMSSpendUSD < 1 {
		p.add(
			"Alarms.SMSSpendUSD",
			"must be at least 1 US dollar a month where SMS are sent, got %d; set what the account may spend before "+
				"somebody looks",
			a.SMSSpendUSD,
		)
	}
	if a.Email == "" && (s.Purpose == Rehearsal || s.Purpose == Production) {
		p.add("Alarms.Email", "an alarm must reach somebody where purpose is %s, got none; enter an address", s.Purpose)
	}
	if a.Pager == "" && s.Purpose == Production {
		p.add(
			"Alarms.Pager",
			"somebody must be woken when customers cannot buy, got none; enter the paging service's address",
		)
	}
	address(p, "Alarms.Email", a.Email)
	address(p, "Alarms.Pager", a.Pager)
	quiet(s, p)
	if a.Budget.MonthlyUSD < 1 {
		p.add("Alarms.Budget.MonthlyUSD", "must be at least 1 US dollar, got %d; set what the stage may cost in a month",
			a.Budget.MonthlyUSD)
	}
	aboveZero(p, a.Thresholds)
}

// mostLockDays is ten years: longer is a mistake that nobody could undo.
const mostLockDays = 3650

func securityEvents(s Stage, p *problems) {
	e := s.SecurityEvents
	switch {
	case e.LockDays < 1 || e.LockDays > mostLockDays:
		p.add("SecurityEvents.LockDays", "must be 1 to %d days, got %d; set how long the record of changes is kept",
			mostLockDays, e.LockDays)
	case e.LockDays < 365 && s.Purpose == Production:
		p.add("SecurityEvents.LockDays", "must be at least 365 in Production (PCI DSS 4.0.1, 10.5.1), got %d; raise it",
			e.LockDays)
	}
	if e.Email == "" && (s.Purpose == Rehearsal || s.Purpose == Production) {
		p.add("SecurityEvents.Email", "somebody must hear of changes past the pipeline where purpose is %s, got none; "+
			"enter an address", s.Purpose)
	}
	address(p, "SecurityEvents.Email", e.Email)
}

// mostExportDays is how long tables can be restored, too. A customer who is erased must not stay longer.
const mostExportDays = 35

func userExports(s Stage, p *problems) {
	switch days := s.UserExports.LockDays; {
	case days < 1 || days > mostExportDays:
		p.add("UserExports.LockDays", "must be 1 to %d days, got %d; set how long an export of the users is kept, and so "+
			"how long an erased customer stays in it", mostExportDays, days)
	case days < 7 && s.Purpose == Production:
		p.add("UserExports.LockDays", "must be at least 7 in Production, got %d; raise it, or an export of before the "+
			"damage is gone when somebody notices", days)
	}
}

// address refuses anything but a bare e-mail address. It accepts an empty one: alarms decides where that is allowed.
func address(p *problems, field, got string) {
	if parsed, err := mail.ParseAddress(got); got != "" && (err != nil || parsed.Address != got) {
		p.add(field, "must be an address, got %q; enter one", got)
	}
}

// quiet refuses pages that do not exist. In Production it refuses every page.
func quiet(s Stage, p *problems) {
	for _, page := range s.Alarms.Quiet {
		if !slices.Contains(Runbooks(), page) {
			p.add("Alarms.Quiet", "must name pages of docs/runbooks, got %q; choose among %q", page, Runbooks())
		}
	}
	if s.Purpose == Production && len(s.Alarms.Quiet) > 0 {
		p.add("Alarms.Quiet", "every alarm must tell somebody in Production, got %q; remove them", s.Alarms.Quiet)
	}
}

// aboveZero refuses thresholds that would always or never alarm, and thresholds without a reason.
func aboveZero(p *problems, thresholds Thresholds) {
	all := reflect.ValueOf(thresholds)
	for i := range all.NumField() {
		name, threshold := all.Type().Field(i).Name, all.Field(i).Interface().(Threshold)
		field := "Alarms.Thresholds." + name
		percent := strings.HasSuffix(name, "Percent")
		switch {
		case percent && (threshold.Value <= 0 || threshold.Value > 100):
			p.add(field, "must be above 0 and at most 100 percent, got %v; set what is unusual for the stage", threshold.Value)
		case threshold.Value <= 0:
			p.add(field, "must be above 0, or it would always alarm, got %v; set what is unusual for the stage", threshold.Value)
		}
		if threshold.Why == "" {
			p.add(field, "must say why it is %v, got no reason; the alarm shows it to people whom it reaches", threshold.Value)
		}
	}
}

// sharedBudgets refuses a budget of the whole account where another stage is in that account: it would count the other
// stage's costs, too. Stages without a pinned account are not compared, since the CLI's credentials decide theirs.
func sharedBudgets(stages []Stage) []error {
	var found []error
	for _, whole := range stages {
		for _, other := range stages {
			if whole.Account == "" || whole.Account != other.Account || whole.Name == other.Name || whole.Alarms.Budget.ByTag {
				continue
			}
			p := &problems{stage: whole.ID()}
			p.add("Alarms.Budget.ByTag", "must be true where another stage is in the account, or they share the budget of "+
				"account %s, got false (also in it: %s); set ByTag: true, and activate the tag stage for cost allocation",
				whole.Account, other.ID())
			found = append(found, p.found...)
		}
	}
	return found
}
