package threats

import (
	"slices"
	"testing"
)

func TestEveryControlIsMetBySomethingOrSaysWhyNot(t *testing.T) {
	seen, byStandard := map[string]bool{}, map[string]int{}
	for _, c := range Controls() {
		name := c.Standard + " " + c.ID
		if c.ID == "" || c.Title == "" || !slices.Contains([]Met{ByTemplates, Partly, ByOperator, Deviates, NotApplicable}, c.Met) {
			t.Errorf("%s is not fully described: %+v", name, c)
		}
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		byStandard[c.Standard]++
		if (c.Met == ByTemplates || c.Met == Partly) && len(c.Threats) == 0 {
			t.Errorf("%s is %s, proven by nothing", name, c.Met)
		}
		if (c.Met == Partly || c.Met == Deviates || c.Met == NotApplicable) && c.Note == "" {
			t.Errorf("%s is %s without a reason", name, c.Met)
		}
		for _, id := range c.Threats {
			if threat, found := ByID(id); !found || threat.Accepted() {
				t.Errorf("%s rests on threat %q, which proves nothing", name, id)
			}
		}
	}
	for standard, least := range map[string]int{FSBP: 40, PCI: 35, HIPAA: 12} {
		if byStandard[standard] < least {
			t.Errorf("%d controls of %s, want %d and more", byStandard[standard], standard, least)
		}
	}
	for _, id := range []string{"Cognito.1", "Cognito.2", "Cognito.3", "Cognito.4", "Cognito.5", "Cognito.6",
		"APIGateway.1", "APIGateway.2", "APIGateway.3", "APIGateway.4", "APIGateway.5", "APIGateway.8", "APIGateway.9",
	} {
		if !seen[FSBP+" "+id] {
			t.Errorf("%s is not listed", id)
		}
	}
}
