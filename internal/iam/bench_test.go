package iam

import (
	"fmt"
	"sync"
	"testing"
)

// customer is a policy of the size and with the conditions that a role of this application has.
const customer = `{"Version": "2012-10-17", "Statement": [
	{"Sid": "Browse", "Effect": "Allow", "Action": "execute-api:Invoke",
		"Resource": "arn:aws:execute-api:eu-central-1:111122223333:a1/v1/GET/products"},
	{"Sid": "Pictures", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::media/products/*"},
	{"Sid": "Own", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
		"Resource": "arn:aws:s3:::documents/customers/${aws:PrincipalTag/customer}/*"},
	{"Sid": "Decrypt", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-central-1:111122223333:key/k",
		"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}},
	{"Sid": "Rows", "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"],
		"Resource": [
			"arn:aws:dynamodb:eu-central-1:111122223333:table/Orders",
			"arn:aws:dynamodb:eu-central-1:111122223333:table/Orders/index/byCreatedAt"],
		"Condition": {
			"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/customer}"]},
			"Null": {"dynamodb:LeadingKeys": "false"}}}]}`

var ownRow = Request{
	Action: "dynamodb:Query", Resource: "arn:aws:dynamodb:eu-central-1:111122223333:table/Orders/index/byCreatedAt",
	Context: map[string][]string{"aws:PrincipalTag/customer": {"57e7b692"}, "dynamodb:LeadingKeys": {"57e7b692"}},
}

func BenchmarkEvaluate(b *testing.B) {
	policies := []Policy{{"Customer", must(b, customer)}}
	b.ReportAllocs()
	for b.Loop() {
		if d, err := Evaluate(policies, ownRow); err != nil || d.Outcome != Allowed {
			b.Fatalf("%s, %v", d, err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		must(b, customer)
	}
}

// With -race this fails if evaluating writes to a document.
func TestDocumentsServeManyRequestsAtOnce(t *testing.T) {
	policies := []Policy{{"Customer", must(t, customer)}}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			id := fmt.Sprint(i)
			for _, owner := range []string{id, "another"} {
				r := ownRow
				r.Context = map[string][]string{"aws:PrincipalTag/customer": {id}, "dynamodb:LeadingKeys": {owner}}
				d, err := Evaluate(policies, r)
				if err != nil || (d.Outcome == Allowed) != (owner == id) {
					t.Errorf("customer %s and rows of %s: %s, %v", id, owner, d, err)
				}
			}
		})
	}
	group.Wait()
}
