package awsaccess

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// OutputsOf returns the outputs of the stack with this name, by their names. It returns CloudFormation's own error,
// also if there is no such stack.
func OutputsOf(
	ctx context.Context, stacks cloudformation.DescribeStacksAPIClient, name string,
) (map[string]string, error) {
	answer, err := stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return nil, err
	}
	outputs := map[string]string{}
	for _, stack := range answer.Stacks {
		maps.Copy(outputs, Outputs(stack))
	}
	return outputs, nil
}

// Outputs returns the outputs of a stack by their names.
func Outputs(stack types.Stack) map[string]string {
	outputs := map[string]string{}
	for _, output := range stack.Outputs {
		outputs[aws.ToString(output.OutputKey)] = aws.ToString(output.OutputValue)
	}
	return outputs
}
