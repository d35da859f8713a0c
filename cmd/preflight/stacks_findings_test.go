package main

import (
	"strings"
	"testing"
)

func TestStacks(t *testing.T) {
	states := map[string]finding{}
	for stack, f := range map[string]struct{ want, remedy string }{
		"CREATE_COMPLETE true":     {"ok: %s is CREATE_COMPLETE", ""},
		"UPDATE_COMPLETE true":     {"ok: %s is UPDATE_COMPLETE", ""},
		"REVIEW_IN_PROGRESS false": {"ok: %s is REVIEW_IN_PROGRESS: it has nothing in it yet", ""},
		"UPDATE_ROLLBACK_COMPLETE true": {
			"warning: %s is UPDATE_ROLLBACK_COMPLETE: the last update failed and was undone; it can be updated again",
			"make diff STAGE=Prod",
		},
		"CREATE_FAILED true": {
			"warning: %s is CREATE_FAILED: what was made was kept, and the next deploy goes on from there",
			"make deploy STAGE=Prod",
		},
		"ROLLBACK_COMPLETE false": {
			"warning: %s is ROLLBACK_COMPLETE: it could not be made, and nothing of it is left",
			"make deploy STAGE=Prod",
		},
		"ROLLBACK_COMPLETE true": {
			"failure: %s is ROLLBACK_COMPLETE: it could not be made, and has to be deleted before it can be",
			"--no-enable-termination-protection",
		},
		"ROLLBACK_FAILED false": {
			"failure: %s is ROLLBACK_FAILED: it could not be made, and has to be deleted before it can be",
			"aws cloudformation delete-stack --region eu-central-1 --stack-name %s",
		},
		"DELETE_FAILED false": {
			"failure: %s is DELETE_FAILED: something in it is in use, not empty or protected",
			"FORCE_DELETE_STACK",
		},
		"UPDATE_ROLLBACK_FAILED true": {
			"failure: %s is UPDATE_ROLLBACK_FAILED: it takes no update",
			"continue-update-rollback --region eu-central-1 --stack-name %s",
		},
		"UPDATE_IN_PROGRESS true": {
			"failure: %s is UPDATE_IN_PROGRESS: somebody deploys or deletes it now",
			"wait until",
		},
		"DELETE_IN_PROGRESS false": {
			"failure: %s is DELETE_IN_PROGRESS: somebody deploys or deletes it now",
			"wait until",
		},
		"SOMETHING_NEW false": {"warning: %s is SOMETHING_NEW, which is not known here", "view-stack-events"},
	} {
		name := "SecureCart-Prod-Api"
		states[stack] = finding{
			changes: map[string][]answer{"DescribeStacks": said(stackList("", "", name+" "+stack))}, check: "stacks",
			want: []string{strings.ReplaceAll(f.want, "%s", name)}, remedy: strings.ReplaceAll(f.remedy, "%s", name),
		}
	}
	states["several, on two pages"] = finding{
		changes: map[string][]answer{"DescribeStacks": {
			said(stackList("more", "", "SecureCart-Prod-UserPool CREATE_COMPLETE "+
				"true", "SecureCart-Dev-Api DELETE_FAILED false"))[0],
			said(stackList("", "", "SecureCart-Prod-Data ROLLBACK_FAILED true"))[0],
		}},
		check: "stacks", want: []string{
			"failure: SecureCart-Prod-Data is ROLLBACK_FAILED: it could not be made, and has to be deleted before it can be",
			"ok: SecureCart-Prod-UserPool is CREATE_COMPLETE",
		},
	}
	testFindings(t, states)
}
