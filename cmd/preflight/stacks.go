package main

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/awsaccess"
)

// doesNotExist reports whether CloudFormation knows no such stack, which is a ValidationError like every other.
func doesNotExist(err error) bool {
	return codeOf(err) == "ValidationError" && strings.Contains(messageOf(err), "does not exist")
}

// outputsOf are the outputs of a stack by their names, none if there is no such stack.
func outputsOf(ctx context.Context, api Stacks, stack string) (map[string]string, error) {
	outputs, err := awsaccess.OutputsOf(ctx, api, stack)
	if doesNotExist(err) {
		return nil, nil
	}
	return outputs, err
}

// stacks checks the state after earlier deploys, of all stacks whose names begin with the stage's.
func stacks(ctx context.Context, s Subject) []Result {
	var results []Result
	pages := cloudformation.NewDescribeStacksPaginator(s.Services.Stacks, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return []Result{unknown(err)}
		}
		for _, stack := range page.Stacks {
			if strings.HasPrefix(aws.ToString(stack.StackName), s.Stage.ID()+"-") {
				results = append(results, state(stack, s.Stage))
			}
		}
	}
	slices.SortFunc(results, func(a, b Result) int { return strings.Compare(a.Finding, b.Finding) })
	if len(results) == 0 {
		return []Result{ok("no stack of %s exists yet", s.Stage.Name)}
	}
	return results
}

// statesPage says what the states of stacks mean.
const statesPage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html"

// state returns the meaning of a stack's state for the next deploy.
func state(stack types.Stack, s config.Stage) Result {
	name, status := aws.ToString(stack.StackName), stack.StackStatus
	why := "; why: aws cloudformation describe-stack-events --region " + s.Region + " --stack-name " + name
	cloudFormation := func(command string) string {
		return "aws cloudformation " + command + " --region " + s.Region + " --stack-name " + name
	}
	switch status {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusImportComplete:
		return ok("%s is %s", name, status)
	case types.StackStatusUpdateRollbackComplete, types.StackStatusImportRollbackComplete:
		return warning("make diff STAGE="+s.Name+why,
			"%s is %s: the last update failed and was undone; it can be updated again", name, status)
	case types.StackStatusReviewInProgress:
		return ok("%s is %s: it has nothing in it yet", name, status)
	case types.StackStatusCreateFailed, types.StackStatusUpdateFailed:
		return warning("make deploy STAGE="+s.Name+", once its cause is gone"+why,
			"%s is %s: what was made was kept, and the next deploy goes on from there", name, status)
	case types.StackStatusRollbackComplete, types.StackStatusRollbackFailed:
		return rolledBack(stack, s, why)
	case types.StackStatusDeleteFailed:
		return failure(cloudFormation("delete-stack --deletion-mode FORCE_DELETE_STACK")+" keeps what cannot be deleted"+why,
			"%s is %s: something in it is in use, not empty or protected", name, status)
	case types.StackStatusUpdateRollbackFailed, types.StackStatusImportRollbackFailed:
		return failure(cloudFormation("continue-update-rollback")+", once its cause is gone; "+
			"https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"+
			"using-cfn-updating-stacks-continueupdaterollback.html"+why,
			"%s is %s: it takes no update", name, status)
	}
	if strings.HasSuffix(string(status), "_IN_PROGRESS") {
		return failure("wait until "+cloudFormation("describe-stacks")+" says otherwise",
			"%s is %s: somebody deploys or deletes it now", name, status)
	}
	return warning(statesPage, "%s is %s, which is not known here", name, status)
}

// rolledBack is the result for a stack whose creation failed. The CDK CLI deletes it before it creates it again, which
// protection refuses.
func rolledBack(stack types.Stack, s config.Stage, why string) Result {
	name := aws.ToString(stack.StackName)
	remedy := "aws cloudformation delete-stack --region " + s.Region + " --stack-name " + name + why
	if aws.ToBool(stack.EnableTerminationProtection) {
		remedy = "aws cloudformation update-termination-protection --no-enable-termination-protection --region " + s.Region +
			" --stack-name " + name + "; " + remedy
	}
	if stack.StackStatus == types.StackStatusRollbackComplete && !aws.ToBool(stack.EnableTerminationProtection) {
		return warning("make deploy STAGE="+s.Name+", once its cause is gone, which deletes it and makes it again"+why,
			"%s is %s: it could not be made, and nothing of it is left", name, stack.StackStatus)
	}
	return failure(remedy, "%s is %s: it could not be made, and has to be deleted before it can "+
		"be", name, stack.StackStatus)
}
