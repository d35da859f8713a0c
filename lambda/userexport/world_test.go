package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const poolID = "eu-central-1_Pool00001"

// today is when tests begin.
var today = time.Date(2026, 11, 30, 0, 20, 0, 999_000_000, time.UTC)

type object = map[string]any

// A world has a user pool, a table, a bucket and a clock.
type world struct {
	t *testing.T
	*lambdatest.Services

	config  aws.Config
	now     time.Time
	users   []object
	objects map[string]string
	table   string
}

func newWorld(t *testing.T, users int) *world {
	t.Helper()
	w := &world{t: t, table: lambdatest.Table(t, "Proofs")}
	for i := range users {
		w.users = append(w.users, userNamed(fmt.Sprintf("user-%d", i)))
	}
	w.Services = lambdatest.NewServices(t, w.answer)
	w.Name = describe
	w.config = lambdatest.FunctionConfig(t, lambdatest.Unhurried, w.Endpoints())
	w.anew()
	return w
}

// anew resets the world except for its users.
func (w *world) anew() {
	w.t.Helper()
	lambdatest.StoreProof(w.t, w.table, "users-export", nil)
	w.now, w.objects, w.Calls = today, map[string]string{}, nil
	w.Before, w.StopAt, w.After = nil, 0, false
}

func userNamed(name string) object {
	attribute := func(name, value string) object { return object{"Name": name, "Value": value} }
	return object{
		"Username": name, "UserStatus": "CONFIRMED", "Enabled": true,
		"UserCreateDate": 1.7e9, "UserLastModifiedDate": 1.8e9,
		"Attributes": []object{attribute("sub", "sub-of-"+name), attribute("email", name+"@example.com")},
	}
}

// describe returns a request's operation, and the object that it puts.
func describe(call lambdatest.Call) string {
	if call.Service == lambdatest.S3 {
		return call.Operation + " " + objectOf(call)
	}
	return call.Operation
}

func objectOf(call lambdatest.Call) string {
	return strings.TrimPrefix(call.HTTP.URL.Path, "/exports/")
}

// answer answers for S3 and Cognito.
func (w *world) answer(call lambdatest.Call) (body any, code string) {
	if call.Service != lambdatest.S3 {
		return w.list(call.Body), ""
	}
	sent := call.HTTP.Header
	if sent.Get("X-Amz-Checksum-Sha256") == "" && sent.Get("X-Amz-Trailer") != "x-amz-checksum-sha256" {
		w.t.Errorf("%s has no checksum, which a locked bucket demands", objectOf(call))
	}
	w.objects[objectOf(call)] = string(call.Body)
	return nil, ""
}

// list lists two users at once. The token is how many were listed.
func (w *world) list(body []byte) object {
	var request struct {
		UserPoolID      string `json:"UserPoolId"`
		Limit           int
		PaginationToken string
		AttributesToGet []string
	}
	if err := json.Unmarshal(body, &request); err != nil || request.UserPoolID != poolID || request.Limit != 60 {
		w.t.Errorf("listed by %s", body)
	}
	from, _ := strconv.Atoi(request.PaginationToken)
	to := min(from+2, len(w.users))
	page := object{"Users": w.users[from:to]}
	if to < len(w.users) {
		page["PaginationToken"] = strconv.Itoa(to)
	}
	return page
}

// A line is a run's log line, and whether Lambda was told of an error.
type line struct {
	Level, Msg, Outcome, Error, Reason string
	Listed, Users, Parts, Attempt      int
}

// run makes one run, as in a new process, with parts of two pages.
func (w *world) run(change func(*exporter)) (logged line, text string) {
	w.t.Helper()
	written := &bytes.Buffer{}
	e := newExporter(slog.New(slog.NewJSONHandler(written, nil)), w.config, poolID, w.table, "exports")
	e.now, e.pause, e.pages = func() time.Time { return w.now }, 0, 2
	if change != nil {
		change(e)
	}
	answered, err := w.InvokeScheduled(e)
	logged = lambdatest.Line[line](w.t, written.String())
	if failed := logged.Level == "ERROR"; failed != (err != nil) || failed == (string(answered) == "null") {
		w.t.Errorf("answer %q, error %v, logged %+v", answered, err, logged)
	}
	return logged, written.String()
}

// wantComplete checks that the export in a folder names its users once each, in its parts, and says so.
func (w *world) wantComplete(folder string) {
	w.t.Helper()
	var said struct{ Parts, Users int }
	if err := json.Unmarshal([]byte(content(w.objects[folder+"complete.json"])), &said); err != nil {
		w.t.Errorf("no export is complete in %s: %v", folder, err)
		return
	}
	var got []string
	for part := range said.Parts {
		for text := range strings.Lines(content(w.objects[fmt.Sprintf("%spart-%04d.jsonl", folder, part+1)])) {
			var u user
			if err := json.Unmarshal([]byte(text), &u); err != nil {
				w.t.Errorf("part %d: %v: %s", part+1, err, text)
			}
			got = append(got, u.Username)
		}
	}
	var want []string
	for _, u := range w.users {
		want = append(want, u["Username"].(string))
	}
	if !slices.Equal(got, want) || said.Users != len(want) {
		w.t.Errorf("%s holds %q and says %d, want %q", folder, got, said.Users, want)
	}
}

// content is what was put, without the framing in which the SDK sends a trailing checksum.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func content(body string) string {
	var out strings.Builder
	for {
		size, rest, found := strings.Cut(body, "\r\n")
		length, err := strconv.ParseInt(strings.Split(size, ";")[0], 16, 32)
		if !found || err != nil {
			return body
		}
		if length == 0 {
			return out.String()
		}
		out.WriteString(rest[:length])
		body = rest[length+2:]
	}
}

// item reads and writes the item directly, without counting calls.
func (w *world) item() item {
	w.t.Helper()
	return newItem(lambdatest.DynamoDB(w.t), w.table)
}
