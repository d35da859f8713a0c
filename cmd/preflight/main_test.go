package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
	"github.com/securecart/identity/internal/program"
)

// callers is an STS that names the account of the credentials, or fails.
type callers struct {
	account string
	err     error
}

func (c callers) GetCallerIdentity(
	context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options),
) (*sts.GetCallerIdentityOutput, error) {
	if c.err != nil {
		return nil, c.err
	}
	return &sts.GetCallerIdentityOutput{Account: aws.String(c.account), Arn: aws.String("arn:aws:iam::1:user/jane")}, nil
}

// preflight runs the program where credentials are refused with a text.
func preflight(refusal string, arguments ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(arguments, terminal{
		stdout: &out, stderr: &errs, stages: config.Stages(), now: time.Now,
		open: func(_ context.Context, stage config.Stage) (Services, error) {
			if stage.Name == "Staging" {
				return Services{}, errors.New("no such profile")
			}
			return Services{Callers: callers{err: &smithy.GenericAPIError{Code: "ExpiredToken", Message: refusal}}}, nil
		},
	})
	return code, out.String(), errs.String()
}

func TestCalledWrongly(t *testing.T) {
	for name, test := range map[string]struct {
		arguments []string
		want      string
	}{
		"no stage":        {nil, "which stage? add -stage <name>"},
		"no such stage":   {[]string{"-stage", "Live"}, `stage "Live" does not exist; choose one of `},
		"no such flag":    {[]string{"-fast"}, "flag provided but not defined: -fast"},
		"an argument":     {[]string{"-stage", "Dev", "now"}, `preflight takes no argument, got ["now"]`},
		"a flag too late": {[]string{"Dev", "-json"}, "takes no argument"},
	} {
		code, out, errs := preflight("", test.arguments...)
		if code != program.Misuse || out != "" || strings.Count(errs, test.want) != 1 {
			t.Errorf("%s: got %d, %q, %q", name, code, out, errs)
		}
	}
	if code, _, errs := preflight("", "-h"); code != program.Done || !strings.Contains(errs, "-stage") {
		t.Errorf("-h: got %d, %q", code, errs)
	}
}

func TestAStageThatIsRefusedIsNotLookedAt(t *testing.T) {
	broken := configtest.Stage("Dev")
	broken.Region = ""
	var errs bytes.Buffer
	code := run([]string{"-stage", broken.Name}, terminal{stdout: &errs, stderr: &errs, stages: []config.Stage{broken}})
	if code != program.Misuse || !strings.Contains(errs.String(), "Region") {
		t.Errorf("got %d, %s", code, errs.String())
	}
}

func TestAFailureIsPrintedWithItsRemedyAndEndsWithOne(t *testing.T) {
	code, out, errs := preflight("it has\x1b[2J ended", "-stage", "Dev")
	want := "failure  credentials  AWS refuses these credentials: ExpiredToken: it has [2J ended\n" +
		"                      → sign in (aws sso login, aws configure) or name a profile in AWS_PROFILE: " +
		"https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html\n" +
		"Dev: 0 ok, 0 warnings, 1 failure\n"
	if code != program.Failed || out != want || errs != "" {
		t.Errorf("got %d, %q, %q", code, out, errs)
	}
}

func TestJSON(t *testing.T) {
	code, out, errs := preflight("a & b", "-json", "-stage", "Dev")
	var got report
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if code != program.Failed || errs != "" ||
		got.Stage != "Dev" || got.Region != "eu-central-1" || got.Worst != Failure || len(got.Results) != 1 ||
		got.Results[0].Check != "credentials" || got.Results[0].Status != Failure || got.Results[0].Remedy == "" {
		t.Errorf("got %d, %s, %s", code, out, errs)
	}
	if !strings.Contains(out, `"status": "failure"`) || !strings.Contains(out, "a & b") {
		t.Errorf("got %s", out)
	}
}

func TestAConfigurationThatCannotBeReadIsAFailure(t *testing.T) {
	code, out, errs := preflight("", "-stage", "Staging")
	const want = "the AWS configuration of this machine cannot be read: no such profile\n"
	if code != program.Failed || out != "" || errs != want {
		t.Errorf("got %d, %q, %q", code, out, errs)
	}
}

func TestColumnsAndColors(t *testing.T) {
	var out bytes.Buffer
	results := []Result{
		{Check: "SMS", Status: OK, Finding: "a"},
		{Check: "bootstrap", Status: Warning, Finding: "b", Remedy: "c"},
	}
	printTable(&out, config.Stage{Name: "Dev"}, results, true)
	want := "\x1b[32mok     \x1b[0m  SMS        a\n\x1b[33mwarning\x1b[0m  bootstrap  b\n" +
		strings.Repeat(" ", 20) + "→ c\nDev: 1 ok, 1 warning, 0 failures\n"
	if out.String() != want {
		t.Errorf("got %q", out.String())
	}
	if err := (terminal{stdout: &out}).tell(options{}, results); err != nil {
		t.Errorf("a warning ends with %v", err)
	}
}

// TestEveryStageIsOpenedInItsRegion needs no credentials, because it sends no request.
func TestEveryStageIsOpenedInItsRegion(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")
	t.Setenv("AWS_PROFILE", "")
	for _, stage := range config.Stages() {
		services, err := open(t.Context(), stage)
		if err != nil {
			t.Fatal(err)
		}
		client, is := services.Callers.(*sts.Client)
		if !is || client.Options().Region != stage.Region || client.Options().RetryMaxAttempts != attempts {
			t.Errorf("%s: %T in %q, %d attempts", stage.Name, services.Callers, client.Options().Region,
				client.Options().RetryMaxAttempts)
		}
	}
}
