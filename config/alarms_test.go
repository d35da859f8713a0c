package config

import (
	"reflect"
	"strings"
	"testing"
)

func TestRefusesAlarmsThatCannotWork(t *testing.T) {
	for _, r := range []refusal{
		{"a threshold that always alarms", own(), func(s *Stage) { s.Alarms.Thresholds.SignUps.Value = 0 },
			"Alarms.Thresholds.SignUps: must be above 0, or it would always alarm, got 0; set what is unusual for the stage"},
		{"a share of nothing", staging(), func(s *Stage) { s.Alarms.Thresholds.ServerErrorsPercent.Value = 0 },
			"Alarms.Thresholds.ServerErrorsPercent: must be above 0 and at most 100 percent, got 0; " +
				"set what is unusual for the stage"},
		{"more than all", staging(), func(s *Stage) { s.Alarms.Thresholds.BlockedPercent.Value = 101 },
			"Alarms.Thresholds.BlockedPercent: must be above 0 and at most 100 percent, got 101; " +
				"set what is unusual for the stage"},
		{"a threshold without a reason", prod(), func(s *Stage) { s.Alarms.Thresholds.Requests.Why = "" },
			"Alarms.Thresholds.Requests: must say why it is 50, got no reason; the alarm shows it to people whom it reaches"},
		{"nobody who is woken", prod(), func(s *Stage) { s.Alarms.Pager = "" },
			"Alarms.Pager: somebody must be woken when customers cannot buy, got none; enter the paging service's address"},
		{"a pager without an address", staging(), func(s *Stage) { s.Alarms.Pager = "pager" },
			`Alarms.Pager: must be an address, got "pager"; enter one`},
		{"a budget of nothing", own(), func(s *Stage) { s.Alarms.Budget.MonthlyUSD = 0 },
			"Alarms.Budget.MonthlyUSD: must be at least 1 US dollar, got 0; set what the stage may cost in a month"},
		{"a quiet page in production", prod(), func(s *Stage) { s.Alarms.Quiet = []Runbook{BotSignUps} },
			`Alarms.Quiet: every alarm must tell somebody in Production, got ["bot-sign-ups"]; remove them`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestRefusesARecordThatNobodyKeepsOrHearsOf(t *testing.T) {
	for _, r := range []refusal{
		{"a record without a lock", own(), func(s *Stage) { s.SecurityEvents.LockDays = 0 },
			"SecurityEvents.LockDays: must be 1 to 3650 days, got 0; set how long the record of changes is kept"},
		{"a lock for ever", prod(), func(s *Stage) { s.SecurityEvents.LockDays = 36500 },
			"SecurityEvents.LockDays: must be 1 to 3650 days, got 36500; set how long the record of changes is kept"},
		{"a short record in production", prod(), func(s *Stage) { s.SecurityEvents.LockDays = 364 },
			"SecurityEvents.LockDays: must be at least 365 in Production (PCI DSS 4.0.1, 10.5.1), got 364; raise it"},
		{"exports without a lock", own(), func(s *Stage) { s.UserExports.LockDays = 0 },
			"UserExports.LockDays: must be 1 to 35 days, got 0; set how long an export of the users is " +
				"kept, and so how long an erased customer stays in it"},
		{"exports that outlast erasing", prod(), func(s *Stage) { s.UserExports.LockDays = 36 },
			"UserExports.LockDays: must be 1 to 35 days, got 36; set how long an export of the users is " +
				"kept, and so how long an erased customer stays in it"},
		{"exports that end early", prod(), func(s *Stage) { s.UserExports.LockDays = 6 },
			"UserExports.LockDays: must be at least 7 in Production, got 6; raise it, or an export of " +
				"before the damage is gone when somebody notices"},
		{"nobody who hears", staging(), func(s *Stage) { s.SecurityEvents.Email = "" },
			"SecurityEvents.Email: somebody must hear of changes past the pipeline where purpose is " +
				"Rehearsal, got none; enter an address"},
		{"an address that is none", own(), func(s *Stage) { s.SecurityEvents.Email = "me" },
			`SecurityEvents.Email: must be an address, got "me"; enter one`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestAnUnknownPageIsRefusedWithTheListOfPages(t *testing.T) {
	s := own()
	s.Alarms.Quiet = []Runbook{"bot-signups"}
	err := s.Validate()
	if err == nil || !strings.Contains(err.Error(), `got "bot-signups"; choose among ["cannot-sign-in"`) {
		t.Errorf("got %v", err)
	}
}

// TestEveryThresholdIsChecked finds thresholds that the rule would skip: those of another type, or in a struct.
func TestEveryThresholdIsChecked(t *testing.T) {
	s := own()
	s.Alarms.Thresholds = Thresholds{}
	err := s.Validate()
	if err == nil {
		t.Fatal("no threshold at all is accepted")
	}
	all := reflect.TypeFor[Thresholds]()
	for i := range all.NumField() {
		if field := "Alarms.Thresholds." + all.Field(i).Name + ": must"; strings.Count(err.Error(), field) != 2 {
			t.Errorf("%s: value and reason are not both checked", all.Field(i).Name)
		}
	}
}

func TestStagesThatWouldShareABudgetAreRefused(t *testing.T) {
	whole, other := prod(), staging()
	whole.Alarms.Budget.ByTag = false
	const want = "SecureCart-Prod: Alarms.Budget.ByTag: must be true where another stage is in the account, or they " +
		"share the budget of account 111122223333, got false (also in it: SecureCart-Staging); " +
		"set ByTag: true, and activate the tag stage for cost allocation"
	if err := Validate([]Stage{other, whole}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	whole.Account = "222233334444"
	if errs := sharedBudgets([]Stage{other, whole}); len(errs) > 0 {
		t.Errorf("stages in accounts of their own share nothing: %v", errs)
	}
}
