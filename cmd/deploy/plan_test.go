package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/assembly"
)

// states are those of stacks by name; a stack that is missing does not exist.
type states map[string]types.Stack

func (s states) DescribeStacks(
	_ context.Context, in *cloudformation.DescribeStacksInput, _ ...func(*cloudformation.Options),
) (*cloudformation.DescribeStacksOutput, error) {
	stack, ok := s[*in.StackName]
	switch {
	case !ok:
		return nil, &smithy.GenericAPIError{
			Code:    "ValidationError",
			Message: "Stack with id " + *in.StackName + " does not exist",
		}
	case stack.StackStatus == "":
		return nil, &smithy.GenericAPIError{
			Code:    "AccessDenied",
			Message: "not authorized to perform: cloudformation:DescribeStacks",
		}
	}
	return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{stack}}, nil
}

func TestOnlyWhatWasNeverCompleteIsDeployedWithoutRollback(t *testing.T) {
	protected := true
	is := func(status types.StackStatus) types.Stack { return types.Stack{StackStatus: status} }
	for _, c := range []struct {
		name    string
		seen    states
		protect bool
		want    []step
		refused string
	}{
		{"nothing exists", states{}, true, []step{{"Pool", true}, {"Api", true}}, ""},
		{"all is complete", states{"Pool": is("UPDATE_COMPLETE"), "Api": is("UPDATE_ROLLBACK_COMPLETE")}, true, nil, ""},
		{"a new stack", states{"Pool": is("CREATE_COMPLETE")}, true, []step{{"Pool", false}, {"Api", true}}, ""},
		{
			"only a change set",
			states{"Pool": is("REVIEW_IN_PROGRESS"), "Api": is("CREATE_COMPLETE")},
			true, []step{{"Pool", true}, {"Api", false}}, "",
		},
		{"failed once", states{"Pool": is("CREATE_FAILED")}, true, []step{{"Pool", true}, {"Api", true}}, ""},
		{"failed twice", states{"Pool": is("UPDATE_FAILED")}, true, []step{{"Pool", true}, {"Api", true}}, ""},
		{
			"rolled back, unprotected",
			states{"Pool": is("ROLLBACK_COMPLETE")},
			false, []step{{"Pool", true}, {"Api", true}}, "",
		},
		{"rolled back, protected by now", states{"Pool": is("ROLLBACK_COMPLETE")}, true, nil, "Pool is ROLLBACK_COMPLETE"},
		{
			"rolled back, still protected",
			states{"Pool": {StackStatus: "ROLLBACK_COMPLETE", EnableTerminationProtection: &protected}},
			false, nil, "Pool is ROLLBACK_COMPLETE",
		},
		{"rolled back half", states{"Pool": is("ROLLBACK_FAILED")}, false, nil, "Pool is ROLLBACK_FAILED"},
		{"no permission", states{"Pool": is("")}, true, nil, "look up stack Pool"},
	} {
		got, err := plan(t.Context(), c.seen, assembly.Synthesized{Stacks: []assembly.Stack{
			{
				ID:                    "Pool",
				Name:                  "Pool",
				TerminationProtection: c.protect,
			},
			{ID: "Api", Name: "Api", TerminationProtection: c.protect},
		}})
		if !slices.Equal(got, c.want) || (err == nil) != (c.refused == "") ||
			(err != nil && !strings.Contains(err.Error(), c.refused)) {
			t.Errorf("%s: got %v, %v; want %v, %q", c.name, got, err, c.want, c.refused)
		}
	}
}
