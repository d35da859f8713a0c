package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestWritersOfANamedLogWaitForIt: a service names a log group with a fixed name by that name, which is not a
// reference. Only a dependency makes CloudFormation keep the order. Otherwise API Gateway creates the group itself, and
// the deploy fails; Cognito and AWS WAF refuse a group that does not exist yet.
func TestWritersOfANamedLogWaitForIt(t *testing.T) {
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

// TestACompositeAlarmWaitsForItsAlarms: CloudWatch refuses a rule that names an alarm which does not exist yet.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
func TestACompositeAlarmWaitsForItsAlarms(t *testing.T) {
	met := 0
	for _, stage := range synthesized().Stages {
		for _, stack := range stage.Stacks {
			alarms := stack.Template.OfType(metricAlarm)
			for id, composite := range stack.Template.OfType(compositeAlarm) {
				rule := fmt.Sprint(composite.Properties["AlarmRule"])
				for alarm, r := range alarms {
					named := strings.Contains(rule, fmt.Sprintf("ALARM(%q)", r.Properties["AlarmName"]))
					if named && !slices.Contains(composite.DependsOn, alarm) {
						t.Errorf("%s/%s does not wait for %s", stack.Name, id, alarm)
					}
					if named {
						met++
					}
				}
			}
		}
	}
	if met == 0 {
		t.Error("no composite alarm names an alarm: nothing was checked")
	}
}
