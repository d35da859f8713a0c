package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/assembly"
)

// describer is the operation of CloudFormation that is needed.
type describer interface {
	DescribeStacks(
		context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options),
	) (*cloudformation.DescribeStacksOutput, error)
}

// step is the deploy of one stack.
type step struct {
	stack string
	// fresh says that the stack was never complete.
	fresh bool
}

// plan returns one step per stack, in order of dependencies, if any stack was never complete. It returns none if all
// were complete, because then one call deploys all. The error names every stack that has to be deleted first.
func plan(ctx context.Context, api describer, stage assembly.Synthesized) ([]step, error) {
	var steps []step
	var stuck []error
	for _, stack := range stage.Stacks {
		fresh, err := neverComplete(ctx, api, stack)
		stuck = append(stuck, err)
		steps = append(steps, step{stack.ID, fresh})
	}
	if err := errors.Join(stuck...); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(steps, func(s step) bool { return s.fresh }) {
		return nil, nil
	}
	return steps, nil
}

// neverComplete reports whether a stack was never complete. UPDATE_FAILED is the state after a second deploy without
// rollback; an update with rollback has other states.
func neverComplete(ctx context.Context, api describer, stack assembly.Stack) (bool, error) {
	out, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &stack.Name})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "ValidationError" &&
		strings.Contains(refused.ErrorMessage(), "does not exist") {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up stack %s: %w", stack.Name, err)
	}
	if len(out.Stacks) == 0 {
		return true, nil
	}
	status := out.Stacks[0].StackStatus
	switch status {
	case types.StackStatusReviewInProgress, types.StackStatusCreateFailed, types.StackStatusUpdateFailed:
		return true, nil
	case types.StackStatusRollbackComplete, types.StackStatusRollbackFailed:
		// If nothing is protected, the CLI deletes the stack itself.
		if !stack.TerminationProtection && !aws.ToBool(out.Stacks[0].EnableTerminationProtection) &&
			status == types.StackStatusRollbackComplete {
			return true, nil
		}
		return false, fmt.Errorf("stack %s is %s: its creation was rolled back, and what is protected stayed; "+
			"docs/operations.md, \"A deploy that fails\", says how it is deleted", stack.Name, status)
	default:
		return false, nil
	}
}
