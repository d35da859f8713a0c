package test

import (
	"encoding/json"
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestQueuePoliciesAreNoLongerThanSQSTakes counts every value of a condition, because AWS does not say what it counts.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
func TestQueuePoliciesAreNoLongerThanSQSTakes(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		for _, policy := range in.Every("AWS::SQS::QueuePolicy") {
			statements, conditions := policy.At("PolicyDocument", "Statement").Each(), 0
			for _, statement := range statements {
				if n := len(statement.At("Action").Elements()); n > 7 {
					statement.Fail("has %d actions, at most 7 are taken", n)
				}
				operators, _ := statement.At("Condition").Got.(map[string]any)
				for _, keys := range operators {
					for _, values := range keys.(map[string]any) {
						list, _ := values.([]any)
						conditions += max(1, len(list))
					}
				}
			}
			text, err := json.Marshal(policy.Properties["PolicyDocument"])
			if err != nil {
				t.Fatal(err)
			}
			if len(statements) > 20 || conditions > 10 || conditions == 0 || len(text) > 8192 {
				policy.Fail("has %d statements, %d conditions and %d bytes; at most 20, 10 and 8,192 are taken",
					len(statements), conditions, len(text))
			}
		}
	})
}
