package test

import (
	"slices"
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestWhatWritesToANamedLogWaitsForIt: a service knows a log group with a fixed name by that name, which is no
// reference. Only a dependency makes CloudFormation keep the order. Otherwise API Gateway makes the group itself, and
// the deploy fails; Cognito and AWS WAF refuse a group that does not exist yet.
func TestWhatWritesToANamedLogWaitsForIt(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		named := 0
		for _, stack := range in.Stacks {
			for id, group := range stack.Template.OfType("AWS::Logs::LogGroup") {
				if group.Properties["LogGroupName"] == nil {
					continue
				}
				named++
				waits := false
				for _, r := range stack.Template.Resources {
					waits = waits || slices.Contains(r.DependsOn, id)
				}
				if !waits {
					in.Fail(stack.ID+"/"+id, "is a log group with a name, and nothing waits for it")
				}
			}
		}
		// The pool's, two web ACLs' and the API's own.
		if named != 4 {
			in.Fail(in.ID, "has %d log groups with a name, want 4", named)
		}
	})
}
