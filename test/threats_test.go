package test

import (
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
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
		t.Errorf("no stage has %s: remove it from test/threats/properties.go", entry)
	}
}

// weakened are the stages that are weakened: Dev, Prod with what only Production must have, and a variant with what
// neither
// has, for the threats that are about it.
var weakened = map[string][]string{"Dev": nil, "Prod": nil, "ProdEverything": {"U20", "U21", "U35", "U40"}}

// TestEveryMutationIsNoticed weakens stages in every way that the catalogue and the attack scripts know, one at a time.
// A
// mutation that the named check does not notice shows a hole in it. With -v it also counts which mutations other checks
// notice,
// which takes seconds.
func TestEveryMutationIsNoticed(t *testing.T) {
	tried := map[string][]threats.Outcome{}
	var stages []*threats.Stage
	eachStage(t, func(t *testing.T, s stageOf) {
		only, wanted := weakened[s.config.Name]
		if !wanted {
			return
		}
		stage := threats.NewStage(s.Stage, s.config)
		stages = append(stages, stage)
		tried[s.config.Name] = threats.Try(stage, testing.Verbose(), only...)
		for _, o := range tried[s.config.Name] {
			switch {
			case o.Err != nil:
				t.Errorf("%s: %v", o.Threat, o.Err)
			case len(o.Noticed) == 0:
				t.Errorf("%s did not notice: %s (others that did: %v)", o.Threat, o.Name, o.Others)
			}
		}
		if got := len(tried[s.config.Name]); got < 200 || (only == nil && got < 6000) {
			t.Errorf("%d mutations: most weakenings met nothing", got)
		}
	})
	if len(stages) != len(weakened) {
		t.Errorf("weakened %d stages, want %d", len(stages), len(weakened))
	}
	for _, name := range threats.Idle(stages...) {
		t.Errorf("%s weakens no stage: nothing shows that anybody would notice", name)
	}
	var report strings.Builder
	threats.Report(&report, tried)
	t.Log("\n" + report.String())
}
