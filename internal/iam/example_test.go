package iam_test

import (
	"fmt"

	"github.com/securecart/identity/internal/iam"
)

func Example() {
	document, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": {
		"Sid": "ReadOwnRows", "Effect": "Allow", "Action": "dynamodb:GetItem",
		"Resource": "arn:aws:dynamodb:eu-central-1:111122223333:table/Orders",
		"Condition": {
			"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:PrincipalTag/customer}"},
			"Null": {"dynamodb:LeadingKeys": "false"}}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, owner := range []string{"alice", "bob"} {
		decision, err := iam.Evaluate([]iam.Policy{{Name: "CustomerRole", Document: document}}, iam.Request{
			Action:   "dynamodb:GetItem",
			Resource: "arn:aws:dynamodb:eu-central-1:111122223333:table/Orders",
			Context:  map[string][]string{"aws:PrincipalTag/customer": {"alice"}, "dynamodb:LeadingKeys": {owner}},
		})
		fmt.Println(owner, decision, err)
	}
	// Output:
	// alice Allowed by CustomerRole/ReadOwnRows <nil>
	// bob ImplicitDeny <nil>
}
