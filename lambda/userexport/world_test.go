package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const poolID = "eu-central-1_Pool00001"

// today is when tests begin.
var today = time.Date(2026, 11, 30, 0, 20, 0, 999_000_000, time.UTC)

type object = map[string]any

// A world has a user pool, a table, a bucket and a clock. Each call is counted before it takes effect.
type world struct {
	t *testing.T

	mutex   sync.Mutex
	now     time.Time
	users   []object
	objects map[string]string
	calls   []string
	tables  http.Handler
	table   string
	url     string

	// before is called before each call, with its number, and returns a code with which the call fails, or "".
	before func(number int, call string) string
	// stopAt is the number of the call at which the run is stopped, and after says whether the call still takes effect.
	stopAt int
	after  bool
	dead   bool
	cancel context.CancelFunc
}

func newWorld(t *testing.T, users int) *world {
	t.Helper()
	w := &world{t: t, table: lambdatest.Table(t, "Proofs")}
	for i := range users {
		w.users = append(w.users, userNamed(fmt.Sprintf("user-%d", i)))
	}
	w.anew()
	w.tables = lambdatest.Redirected(t, lambdatest.DynamoDBEndpoint(t))
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// anew resets the world except for its users.
func (w *world) anew() {
	w.t.Helper()
	lambdatest.StoreProof(w.t, w.table, "users-export", nil)
	w.now, w.objects, w.calls = today, map[string]string{}, nil
	w.before, w.stopAt, w.after = nil, 0, false
}

func userNamed(name string) object {
	attribute := func(name, value string) object { return object{"Name": name, "Value": value} }
	return object{
		"Username": name, "UserStatus": "CONFIRMED", "Enabled": true,
		"UserCreateDate": 1.7e9, "UserLastModifiedDate": 1.8e9,
		"Attributes": []object{attribute("sub", "sub-of-"+name), attribute("email", name+"@example.com")},
	}
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // a run that was stopped may send half a request
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if w.dead {
		panic(http.ErrAbortHandler)
	}
	service, call, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if r.Method == http.MethodPut {
		service, call = "S3", "PutObject "+strings.TrimPrefix(r.URL.Path, "/exports/")
	}
	w.calls = append(w.calls, call)
	number := len(w.calls)
	if number == w.stopAt && !w.after {
		w.stop()
	}
	if number == w.stopAt {
		out = httptest.NewRecorder() // takes effect, and the run that is stopped does not learn it
	}
	w.answer(out, r, service, call, body)
	if number == w.stopAt {
		w.stop()
	}
}

func (w *world) answer(out http.ResponseWriter, r *http.Request, service, call string, body []byte) {
	code := ""
	if w.before != nil {
		code = w.before(len(w.calls), call)
	}
	switch {
	case code != "" && service == "S3":
		out.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(out, "<Error><Code>"+code+"</Code></Error>")
	case code != "":
		respond(out, http.StatusBadRequest, object{"__type": code, "message": code + ": " + lambdatest.ARN})
	case service == "DynamoDB_20120810":
		w.tables.ServeHTTP(out, r)
	case service == "S3":
		if r.Header.Get("X-Amz-Checksum-Sha256") == "" && r.Header.Get("X-Amz-Trailer") != "x-amz-checksum-sha256" {
			w.t.Errorf("%s: has no checksum, which a locked bucket demands", call)
		}
		w.objects[strings.TrimPrefix(call, "PutObject ")] = string(body)
	default:
		w.list(out, body)
	}
}

// list answers for Cognito, two users at once. The token is how many were listed.
func (w *world) list(out http.ResponseWriter, body []byte) {
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
	respond(out, http.StatusOK, page)
}

// stop ends the run as Lambda does: further calls have no effect, and pending calls are not answered.
func (w *world) stop() {
	w.dead = true
	w.cancel()
	panic(http.ErrAbortHandler)
}

func respond(out http.ResponseWriter, status int, body any) {
	out.Header().Set("Content-Type", "application/x-amz-json-1.1")
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(body) // a run that was stopped is no failure
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
	cfg := lambdatest.FunctionConfig(w.t, lambdatest.Unhurried, map[string]string{
		"DYNAMODB": w.url, "COGNITO_IDENTITY_PROVIDER": w.url, "S3": w.url,
	})
	e := newExporter(slog.New(slog.NewJSONHandler(written, nil)), cfg, poolID, w.table, "exports")
	e.now, e.pause, e.pages = func() time.Time { return w.now }, 0, 2
	if change != nil {
		change(e)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	w.mutex.Lock()
	w.dead, w.cancel = false, cancel
	w.mutex.Unlock()
	answered, err := e.Invoke(ctx, []byte(`{"ignored":`))
	if jsonErr := json.Unmarshal(written.Bytes(), &logged); jsonErr != nil || strings.Count(written.String(), "\n") != 1 {
		w.t.Fatalf("the log is not one line of JSON (%v): %s", jsonErr, written)
	}
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
