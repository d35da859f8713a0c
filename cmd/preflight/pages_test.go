package main

import (
	"strings"
	"testing"
)

// TestAllPagesAreRead: a check that reads only the first page would miss the second.
func TestAllPagesAreRead(t *testing.T) {
	_, r := look(t, prod(), map[string][]answer{
		"ListServiceQuotas": {said(quotaPage("more", "120"))[0], said(quotaPage("", "120"))[0]},
		"DescribeResourcePolicies": {
			said(`{"resourcePolicies":[],"nextToken":"more"}`)[0], said(`{"resourcePolicies":[]}`)[0],
		},
		"DescribeStacks": {said(stackList("more", ""))[0], said(stackList("", ""))[0]},
	}, nil)
	for _, operation := range []string{"ListServiceQuotas", "DescribeResourcePolicies", "DescribeStacks"} {
		if len(r.asked[operation]) != 2 || strings.Count(r.sent[operation], "more") != 1 {
			t.Errorf("%s was asked %d times: %s", operation, len(r.asked[operation]), r.sent[operation])
		}
	}
}
