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
	"time"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

// why are the flags that every command needs.
var why = []string{"-ticket", "T-1", "-reason", "lost phone"}

// ran is what a run of the program did.
type ran struct {
	code        int
	out, errors string
	// opened are the options with which a session was started.
	opened []options
}

// try runs the program on a stage, with input on stdin.
func try(stage *supporttest.Stage, input string, arguments ...string) ran {
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
		if r.code != done || !strings.Contains(r.out, want.says) {
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
		if r.code != done || !json.Valid([]byte(r.out)) || !strings.Contains(r.out, want) {
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

func TestHelpIsThereForEveryCommand(t *testing.T) {
	for _, arguments := range [][]string{{"--help"}, {"-h"}, {"help"}} {
		r := try(nil, "", arguments...)
		for _, c := range commands() {
			if r.code != done || !strings.Contains(r.errors, c.name) || !strings.Contains(r.errors, "2 called wrongly") {
				t.Errorf("%v: exit code %d, %s", arguments, r.code, r.errors)
			}
		}
	}
	for _, c := range commands() {
		r := try(nil, "", c.name, "--help")
		if r.code != done || !strings.Contains(r.errors, "Usage: support "+c.name) ||
			!strings.Contains(r.errors, "role "+string(c.role)) ||
			!strings.Contains(r.errors, c.more) ||
			len(r.opened) > 0 {
			t.Errorf("%s --help: exit code %d, %s", c.name, r.code, r.errors)
		}
	}
}

func TestWrongCallsExitWith2AndReachNobody(t *testing.T) {
	for want, arguments := range map[string][]string{
		"which command?":                      {},
		`there is no command "unlock"`:        with("unlock", "a@b"),
		"which customer?":                     with("find"),
		"one customer at a time":              with("find", "a@b", "c@d"),
		"-ticket must be":                     {"find", "a@b", "-reason", "x"},
		"-reason must be":                     {"find", "a@b", "-ticket", "T-1"},
		"flag provided but not defined: -sub": with("disable", "-sub", supporttest.Sub),
		"flag provided but not defined: -out": with("erase", "a@b", "-out", "x"),
		"say the customer or -sub":            with("erase", "a@b", "-sub", supporttest.Sub),
		"-identity goes with -sub":            with("erase", "a@b", "-identity", "Google#1"),
		"want <provider>#<subject>":           with("erase", "-sub", supporttest.Sub, "-identity", "Google"),
		"-sub must have the form":             with("erase", "-sub", "0f1e"),
		"-stage must be the name of a stage":  with("find", "a@b", "-stage", "../Dev"),
		"say -stage or -outputs":              with("find", "a@b", "-stage", "Dev", "-outputs", "x.json"),
		"a customer is an e-mail address":     with("find", `a"@b`),
	} {
		r := try(nil, "", arguments...)
		if r.code != misuse || !strings.Contains(r.errors, want) || len(r.opened) > 0 || r.out != "" {
			t.Errorf("%v: exit code %d, want %q, got %s", arguments, r.code, want, r.errors)
		}
	}
}

func TestFlagsStandBeforeAndAfterTheCustomer(t *testing.T) {
	for _, arguments := range [][]string{
		{"find", supporttest.Email, "-ticket", "T-1", "-reason", "lost phone"},
		{"find", "-ticket", "T-1", "-reason", "lost phone", supporttest.Email},
		{"find", "-ticket", "T-1", supporttest.Email, "-reason=lost phone"},
	} {
		if r := try(supporttest.New(), "", arguments...); r.code != done || !strings.Contains(r.out, supporttest.Sub) {
			t.Errorf("%v: exit code %d, %s", arguments, r.code, r.errors)
		}
	}
}

func TestWhereTheOutputsAre(t *testing.T) {
	for _, c := range []struct {
		arguments            []string
		environment, outputs string
	}{
		{nil, "", "outputs.Dev.json"},
		{[]string{"-stage", "Prod"}, "", "outputs.Prod.json"},
		{[]string{"-stage", "local"}, "", ".build/local/outputs.json"},
		{nil, "/tmp/o.json", "/tmp/o.json"},
		{[]string{"-stage", "Prod"}, "/tmp/o.json", "outputs.Prod.json"},
		{[]string{"-outputs", "mine.json"}, "/tmp/o.json", "mine.json"},
	} {
		got, err := parse(
			append(with("find", "a@b"), c.arguments...),
			terminal{stderr: io.Discard, environment: func(name string) string {
				if name == outputsVariable {
					return c.environment
				}
				return ""
			}},
		)
		if err != nil || got.outputs != c.outputs {
			t.Errorf("%v: %q (%v), want %q", c.arguments, got.outputs, err, c.outputs)
		}
	}
}

func TestWhatGoesWrongIsOneSentenceAndExitCode1(t *testing.T) {
	missing := with("find", "nobody@example.com")
	if r := try(
		supporttest.New(),
		"",
		missing...); r.code != failed || r.errors != "there is no customer nobody@example.com\n" ||
		r.out != "" {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
	want := "there is no customer nobody@example.com; " +
		"if the account is gone already, `erase -sub <sub>` removes what is left\n"
	if r := try(supporttest.New(), "", with("erase", "nobody@example.com")...); r.code != failed || r.errors != want {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
	stage := supporttest.New()
	stage.Stop = func(_ int, operation string) supporttest.Stop {
		if operation == "AdminDeleteSoftwareToken" {
			return supporttest.Stop{Before: supporttest.APIError("AccessDeniedException")}
		}
		return supporttest.Stop{}
	}
	want = "the role has no permission for AdminDeleteSoftwareToken (AccessDeniedException) " +
		"while removing the authenticator; " +
		"the same command again does what is left\n"
	if r := try(stage, "", with("reset-factor", supporttest.Email)...); r.code != failed || r.errors != want {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
}

// TestAChangeThatIsDoneIsNotCalledUndone: what failed is only to show it.
func TestAChangeThatIsDoneIsNotCalledUndone(t *testing.T) {
	stage := supporttest.New()
	stage.Stop = func(_ int, operation string) supporttest.Stop {
		if operation == "GetItem" {
			return supporttest.Stop{Before: supporttest.APIError("AccessDeniedException")}
		}
		return supporttest.Stop{}
	}
	want := "it is done, but what is now cannot be shown: the role has no permission for GetItem (AccessDeniedException)\n"
	r := try(stage, "", with("disable", supporttest.Email)...)
	if r.code != failed || r.errors != want || stage.Users[supporttest.Sub].Enabled {
		t.Errorf("exit code %d, %q", r.code, r.errors)
	}
}

func TestASessionThatIsRefusedIsOneSentence(t *testing.T) {
	var errs bytes.Buffer
	code := run(with("find", supporttest.Email), terminal{
		stdin: strings.NewReader(""), stdout: io.Discard, stderr: &errs, environment: func(string) string { return "" },
		open: func(context.Context, options) (*support.Desk, error) { return nil, support.Refusal("no such role") },
	})
	if code != failed || errs.String() != "no such role\n" {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}

const notErased = "nothing was erased: that is not the e-mail address jane@example.com\n"

func TestEraseIsConfirmedByTheAddress(t *testing.T) {
	for name, c := range map[string]struct {
		input  string
		flags  []string
		erased bool
		says   string
	}{
		"typed":                     {input: "jane@example.com\n", erased: true},
		"typed in capitals":         {input: "Jane@Example.com\n", erased: true},
		"typed without an end":      {input: "jane@example.com", erased: true},
		"given":                     {flags: []string{"-yes-erase", "jane@example.com"}, erased: true},
		"another address":           {input: "joe@example.com\n", says: notErased},
		"yes":                       {input: "yes\n", says: notErased},
		"another address was given": {flags: []string{"-yes-erase", "yes"}, says: notErased},
		"the sub":                   {input: supporttest.Sub + "\n", says: notErased},
		"nothing":                   {input: "\n", says: "nothing was done: there was no answer\n"},
		"no input":                  {input: "", says: "nothing was done: there was no answer\n"},
	} {
		stage := supporttest.New()
		r := try(stage, c.input, append(with("erase", supporttest.Email), c.flags...)...)
		if gone := stage.Users[supporttest.Sub] == nil; gone != c.erased || (r.code == done) != c.erased ||
			!strings.HasSuffix(r.errors, c.says) {
			t.Errorf("%s: erased %t, exit code %d, %s", name, gone, r.code, r.errors)
		}
		if !c.erased && len(stage.Changes()) > 0 {
			t.Errorf("%s: it was refused, and did %v", name, stage.Changes())
		}
		if !strings.Contains(r.errors, "4 versions") || !strings.Contains(r.errors, supporttest.Sub) {
			t.Errorf("%s: it does not show first what it removes: %s", name, r.errors)
		}
	}
}

func TestEraseOfWhatAnAccountLeftBehindIsConfirmedByTheSub(t *testing.T) {
	stage := supporttest.New()
	delete(stage.Users, supporttest.Sub)
	arguments := with("erase", "-sub", supporttest.Sub, "-identity", "Google#1234567890")
	if r := try(stage, supporttest.Email+"\n", arguments...); r.code != failed || len(stage.Changes()) > 0 {
		t.Errorf("an address confirmed it: exit code %d, %v", r.code, stage.Changes())
	}
	if r := try(stage, supporttest.Sub+"\n", arguments...); r.code != done || len(stage.Left(supporttest.Sub)) != 3 {
		t.Errorf("exit code %d, left %v, %s", r.code, stage.Left(supporttest.Sub), r.errors)
	}
	r := try(stage, "", arguments...)
	if r.code != done || r.out != "Nothing is held about "+supporttest.Sub+" but orders, which stay: 3.\n" {
		t.Errorf("once more: exit code %d, %s%s", r.code, r.out, r.errors)
	}
}

func TestACustomerWithoutAnAddressIsConfirmedByTheUserName(t *testing.T) {
	stage := supporttest.New()
	user := stage.Users[supporttest.Sub]
	delete(stage.Users, supporttest.Sub)
	delete(user.Attributes, "email")
	user.Username = "Google_1"
	stage.Users["Google_1"] = user
	if r := try(stage, "Google_1\n", with("erase", "Google_1")...); r.code != done || stage.Users["Google_1"] != nil {
		t.Errorf("exit code %d, %s", r.code, r.errors)
	}
}

// never is an input that does not come.
type never struct{ closed chan struct{} }

func (n never) Read([]byte) (int, error) { <-n.closed; return 0, io.EOF }

func TestCtrlCAtTheQuestionErasesNothing(t *testing.T) {
	stage, input := supporttest.New(), never{make(chan struct{})}
	defer close(input.closed)
	ctx, cancel := context.WithCancel(t.Context())
	var errs question
	errs.at, errs.then = "Type the e-mail address", cancel
	desk := terminal{
		stdin: input, stdout: io.Discard, stderr: &errs, environment: func(string) string { return "" },
		open: func(context.Context, options) (*support.Desk, error) { return stage.Desk(), nil },
	}
	o, err := parse(with("erase", supporttest.Email), desk)
	if err != nil {
		t.Fatal(err)
	}
	if code := desk.do(
		ctx,
		o,
		nil,
	); code != failed || !strings.HasSuffix(errs.text.String(), "\ninterrupted\n") ||
		len(stage.Changes()) > 0 {
		t.Errorf("exit code %d, %s, %v", code, errs.text.String(), stage.Changes())
	}
}

// question calls then when something is printed that has at in it.
type question struct {
	text bytes.Buffer
	at   string
	then func()
}

func (q *question) Write(text []byte) (int, error) {
	if strings.Contains(string(text), q.at) {
		q.then()
	}
	return q.text.Write(text)
}

func TestTheMFACodeIsAskedForAndGoesWithTheSession(t *testing.T) {
	r := try(
		supporttest.New(),
		"123456\n",
		append(with("find", supporttest.Email), "-mfa", "arn:aws:iam::111122223333:mfa/a")...)
	if r.code != done || len(r.opened) != 1 || r.opened[0].mfaCode != "123456" || r.opened[0].mfaDevice == "" {
		t.Errorf("exit code %d, opened %+v, %s", r.code, r.opened, r.errors)
	}
	if r := try(
		supporttest.New(),
		"",
		append(with("find", supporttest.Email), "-mfa", "x")...); r.code != failed ||
		len(r.opened) > 0 {
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
	if r := try(
		supporttest.New(),
		"",
		append(with("export", supporttest.Email), "-out", file)...); r.code != done ||
		!strings.Contains(r.out, file) {
		t.Errorf("exit code %d, %s%s", r.code, r.out, r.errors)
	}
	if r := try(
		supporttest.New(),
		"",
		append(with("export", supporttest.Email), "-out", file)...); r.code != failed ||
		!strings.Contains(r.errors, "exists; move it away") {
		t.Errorf("once more: exit code %d, %s", r.code, r.errors)
	}
}

func TestNothingThatACustomerTypedSteersTheTerminal(t *testing.T) {
	stage := supporttest.New()
	stage.Users[supporttest.Sub].Attributes["email"] = "a\x1b[2Jb\u202e@example.com"
	r := try(stage, "", with("show", supporttest.Sub)...)
	if r.code != done || strings.ContainsAny(r.out, "\x1b\u202e") ||
		!strings.Contains(r.out, "a\ufffd[2Jb\ufffd@example.com") {
		t.Errorf("printed %q %s", r.out, r.errors)
	}
}

func TestWorkThatTakesLongSaysWhatItDoes(t *testing.T) {
	var out bytes.Buffer
	ticks := make(chan time.Time)
	p := startProgress(&out, ticks)
	ticks <- time.Time{} // nothing is being done yet
	p.report("deleting documents (1 of 4)")
	ticks <- time.Time{}
	p.report("deleting documents (2 of 4)")
	p.report("deleting documents (3 of 4)")
	ticks <- time.Time{}
	p.pause()
	ticks <- time.Time{}
	p.stop()
	p.report("late")
	p.stop()
	if want := "deleting documents (1 of 4) …\ndeleting documents (3 of 4) …\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	plain := terminal{environment: func(string) string { return "" }}
	for name, to := range map[string]io.Writer{"buffer": &bytes.Buffer{}, "file": file} {
		if got := plain.paint(to, red, "x"); got != "x" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// The null device is a character device, as a terminal is.
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close() //nolint:errcheck // nothing was written
	if got := plain.paint(device, red, "x"); got != "\x1b[31mx\x1b[0m" {
		t.Errorf("device: %q", got)
	}
	for _, off := range []string{"NO_COLOR=1", "TERM=dumb"} {
		name, value, _ := strings.Cut(off, "=")
		dull := terminal{environment: func(asked string) string { return map[string]string{name: value}[asked] }}
		if got := dull.paint(device, red, "x"); got != "x" {
			t.Errorf("%s: %q", off, got)
		}
	}
}

func TestAnAnswerThatCannotBePrintedIsAFailure(t *testing.T) {
	code := run(with("find", "--json", supporttest.Email), terminal{
		stdin: strings.NewReader(""), stdout: broken{}, stderr: io.Discard, environment: func(string) string { return "" },
		open: func(context.Context, options) (*support.Desk, error) { return supporttest.New().Desk(), nil },
	})
	if code != failed {
		t.Errorf("exit code %d", code)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
