package main

import (
	"fmt"
	"testing"

	"github.com/securecart/identity/config"
)

// trails are one trail of another Region, or of all.
func trails(home string, all bool) string {
	return fmt.Sprintf(`{"trailList":[{"Name":"all","HomeRegion":%q,"IsMultiRegionTrail":%t,`+
		`"TrailARN":"arn:aws:cloudtrail:%s:111122223333:trail/all"}]}`, home, all, home)
}

func selectors(kind string, management bool) string {
	return fmt.Sprintf(`{"EventSelectors":[{"ReadWriteType":%q,"IncludeManagementEvents":%t}]}`, kind, management)
}

// selector is an advanced selector of a category, with a further field if one is given.
func selector(category, further string) string {
	return `{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["` + category + `"]}` +
		further + `]}]}`
}

func TestTrails(t *testing.T) {
	const (
		good  = "ok: the trail all logs management events of eu-central-1"
		empty = "warning: no trail logs management events of eu-central-1: the record of changes stays empty, and nobody " +
			"is told of changes past the pipeline"
		blind = "warning: the trail all logs no reads in eu-central-1: takers of the support desk's roles are not " +
			"recorded, and the alarm SecurityEventsSilent starts"
	)
	of := func(operation, body string) map[string][]answer { return map[string][]answer{operation: said(body)} }
	reads := func(value string) string { return `,{"Field":"readOnly","Equals":["` + value + `"]}` }
	findings := map[string]finding{}
	for name, c := range map[string]struct {
		changes map[string][]answer
		want    string
	}{
		"no trail":                  {of("DescribeTrails", `{"trailList":[]}`), empty},
		"of another Region":         {of("DescribeTrails", trails("eu-west-1", false)), empty},
		"of this Region":            {of("DescribeTrails", trails("eu-central-1", false)), good},
		"stopped":                   {of("GetTrailStatus", `{"IsLogging":false}`), empty},
		"data only":                 {of("GetEventSelectors", selectors("All", false)), empty},
		"reads only":                {of("GetEventSelectors", selectors("ReadOnly", true)), empty},
		"writes only":               {of("GetEventSelectors", selectors("WriteOnly", true)), blind},
		"advanced: all":             {of("GetEventSelectors", selector("Management", "")), good},
		"advanced: data only":       {of("GetEventSelectors", selector("Data", "")), empty},
		"advanced: writes only":     {of("GetEventSelectors", selector("Management", reads("false"))), blind},
		"advanced: reads only":      {of("GetEventSelectors", selector("Management", reads("true"))), empty},
		"no selectors of any kind":  {of("GetEventSelectors", `{}`), empty},
		"advanced: no field at all": {of("GetEventSelectors", `{"AdvancedEventSelectors":[{"FieldSelectors":[]}]}`), empty},
	} {
		findings[name] = finding{changes: c.changes, check: "trail", want: []string{c.want}}
		if c.want != good {
			f := findings[name]
			f.remedy = "docs/adr/0023-security-events.md"
			findings[name] = f
		}
	}
	testFindings(t, findings)
}

func TestForwardingOfIAMsEvents(t *testing.T) {
	testFindings(t, map[string]finding{
		"no rule": {
			changes: map[string][]answer{"ListRuleNamesByTarget": said(`{"RuleNames":[]}`)}, check: "IAM's events",
			remedy: "Changes of roles",
			want: []string{"warning: no rule in us-east-1 forwards IAM's events to eu-central-1: changes of the stage's " +
				"roles are not recorded"},
		},
		"a stage where they are": {
			stage: func(s *config.Stage) { s.Region = "us-east-1" }, check: "IAM's events", want: nil,
		},
	})
	_, r := look(t, prod(), nil, nil)
	if want := `"arn:aws:events:eu-central-1:444455556666:event-bus/default"`; r.sent["ListRuleNamesByTarget"] !=
		`{"TargetArn":`+want+`}` {
		t.Errorf("asked %s", r.sent["ListRuleNamesByTarget"])
	}
}
