package test

import (
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestEveryThreatIsClosedInEveryStage runs the whole catalogue of package threats.
func TestEveryThreatIsClosedInEveryStage(t *testing.T) {
	var found findings
	for _, target := range targets() {
		for _, finding := range threats.CheckAll(target) {
			threat, _ := threats.ByID(finding.Threat)
			found.add(target, finding.String()+"\n\tthe attack: "+threat.Title+"\n\tis closed if: "+threat.Closed)
		}
	}
	found.report(t)
}

// TestEveryChangeOfATemplateIsNoticed changes every value of every stage, one at a time: a threat's check must notice,
// or the change must be on the list of those that decide nothing. It also shows that the check of every threat and
// every published move can fail.
func TestEveryChangeOfATemplateIsNoticed(t *testing.T) {
	review := threats.ReviewStages(targets()...)
	for _, place := range review.Unnoticed {
		t.Errorf("no threat notices a change of %s\n\tjudge it in the check of a threat, or list it in "+
			"test/threats/decidesnothing.go with the reason why it opens no attack", place)
	}
	for _, stale := range review.Stale {
		t.Error(stale)
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
		review.Tried, len(targets()), review.Tried-review.Exempt-len(review.Unnoticed), review.Exempt)
}
