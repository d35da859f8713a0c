package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/program"
	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

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
		if gone := stage.Users[supporttest.Sub] == nil; gone != c.erased || (r.code == program.Done) != c.erased ||
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

const notErased = "nothing was erased: that is not the e-mail address jane@example.com\n"

func TestEraseOfWhatAnAccountLeftBehindIsConfirmedByTheSub(t *testing.T) {
	stage := supporttest.New()
	delete(stage.Users, supporttest.Sub)
	arguments := with("erase", "-sub", supporttest.Sub, "-identity", "Google#1234567890")
	if r := try(stage, supporttest.Email+"\n", arguments...); r.code != program.Failed || len(stage.Changes()) > 0 {
		t.Errorf("an address confirmed it: exit code %d, %v", r.code, stage.Changes())
	}
	r := try(stage, supporttest.Sub+"\n", arguments...)
	if r.code != program.Done || len(stage.Left(supporttest.Sub)) != 3 {
		t.Errorf("exit code %d, left %v, %s", r.code, stage.Left(supporttest.Sub), r.errors)
	}
	r = try(stage, "", arguments...)
	if r.code != program.Done || r.out != "Nothing is held about "+supporttest.Sub+" but orders, which stay: 3.\n" {
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
	r := try(stage, "Google_1\n", with("erase", "Google_1")...)
	if r.code != program.Done || stage.Users["Google_1"] != nil {
		t.Errorf("exit code %d, %s", r.code, r.errors)
	}
}

// never is an input that never comes.
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
	if code := desk.do(ctx, o, nil); code != program.Failed || !strings.HasSuffix(errs.text.String(), "\ninterrupted\n") ||
		len(stage.Changes()) > 0 {
		t.Errorf("exit code %d, %s, %v", code, errs.text.String(), stage.Changes())
	}
}

// question calls then when the output contains at.
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
