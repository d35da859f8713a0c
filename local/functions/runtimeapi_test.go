package functions

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// byHand is a function whose process does nothing, so that a test can talk to its Runtime API in its place.
type byHand struct {
	*Function
	base string
}

func newByHand(t *testing.T) byHand {
	t.Helper()
	f, _ := running(t, fakeProgram("function that never gets ready"), Config{Processes: 1})
	for _, variable := range f.processes[0].command.Env {
		if address, ok := strings.CutPrefix(variable, "AWS_LAMBDA_RUNTIME_API="); ok {
			return byHand{f, "http://" + address + "/2018-06-01/runtime/"}
		}
	}
	t.Fatal("the process has no AWS_LAMBDA_RUNTIME_API")
	return byHand{}
}

type reply struct {
	Status int
	Body   string
	header http.Header
}

func (b byHand) try(ctx context.Context, method, path string, body io.Reader) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.base+path, body)
	if err != nil {
		return reply{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, strings.TrimSpace(string(text)), response.Header}, err
}

func (b byHand) send(t *testing.T, method, path, body string) reply {
	t.Helper()
	return must.Get(b.try(t.Context(), method, path, strings.NewReader(body)))(t)
}

func (b byHand) want(t *testing.T, method, path, body string, status int, text string) {
	t.Helper()
	if got := b.send(t, method, path, body); got.Status != status || got.Body != text {
		t.Errorf("%s %s: %d %s\nwant %d %s", method, path, got.Status, got.Body, status, text)
	}
}

// invoke calls the function and returns what comes of it.
func (b byHand) invoke(t *testing.T) <-chan answer {
	done := make(chan answer, 1)
	go func() {
		response, err := b.Invoke(t.Context(), []byte(`{"mugs":1}`))
		done <- answer{response, err}
	}()
	return done
}

const (
	invalidState = `{"errorType":"InvalidStateTransition",` +
		`"errorMessage":"the process asks for an event while it has one, or waits for it"}`
	invalidID = `{"errorType":"InvalidRequestID","errorMessage":"there is no such invocation, or it is answered"}`
	tooLarge  = `{"errorType":"RequestEntityTooLarge",` +
		`"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes)."}`
	unknown = "invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd"
)

func TestRuntimeAPIAnswersAsLambdaDoes(t *testing.T) {
	f := newByHand(t)
	f.want(t, "POST", unknown+"/response", "1", 400, invalidID)
	done := f.invoke(t)
	event := f.send(t, "GET", "invocation/next", "")
	invocation := "invocation/" + event.header.Get("Lambda-Runtime-Aws-Request-Id")
	f.want(t, "GET", "invocation/next", "", 403, invalidState)
	f.want(t, "POST", "init/error", "{}", 403,
		`{"errorType":"InvalidStateTransition","errorMessage":"the process has asked for an event"}`)
	f.want(t, "POST", unknown+"/response", "1", 400, invalidID)
	f.want(t, "POST", unknown+"/error", "{}", 400, invalidID)
	f.want(t, "POST", invocation+"/response", "thanks", 202, `{"status":"OK"}`)
	f.want(t, "POST", invocation+"/response", "again", 400, invalidID)
	f.want(t, "POST", invocation+"/error", "{}", 400, invalidID)
	if got := <-done; string(got.response) != "thanks" || got.err != nil {
		t.Errorf("Invoke = %q, %v", got.response, got.err)
	}

	done = f.invoke(t)
	event = f.send(t, "GET", "invocation/next", "")
	invocation = "invocation/" + event.header.Get("Lambda-Runtime-Aws-Request-Id")
	f.want(t, "POST", invocation+"/response", strings.Repeat("x", maxResponse+1), 413, tooLarge)
	if got := <-done; !errors.Is(got.err, ErrTooLarge) {
		t.Errorf("Invoke = %q, %v", got.response, got.err)
	}
}

func TestEventHasTheHeadersOfTheRuntimeAPI(t *testing.T) {
	f := newByHand(t)
	began := time.Now()
	f.invoke(t)
	event := f.send(t, "GET", "invocation/next", "")
	if event.Status != 200 || event.Body != `{"mugs":1}` || event.header.Get("Content-Type") != "application/json" {
		t.Errorf("event %+v", event)
	}
	if arn := event.header.Get("Lambda-Runtime-Invoked-Function-Arn"); arn != f.program.ARN {
		t.Errorf("Lambda-Runtime-Invoked-Function-Arn: %s, want %s", arn, f.program.ARN)
	}
	deadline, err := strconv.ParseInt(event.header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	first, last := began.Add(f.program.Timeout).UnixMilli(), time.Now().Add(f.program.Timeout).UnixMilli()
	if err != nil || deadline < first || deadline > last {
		t.Errorf("Lambda-Runtime-Deadline-Ms: %d, %v; want %d to %d", deadline, err, first, last)
	}
}

func TestReportedErrorsAreToldWhateverTheyLookLike(t *testing.T) {
	for body, want := range map[string]FunctionError{
		`{"errorType":"Shop.NoMug","errorMessage":"no mug","stackTrace":[]}`: {"Shop.NoMug", "no mug"},
		`{"errorMessage":"no mug"}`: {"Runtime.Unknown", "no mug"},
		`no mug`:                    {"Runtime.Unknown", "no errorMessage"},
		``:                          {"Runtime.Unknown", "no errorMessage"},
	} {
		got := reported([]byte(body), http.Header{errorType: {"Runtime.Unknown"}})
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", body, diff)
		}
	}
}

func TestAnswerThatIsCutOffIsNoAnswer(t *testing.T) {
	f := newByHand(t)
	done := f.invoke(t)
	event := f.send(t, "GET", "invocation/next", "")
	cut := io.MultiReader(bytes.NewReader([]byte("tha")), iotest.ErrReader(errors.New("cut off")))
	response := "invocation/" + event.header.Get("Lambda-Runtime-Aws-Request-Id") + "/response"
	if got, err := f.try(t.Context(), "POST", response, cut); err == nil {
		t.Fatalf("the answer was not cut off: %+v", got)
	}
	select {
	case got := <-done:
		t.Errorf("Invoke = %q, %v before the process has answered or ended", got.response, got.err)
	case <-time.After(50 * time.Millisecond):
	}
	f.mu.Lock()
	f.processes[0].kill()
	f.mu.Unlock()
	if got := <-done; !errors.Is(got.err, ErrCrashed) {
		t.Errorf("Invoke = %q, %v; want ErrCrashed", got.response, got.err)
	}
}

func TestProcessThatHangsUpIsEnded(t *testing.T) {
	f := newByHand(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		// Only the test itself may end it: if the process never waits, it is what the test says below.
		for f.state() != idle && t.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := f.try(ctx, "GET", "invocation/next", nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	await.That(t, "the process is gone", func() bool { processes, _ := f.counts(); return processes == 0 })
}
