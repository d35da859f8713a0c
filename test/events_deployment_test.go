package test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/deployed"
)

// TestNoStackGetsTheRightsOfADeploymentUnseen: with the execution role, a stack of any name could lift the lock of the
// record.
func TestNoStackGetsTheRightsOfADeploymentUnseen(t *testing.T) {
	client := reflect.TypeFor[*cloudformation.Client]()
	for _, cfg := range config.Stages() {
		stage, _ := synthesized().Stage(cfg.ID())
		s, err := deployed.Load(stage)
		if err != nil {
			t.Fatal(err)
		}
		tried := 0
		for i := range client.NumMethod() {
			method := client.Method(i)
			if method.Type.NumIn() != 4 {
				continue
			}
			if _, takes := method.Type.In(2).Elem().FieldByName("RoleARN"); !takes {
				continue
			}
			tried++
			role := cfg.ExecutionRole(s.Account)
			for role, want := range map[string]string{role: "Stacks", role + "2": "", "2" + role: ""} {
				for _, spelling := range []string{"roleARN", "roleArn"} {
					text, err := json.Marshal(map[string]any{
						"eventSource": "cloudformation.amazonaws.com", "eventName": method.Name, "requestParameters": map[string]any{
							"stackName": "another", spelling: "arn:aws:iam::" + s.Account + ":role/" + role,
						},
					})
					if err != nil {
						t.Fatal(err)
					}
					event := recordedEvent{DetailType: "AWS API Call via CloudTrail", Detail: text}
					if got := reaches(t, s, event, "aws.cloudformation", s.Account); got != want {
						t.Errorf("%s: %s with %s %s reaches %q, want %q", s.ID, method.Name, spelling, role, got, want)
					}
				}
			}
		}
		if tried < 6 {
			t.Errorf("%d operations take a role", tried)
		}
	}
}
