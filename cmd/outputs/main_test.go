package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/securecart/identity/config"
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
	o := options{config.Stages()[0], filepath.Join(t.TempDir(), "outputs.json")}
	id := o.stage.ID()
	err := write(t.Context(), account{stacks: []types.Stack{
		stack(id+"-UserPool", "UserPoolId", "pool"), stack(id+"2-UserPool", "UserPoolId", "another stage's"),
		stack("SecureCart-Delivery-"+o.stage.Name, "DeployRoleArn", "the pipeline's"), stack(id+"-Empty", "", ""),
		stack(id+"-Data", "OrdersTable", "orders"),
	}}, o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.file)
	want := "{\n  \"" + id + "-Data\": {\n    \"OrdersTable\": \"orders\"\n  },\n  \"" +
		id + "-UserPool\": {\n    \"UserPoolId\": \"pool\"\n  }\n}\n"
	if err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
}

func TestNoFileIsWrittenOfAStageThatIsNotThere(t *testing.T) {
	o := options{config.Stages()[0], filepath.Join(t.TempDir(), "outputs.json")}
	for _, c := range []struct {
		in   account
		want string
	}{
		{account{}, "has no stack with outputs in " + o.stage.Region},
		{account{err: errors.New("AccessDenied")}, "AccessDenied"},
	} {
		if err := write(t.Context(), c.in, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if _, err := os.Stat(o.file); err == nil {
			t.Errorf("%q: a file was written", c.want)
		}
	}
}

func TestAWrongCommandLineIsRefused(t *testing.T) {
	for _, arguments := range [][]string{nil, {"-stage", "Nope"}, {"-stage", "Dev", "further"}} {
		if code := run(arguments, io.Discard, io.Discard); code != 2 {
			t.Errorf("%q: got exit code %d, want 2", arguments, code)
		}
	}
}
