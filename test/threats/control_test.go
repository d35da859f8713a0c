package threats

import (
	"fmt"
	"slices"
	"testing"
)

func TestEveryControlIsMetBySomethingOrSaysWhyNot(t *testing.T) {
	seen, byStandard := map[string]bool{}, map[string]int{}
	for _, c := range Controls() {
		name, kinds := c.Standard+" "+c.ID, []Met{ByTemplates, Partly, ByOperator, Deviates, NotApplicable}
		if c.ID == "" || c.Title == "" || !slices.Contains(kinds, c.Met) {
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
	for standard, least := range map[string]int{FSBP: 50, PCI: 35, HIPAA: 12} {
		if Scopes[standard] == "" {
			t.Errorf("%s does not say what its list covers", standard)
		}
		if byStandard[standard] < least {
			t.Errorf("%d controls of %s, want %d and more", byStandard[standard], standard, least)
		}
	}
}

// TestEveryControlOfTheServicesInUseIsListed names the numbers that the user guide gives to the controls of each
// service, without those that are retired or only ask for tags.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
func TestEveryControlOfTheServicesInUseIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range Controls() {
		listed[c.Standard+" "+c.ID] = true
	}
	for service, numbers := range map[string][]int{
		"Cognito":    {1, 2, 3, 4, 5, 6},
		"APIGateway": {1, 2, 3, 4, 5, 8, 9, 10, 11},
		"DynamoDB":   {1, 2, 3, 4, 6, 7},
		"Lambda":     {1, 2, 3, 5, 7},
		"S3":         {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 22, 23, 24},
		"KMS":        {4, 5},
		"WAF":        {10, 11, 12},
	} {
		for _, number := range numbers {
			if id := fmt.Sprint(service, ".", number); !listed[FSBP+" "+id] {
				t.Errorf("%s is not listed", id)
			}
		}
	}
}
