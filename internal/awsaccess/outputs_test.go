package awsaccess

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/program"
)

// account answers with one page for each of its stacks.
type account struct {
	stacks []types.Stack
	err    error
}

func (a account) DescribeStacks(
	_ context.Context, in *cloudformation.DescribeStacksInput, _ ...func(*cloudformation.Options),
) (*cloudformation.DescribeStacksOutput, error) {
	if a.err != nil || len(a.stacks) == 0 {
		return &cloudformation.DescribeStacksOutput{}, a.err
	}
	at := len(aws.ToString(in.NextToken))
	out := &cloudformation.DescribeStacksOutput{Stacks: a.stacks[at : at+1]}
	if at+1 < len(a.stacks) {
		out.NextToken = aws.String(strings.Repeat("n", at+1))
	}
	return out, nil
}

// stack has one output, or none if the key is empty.
func stack(name, key, value string) types.Stack {
	s := types.Stack{StackName: &name}
	if key != "" {
		s.Outputs = []types.Output{{OutputKey: &key, OutputValue: &value}}
	}
	return s
}

func TestTheFileHoldsTheOutputsOfTheStageAndOfNoOther(t *testing.T) {
	stage, file := config.Stages()[0], filepath.Join(t.TempDir(), "outputs.json")
	id := stage.ID()
	err := WriteOutputs(t.Context(), account{stacks: []types.Stack{
		stack(id+"-UserPool", "UserPoolId", "pool"), stack(id+"2-UserPool", "UserPoolId", "another stage's"),
		stack("SecureCart-Delivery-"+stage.Name, "DeployRoleArn", "the pipeline's"), stack(id+"-Empty", "", ""),
		stack(id+"-Data", "OrdersTable", "orders"),
	}}, stage, file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	want := "{\n  \"" + id + "-Data\": {\n    \"OrdersTable\": \"orders\"\n  },\n  \"" +
		id + "-UserPool\": {\n    \"UserPoolId\": \"pool\"\n  }\n}\n"
	if err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
}

func TestNoFileIsWrittenOfAStageThatIsNotThere(t *testing.T) {
	stage, file := config.Stages()[0], filepath.Join(t.TempDir(), "outputs.json")
	for _, c := range []struct {
		in   account
		want string
	}{
		{account{}, "has no stack with outputs in " + stage.Region},
		{account{err: errors.New("AccessDenied")}, "AccessDenied"},
	} {
		if err := WriteOutputs(t.Context(), c.in, stage, file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%q: a file was written", c.want)
		}
	}
}

func TestAWrongCommandLineIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"": "which stage?", "-stage Nope": "choose one of", "-stage Dev further": "takes no argument",
	} {
		var told strings.Builder
		code := ForStage(program.Flags("outputs", "", &told), strings.Fields(line), &told,
			func(context.Context, config.Stage, aws.Config) error {
				t.Errorf("%q: it ran", line)
				return nil
			})
		if code != program.Misuse || !strings.Contains(told.String(), want) {
			t.Errorf("%q: got exit code %d, %q", line, code, told.String())
		}
	}
}
