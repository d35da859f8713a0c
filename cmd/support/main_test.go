package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

// why are the flags that every command needs.
var why = []string{"-ticket", "T-1", "-reason", "lost phone"}

// ran is the result of a run of the program.
type ran struct {
	code        int
	out, errors string
	// opened are the options with which a session was started.
	opened []options
}

// try runs the program on a stage, with input on stdin.
func try(stage *supporttest.Fake, input string, arguments ...string) ran {
	var out, errs bytes.Buffer
	var r ran
	r.code = run(arguments, terminal{
		stdin: strings.NewReader(input), stdout: &out, stderr: &errs, environment: func(string) string { return "" },
		open: func(_ context.Context, o options) (*support.Desk, error) {
			r.opened = append(r.opened, o)
			return stage.Desk(), nil
		},
	})
	r.out, r.errors = out.String(), errs.String()
	return r
}

func with(arguments ...string) []string { return append(arguments, why...) }

func TestEachCommandWorksWithItsRole(t *testing.T) {
	for name, want := range map[string]struct {
		role support.Role
		says string
	}{
		"find":         {support.Support, "jane@example.com"},
		"show":         {support.Support, "sealed: the customer can buy"},
		"sign-out":     {support.Support, "jane@example.com"},
		"disable":      {support.Support, "disabled"},
		"enable":       {support.Support, "enabled"},
		"reset-factor": {support.Support, "none: the customer cannot buy"},
		"export":       {support.Privacy, "orders: 3, versions of documents: 3"},
		"erase":        {support.Privacy, "Orders that stay: 3"},
	} {
		t.Chdir(t.TempDir())
		r := try(supporttest.New(), supporttest.Email+"\n", with(name, supporttest.Email)...)
		if r.code != program.Done || !strings.Contains(r.out, want.says) {
			t.Errorf("%s: exit code %d, printed %s%s", name, r.code, r.out, r.errors)
		}
		if len(r.opened) != 1 || r.opened[0].command.role != want.role || r.opened[0].Ticket != "T-1" ||
			r.opened[0].Reason != "lost phone" {
			t.Errorf("%s: opened %+v", name, r.opened)
		}
	}
}

func TestEveryAnswerIsOneJSONDocumentIfAsked(t *testing.T) {
	for name, want := range map[string]string{
		"find": `"sub"`, "show": `"factor": "sealed"`, "sign-out": `"enabled": true`, "disable": `"enabled": false`,
		"enable":       `"enabled": true`,
		"reset-factor": `"factor": "none"`, "export": `"documents": 3`, "erase": `"ordersThatStay": 3`,
	} {
		t.Chdir(t.TempDir())
		r := try(supporttest.New(), supporttest.Email+"\n", with(name, "--json", supporttest.Email)...)
		if r.code != program.Done || !json.Valid([]byte(r.out)) || !strings.Contains(r.out, want) {
			t.Errorf("%s: exit code %d, printed %s%s", name, r.code, r.out, r.errors)
		}
	}
}

func TestChangesAreShownAsCognitoHasThemAfterwards(t *testing.T) {
	stage := supporttest.New()
	if r := try(
		stage,
		"",
		with("disable", supporttest.Email)...); !strings.Contains(r.out, "disabled") ||
		stage.Users[supporttest.Sub].Enabled {
		t.Errorf("disable printed %s", r.out)
	}
	if r := try(
		stage,
		"",
		with("enable", supporttest.Email)...); strings.Contains(r.out, "disabled") ||
		!stage.Users[supporttest.Sub].Enabled {
		t.Errorf("enable printed %s", r.out)
	}
}

func TestWhatGoesWrongIsOneSentenceAndExitCode1(t *testing.T) {
	r := try(supporttest.New(), "", with("find", "nobody@example.com")...)
	if r.code != program.Failed || r.errors != "there is no customer nobody@example.com\n" || r.out != "" {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
	want := "there is no customer nobody@example.com; " +
		"if the account is gone already, `erase -sub <sub>` removes what is left\n"
	r = try(supporttest.New(), "", with("erase", "nobody@example.com")...)
	if r.code != program.Failed || r.errors != want {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
	stage := supporttest.New()
	stage.Refuse("AdminDeleteSoftwareToken", supporttest.APIError("AccessDeniedException"))
	want = "the role has no permission for AdminDeleteSoftwareToken (AccessDeniedException) " +
		"while removing the authenticator; " +
		"the same command again does what is left\n"
	if r := try(stage, "", with("reset-factor", supporttest.Email)...); r.code != program.Failed || r.errors != want {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
}

// TestACompletedChangeIsReportedAsDone: only showing the new state failed.
func TestACompletedChangeIsReportedAsDone(t *testing.T) {
	stage := supporttest.New()
	stage.Refuse("GetItem", supporttest.APIError("AccessDeniedException"))
	want := "it is done, but what is now cannot be shown: the role has no permission for GetItem (AccessDeniedException)\n"
	r := try(stage, "", with("disable", supporttest.Email)...)
	if r.code != program.Failed || r.errors != want || stage.Users[supporttest.Sub].Enabled {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
}

func TestASessionThatIsRefusedIsOneSentence(t *testing.T) {
	var errs bytes.Buffer
	code := run(with("find", supporttest.Email), terminal{
		stdin: strings.NewReader(""), stdout: io.Discard, stderr: &errs, environment: func(string) string { return "" },
		open: func(context.Context, options) (*support.Desk, error) { return nil, support.Refusal("no such role") },
	})
	if code != program.Failed || errs.String() != "no such role\n" {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}

func TestTheMFACodeIsAskedForAndGoesWithTheSession(t *testing.T) {
	r := try(supporttest.New(), "123456\n",
		append(with("find", supporttest.Email), "-mfa", "arn:aws:iam::111122223333:mfa/a")...)
	if r.code != program.Done || len(r.opened) != 1 || r.opened[0].mfaCode != "123456" || r.opened[0].mfaDevice == "" {
		t.Errorf("exit code %d, opened %+v, %s", r.code, r.opened, r.errors)
	}
	r = try(supporttest.New(), "", append(with("find", supporttest.Email), "-mfa", "x")...)
	if r.code != program.Failed || len(r.opened) > 0 {
		t.Errorf("without a code: exit code %d", r.code)
	}
}

func TestTheExportIsNamedByTheSub(t *testing.T) {
	t.Chdir(t.TempDir())
	try(supporttest.New(), "", with("export", supporttest.Email)...)
	if _, err := os.Stat("export-" + supporttest.Sub + ".zip"); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "jane.zip")
	again := append(with("export", supporttest.Email), "-out", file)
	if r := try(supporttest.New(), "", again...); r.code != program.Done || !strings.Contains(r.out, file) {
		t.Errorf("exit code %d, %s%s", r.code, r.out, r.errors)
	}
	if r := try(supporttest.New(), "", again...); r.code != program.Failed ||
		!strings.Contains(r.errors, "exists; move it away") {
		t.Errorf("once more: exit code %d, %s", r.code, r.errors)
	}
}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
