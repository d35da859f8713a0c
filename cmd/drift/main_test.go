package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
	"github.com/securecart/identity/internal/program"
)

// account answers as CloudFormation and Secrets Manager do for one stage.
type account struct {
	// there lists the stacks that exist. polls is how often each comparison is still running.
	there []string
	polls int
	fails string
	drift []types.StackResourceDrift
	aged  time.Duration
}

// poolID is the user pool in the outputs of every stack.
const poolID = "eu-central-1_EXAMPLE"

var today = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

func (a *account) DescribeStacks(
	_ context.Context, in *cloudformation.DescribeStacksInput, _ ...func(*cloudformation.Options),
) (*cloudformation.DescribeStacksOutput, error) {
	for _, name := range a.there {
		if name == *in.StackName {
			return &cloudformation.DescribeStacksOutput{Stacks: []types.Stack{{Outputs: []types.Output{
				{OutputKey: aws.String("Domain"), OutputValue: aws.String("x")},
				{OutputKey: aws.String("UserPoolId"), OutputValue: aws.String(poolID)},
			}}}}, nil
		}
	}
	return nil, errors.New("ValidationError: Stack with id " + *in.StackName + " does not exist")
}

func (a *account) DetectStackDrift(
	_ context.Context, in *cloudformation.DetectStackDriftInput, _ ...func(*cloudformation.Options),
) (*cloudformation.DetectStackDriftOutput, error) {
	return &cloudformation.DetectStackDriftOutput{StackDriftDetectionId: in.StackName}, nil
}

func (a *account) DescribeStackDriftDetectionStatus(
	context.Context, *cloudformation.DescribeStackDriftDetectionStatusInput, ...func(*cloudformation.Options),
) (*cloudformation.DescribeStackDriftDetectionStatusOutput, error) {
	out := &cloudformation.DescribeStackDriftDetectionStatusOutput{
		DetectionStatus: types.StackDriftDetectionStatusDetectionComplete,
	}
	switch {
	case a.polls > 0:
		a.polls--
		out.DetectionStatus = types.StackDriftDetectionStatusDetectionInProgress
	case a.fails != "":
		out.DetectionStatus, out.DetectionStatusReason = types.StackDriftDetectionStatusDetectionFailed, &a.fails
	}
	return out, nil
}

func (a *account) DescribeStackResourceDrifts(
	_ context.Context, in *cloudformation.DescribeStackResourceDriftsInput, _ ...func(*cloudformation.Options),
) (*cloudformation.DescribeStackResourceDriftsOutput, error) {
	// AWS may answer in pages, so the answer here has two.
	out := &cloudformation.DescribeStackResourceDriftsOutput{StackResourceDrifts: a.drift}
	if len(a.drift) > 1 && in.NextToken == nil {
		out.StackResourceDrifts, out.NextToken = a.drift[:1], aws.String("2")
	} else if len(a.drift) > 1 {
		out.StackResourceDrifts = a.drift[1:]
	}
	return out, nil
}

func (a *account) DescribeSecret(
	context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options),
) (*secretsmanager.DescribeSecretOutput, error) {
	return &secretsmanager.DescribeSecretOutput{LastChangedDate: aws.Time(today.Add(-a.aged))}, nil
}

// found returns the output of a look at the account.
func (a *account) found(t *testing.T) (text string, found int, err error) {
	t.Helper()
	var stdout bytes.Buffer
	l := look{stacks: a, secrets: a, now: today, stdout: &stdout, stderr: io.Discard}
	found, err = l.at(t.Context(), configtest.Stage("Prod"))
	l.stdout = io.Discard
	told := l.told(t.Context(), configtest.Stage("Prod"))
	if (told == nil) != (found == 0 && err == nil) || errors.Is(told, program.ErrTold) != (found > 0 && err == nil) {
		t.Errorf("the command ends with %v, with %d findings and %v", told, found, err)
	}
	return stdout.String(), found, err
}

func TestWhatDriftedIsListedWithoutItsValues(t *testing.T) {
	a := &account{there: []string{"SecureCart-Prod-UserPool"}, polls: 2, drift: []types.StackResourceDrift{
		{
			LogicalResourceId: aws.String("UsersPool"), ResourceType: aws.String("AWS::Cognito::UserPool"),
			StackResourceDriftStatus: types.StackResourceDriftStatusModified,
			PropertyDifferences: []types.PropertyDifference{{
				DifferenceType: types.DifferenceTypeNotEqual, PropertyPath: aws.String("/MfaConfiguration"),
				ActualValue: aws.String("the-actual-value"), ExpectedValue: aws.String("ON"),
			}},
		},
		{
			LogicalResourceId: aws.String("Log"), ResourceType: aws.String("AWS::Logs::LogGroup"),
			StackResourceDriftStatus: types.StackResourceDriftStatusDeleted,
		},
	}}
	text, found, err := a.found(t)
	const want = "### Prod\n\n- **modified** UsersPool `AWS::Cognito::UserPool` (SecureCart-Prod-UserPool): " +
		"not_equal /MfaConfiguration\n- **deleted** Log `AWS::Logs::LogGroup` (SecureCart-Prod-UserPool)\n"
	if text != want || found != 2 || err != nil {
		t.Errorf("got %q, %d, %v; want %q", text, found, err, want)
	}
}

func TestSecretsAreDueAfterAYear(t *testing.T) {
	a := &account{there: []string{"SecureCart-Prod-Data"}, aged: renewal}
	if text, found, err := a.found(t); found != 0 || err != nil || !strings.Contains(text, "nothing is due") {
		t.Errorf("after a year: got %q, %d, %v", text, found, err)
	}
	a.aged += 24 * time.Hour
	const old = "`securecart/prod/google` is 366 days old"
	if text, found, err := a.found(t); found != 2 || err != nil || !strings.Contains(text, old) {
		t.Errorf("after a day more: got %q, %d, %v", text, found, err)
	}
}

func TestMetadataIsDueBeforeItsCertificateExpires(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "testdata", "partner-metadata.xml"))
	if err != nil {
		t.Fatal(err)
	}
	stage := configtest.Stage("Prod")
	stage.Providers = []config.Provider{{
		Kind: config.SAML, Name: "Partner", SAML: config.SAMLSettings{Metadata: string(text)},
	}}
	end, _ := stage.Providers[0].SignsUntil()
	for now, want := range map[time.Time]int{end.Add(-config.MetadataNotice): 0, end.Add(-24 * time.Hour): 1} {
		var stdout bytes.Buffer
		l := look{secrets: &account{}, now: now, stdout: &stdout}
		found, err := l.due(t.Context(), stage)
		if found != want || err != nil || (want > 0) != strings.Contains(stdout.String(), "in the metadata of Partner") {
			t.Errorf("on %s: %d due, %v, %q; want %d", now.Format(time.DateOnly), found, err, stdout.String(), want)
		}
	}
}

func TestAComparisonThatFailsIsNoGoodNews(t *testing.T) {
	a := &account{there: []string{"SecureCart-Prod-Data"}, fails: "AccessDenied: dynamodb:DescribeTable"}
	if text, _, err := a.found(t); err == nil || strings.Contains(text, "Nothing has drifted") {
		t.Errorf("a comparison that failed: got %q, %v", text, err)
	}
	if text, _, err := (&account{}).found(t); err == nil || !strings.Contains(err.Error(), "has no stack") {
		t.Errorf("a stage that is not there: got %q, %v", text, err)
	}
}
