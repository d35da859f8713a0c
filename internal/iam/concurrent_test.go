package iam

import (
	"fmt"
	"sync"
	"testing"
)

// With -race this fails if evaluating writes to a document.
func TestDocumentsServeManyRequestsAtOnce(t *testing.T) {
	policies := []Policy{{"Customer", must(t, `{"Version": "2012-10-17", "Statement": {
		"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": "arn:aws:dynamodb:*:*:table/Orders",
		"Condition": {
			"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/customer}"]},
			"Null": {"dynamodb:LeadingKeys": "false"}}}}`)}}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			id := fmt.Sprint(i)
			for _, owner := range []string{id, "another"} {
				d, err := Evaluate(policies, Request{
					Action: "dynamodb:Query", Resource: "arn:aws:dynamodb:eu-central-1:111122223333:table/Orders",
					Context: map[string][]string{"aws:PrincipalTag/customer": {id}, "dynamodb:LeadingKeys": {owner}},
				})
				if err != nil || (d.Outcome == Allowed) != (owner == id) {
					t.Errorf("customer %s and rows of %s: %s, %v", id, owner, d, err)
				}
			}
		})
	}
	group.Wait()
}
