package test

import (
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestEveryThreatIsClosedInEveryStage runs the whole catalogue. What it says is what a reviewer would want to know; what
// each check asks for stands in package threats.
func TestEveryThreatIsClosedInEveryStage(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, finding := range threats.CheckAll(threats.NewStage(s.Synthesized, s.config)) {
			threat, _ := threats.ByID(finding.Threat)
			t.Errorf("%s\n\tthe attack: %s\n\tis closed if: %s", finding, threat.Title, threat.Closed)
		}
	})
}

// TestNothingIsListedThatNoStageHas keeps the surface of package threats as small as the stages: what is listed without need
// could come back unjudged.
func TestNothingIsListedThatNoStageHas(t *testing.T) {
	var all []*threats.Stage
	eachStage(t, func(_ *testing.T, s stageOf) { all = append(all, threats.NewStage(s.Synthesized, s.config)) })
	for _, entry := range threats.Stale(all...) {
		t.Errorf("no stage has %s: remove it from test/threats/properties.go", entry)
	}
}

// TestEveryChangeOfATemplateIsNoticed changes every value of every stage, one at a time: a threat's check must notice, or the
// change stands on the list of those that decide nothing. Every threat and every published move shows that its check can
// turn red.
func TestEveryChangeOfATemplateIsNoticed(t *testing.T) {
	var stages []*threats.Stage
	eachStage(t, func(_ *testing.T, s stageOf) { stages = append(stages, threats.NewStage(s.Synthesized, s.config)) })
	review := threats.ReviewStages(stages...)
	for _, place := range review.Unnoticed {
		t.Errorf("no threat notices a change of %s\n\tjudge it in the check of a threat, or list it in "+
			"test/threats/decidesnothing.go with the reason why it opens no attack", place)
	}
	for _, place := range review.Stale {
		t.Errorf("every change of %s is noticed: remove it from test/threats/decidesnothing.go", place)
	}
	for _, id := range review.Silent {
		t.Errorf("the check of %s notices no change of any stage: it may be unable to fail", id)
	}
	for _, move := range review.Missed {
		t.Errorf("a published move is not stopped: %s", move)
	}
	if review.Tried < 40000 {
		t.Errorf("%d changes only", review.Tried)
	}
	t.Logf("%d changes of %d stages: %d noticed by a threat, %d decide nothing",
		review.Tried, len(stages), review.Tried-review.Exempt-len(review.Unnoticed), review.Exempt)
}
