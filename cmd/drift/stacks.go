package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/securecart/identity/config"
)

// stacks is the part of CloudFormation that this command calls.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
type stacks interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (
		*cloudformation.DescribeStacksOutput, error)
	DetectStackDrift(context.Context, *cloudformation.DetectStackDriftInput, ...func(*cloudformation.Options)) (
		*cloudformation.DetectStackDriftOutput, error)
	DescribeStackDriftDetectionStatus(context.Context, *cloudformation.DescribeStackDriftDetectionStatusInput,
		...func(*cloudformation.Options)) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error)
	DescribeStackResourceDrifts(context.Context, *cloudformation.DescribeStackResourceDriftsInput,
		...func(*cloudformation.Options)) (*cloudformation.DescribeStackResourceDriftsOutput, error)
}

// stackIDs lists the stacks of a stage that are compared; a stack that does not exist is skipped. IdentityProviders is
// left out: CloudFormation would read the providers, and Cognito answers with their client secrets.
var stackIDs = []string{"UserPool", "Data", "Api", "IdentityPool", "Operations"}

// drift prints the resources of the stage that differ from their templates, and returns their number.
func (l look) drift(ctx context.Context, stage config.Stage) (int, error) {
	found, looked := 0, 0
	var errs []error
	for _, id := range stackIDs {
		name := stage.ID() + "-" + id
		_, err := l.stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
		if err != nil && strings.Contains(err.Error(), "does not exist") {
			continue
		}
		looked++
		fmt.Fprintf(l.stderr, "comparing %s …\n", name)
		drifts, err := l.compare(ctx, name)
		errs = append(errs, err)
		for _, d := range drifts {
			found++
			fmt.Fprintf(l.stdout, "- **%s** %s `%s` (%s)%s\n", strings.ToLower(string(d.StackResourceDriftStatus)),
				aws.ToString(d.LogicalResourceId), aws.ToString(d.ResourceType), name, differences(d))
		}
	}
	if looked == 0 {
		errs = append(errs, fmt.Errorf(
			"%s has no stack in %s: it is not deployed, or these credentials are another account's",
			stage.ID(), stage.Region))
	}
	return found, errors.Join(errs...)
}

// compare starts CloudFormation's comparison of a stack, and waits for the result.
func (l look) compare(ctx context.Context, name string) ([]types.StackResourceDrift, error) {
	started, err := l.stacks.DetectStackDrift(ctx, &cloudformation.DetectStackDriftInput{StackName: &name})
	if err != nil {
		return nil, fmt.Errorf("compare %s: %w", name, err)
	}
	for {
		status, err := l.stacks.DescribeStackDriftDetectionStatus(ctx,
			&cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: started.StackDriftDetectionId})
		switch {
		case err != nil:
			return nil, fmt.Errorf("compare %s: %w", name, err)
		case status.DetectionStatus == types.StackDriftDetectionStatusDetectionFailed:
			return nil, fmt.Errorf("compare %s: %s", name, aws.ToString(status.DetectionStatusReason))
		case status.DetectionStatus == types.StackDriftDetectionStatusDetectionComplete:
			return l.differing(ctx, name)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(l.pause):
		}
	}
}

func (l look) differing(ctx context.Context, name string) ([]types.StackResourceDrift, error) {
	var all []types.StackResourceDrift
	input := &cloudformation.DescribeStackResourceDriftsInput{
		StackName: &name,
		StackResourceDriftStatusFilters: []types.StackResourceDriftStatus{
			types.StackResourceDriftStatusModified, types.StackResourceDriftStatusDeleted,
		},
	}
	pages := cloudformation.NewDescribeStackResourceDriftsPaginator(l.stacks, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what differs in %s: %w", name, err)
		}
		all = append(all, page.StackResourceDrifts...)
	}
	return all, nil
}

// differences names the properties that differ, without their values, because a value may be secret.
func differences(d types.StackResourceDrift) string {
	var paths []string
	for _, p := range d.PropertyDifferences {
		paths = append(paths, strings.ToLower(string(p.DifferenceType))+" "+aws.ToString(p.PropertyPath))
	}
	if len(paths) == 0 {
		return ""
	}
	return ": " + strings.Join(paths, ", ")
}
