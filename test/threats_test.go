package test

import (
	"strings"
	"testing"

	"github.com/securecart/identity/threats"
)

// TestEveryThreatIsClosedInEveryStage runs the whole catalogue. What it says is what a reviewer would want to know; what
// each check asks for stands in package threats.
func TestEveryThreatIsClosedInEveryStage(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, finding := range threats.CheckAll(threats.NewStage(s.Stage, s.config)) {
			threat, _ := threats.ByID(finding.Threat)
			t.Errorf("%s\n\tthe attack: %s\n\tis closed if: %s", finding, threat.Title, threat.Closed)
		}
	})
}

// TestNothingIsListedThatNoStageHas keeps the surface of package threats as small as the stages: what is listed without need
// could come back unjudged.
func TestNothingIsListedThatNoStageHas(t *testing.T) {
	var all []*threats.Stage
	eachStage(t, func(_ *testing.T, s stageOf) { all = append(all, threats.NewStage(s.Stage, s.config)) })
	for _, entry := range threats.Stale(all...) {
		t.Errorf("no stage has %s: remove it from threats/properties.go", entry)
	}
}

// TestEveryMutationIsNoticed weakens two stages in every way that the catalogue and the attack scripts know, one at a time:
// Dev, and Prod with what only Production must have. A mutation that the named check does not notice shows a hole in it.
// With -v it also counts which mutations other checks notice, which takes seconds.
func TestEveryMutationIsNoticed(t *testing.T) {
	tried := map[string][]threats.Outcome{}
	var weakened []*threats.Stage
	eachStage(t, func(t *testing.T, s stageOf) {
		if s.config.Name != "Dev" && s.config.Name != "Prod" {
			return
		}
		stage := threats.NewStage(s.Stage, s.config)
		weakened = append(weakened, stage)
		tried[s.config.Name] = threats.Try(stage, testing.Verbose())
		for _, o := range tried[s.config.Name] {
			switch {
			case o.Err != nil:
				t.Errorf("%s: %v", o.Threat, o.Err)
			case len(o.Noticed) == 0:
				t.Errorf("%s did not notice: %s (others that did: %v)", o.Threat, o.Name, o.Others)
			}
		}
		if got := len(tried[s.config.Name]); got < 2000 {
			t.Errorf("%d mutations: most weakenings met nothing", got)
		}
	})
	if len(weakened) != 2 {
		t.Errorf("weakened %d stages, want Dev and Prod", len(weakened))
	}
	for _, name := range threats.Idle(weakened...) {
		t.Errorf("%s weakens neither Dev nor Prod: nothing shows that anybody would notice", name)
	}
	var report strings.Builder
	threats.Report(&report, tried)
	t.Log("\n" + report.String())
}
