package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/costs"
)

// TestBudgetsAreAboveTheCostAtRest also finds resource types that are neither priced nor known to be free.
func TestBudgetsAreAboveTheCostAtRest(t *testing.T) {
	met := map[string]bool{}
	for _, cfg := range config.Stages() {
		from, err := synthesizedOf(root, cfg)
		if err != nil {
			t.Fatal(err)
		}
		bill, err := costs.Stage{Config: cfg, Synthesized: from}.Rest()
		if err != nil {
			t.Fatal(err)
		}
		if budget := float64(cfg.Alarms.Budget.MonthlyUSD); budget <= bill.USD() {
			t.Errorf("%s: Alarms.Budget.MonthlyUSD is %g, and the stage costs $%.2f when nobody uses it: the budget would "+
				"alarm every month; raise it, or take parts away (docs/costs.md)", cfg.ID(), budget, bill.USD())
		}
		if bill.USD() < 10 {
			t.Errorf("%s costs $%.2f at rest: nothing was counted", cfg.ID(), bill.USD())
		}
		for _, stack := range from.Stacks {
			for _, resource := range stack.Template.Resources {
				met[resource.Type] = true
			}
		}
	}
	for typ := range costs.Kinds() {
		if !met[typ] {
			t.Errorf("%s is in types of internal/costs/types.go and in no template; take it out", typ)
		}
	}
}

func TestTheConfigSaturatesBeforeAWS(t *testing.T) {
	for _, cfg := range config.Stages() {
		limits := costs.Limits(cfg)
		if first := limits[0]; cfg.Email.SES() && !first.Own {
			t.Errorf("%s: %s saturates first, a quota of the whole account: lower what the config takes, or docs/costs.md "+
				"says something else than is", cfg.ID(), first.What)
		}
		sorted := slices.IsSortedFunc(limits, func(a, b costs.Limit) int {
			if a.Shoppers() < b.Shoppers() {
				return -1
			}
			return 0
		})
		if !sorted {
			t.Errorf("%s: limits are not sorted", cfg.ID())
		}
	}
}

func TestATypeWithoutAPriceIsNamed(t *testing.T) {
	stage := costs.Stage{Synthesized: assembly.Synthesized{Stacks: []assembly.Stack{{
		Name:     "SecureCart-Test-Data",
		Template: assembly.Template{Resources: map[string]assembly.Resource{"New": {Type: "AWS::New::Thing"}}},
	}}}}
	_, err := stage.Rest()
	if err == nil || !strings.Contains(err.Error(), "SecureCart-Test-Data/New has the type AWS::New::Thing") {
		t.Errorf("got %v", err)
	}
}
