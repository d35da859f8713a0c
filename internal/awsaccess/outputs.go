package awsaccess

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/securecart/identity/config"
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

// WriteOutputs writes the outputs of a stage to a file, in the form of `cdk deploy --outputs-file`: values by stack and
// name. The file is left as it is if the stage has no stack, or cannot be read.
func WriteOutputs(
	ctx context.Context, stacks cloudformation.DescribeStacksAPIClient, stage config.Stage, file string,
) error {
	found := map[string]map[string]string{}
	// Without a name it describes every stack of the Region, so that no list of a stage's stacks is needed here.
	pages := cloudformation.NewDescribeStacksPaginator(stacks, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read the stacks of %s in %s: %w", stage.ID(), stage.Region, err)
		}
		for _, stack := range page.Stacks {
			name := aws.ToString(stack.StackName)
			if !strings.HasPrefix(name, stage.ID()+"-") || len(stack.Outputs) == 0 {
				continue
			}
			found[name] = Outputs(stack)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf(
			"%s has no stack with outputs in %s: it is not deployed, or these credentials are another account's",
			stage.ID(), stage.Region)
	}
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
