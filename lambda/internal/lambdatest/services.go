package lambdatest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// Services are all AWS services of a function at one address. Calls of DynamoDB reach the engine, all others the answer
// of the test. Each call is counted before it takes effect, and may fail or stop the function instead.
type Services struct {
	URL string
	// Name returns what Calls and Before name a call; without it, that is the operation.
	Name func(Call) string
	// Calls are the names of all calls, in order.
	Calls []string
	// Before is called before each call, with its number from 1 and its name, and returns the code with which the call
	// fails, or "".
	Before func(number int, name string) (code string)
	// StopAt is the number of the call at which a function of a schedule is stopped; 0 is never. After says whether that
	// call still takes effect.
	StopAt int
	After  bool
	// Stopped reports whether the last function that was invoked was stopped.
	Stopped bool

	t      testing.TB
	mutex  sync.Mutex
	tables http.Handler
	answer func(Call) (body any, code string)
	cancel context.CancelFunc
}

// A Call is one call of a service. Request is the JSON that was sent, nil for S3.
type Call struct {
	Service, Operation string
	Request            map[string]any
	HTTP               *http.Request
	Body               []byte
}

// S3 is the service of a [Call] that puts an object. The object's path is that of the HTTP request.
const S3 = "S3"

// NewServices starts services. answer returns the body of an answer, or the code with which the call fails.
func NewServices(t testing.TB, answer func(Call) (body any, code string)) *Services {
	t.Helper()
	s := &Services{t: t, tables: forwarded(DynamoDBEndpoint(t)), answer: answer}
	s.URL = serveAt(t, s)
	return s
}

// Failing is a [Services.Before]: it makes calls fail whose name begins with call, only the nth if nth is not 0.
func Failing(call, code string, nth int) func(int, string) string {
	times := 0
	return func(_ int, called string) string {
		if !strings.HasPrefix(called, call) {
			return ""
		}
		if times++; nth != 0 && nth != times {
			return ""
		}
		return code
	}
}

// Endpoints are those of [FunctionConfig] for these services.
func (s *Services) Endpoints() map[string]string {
	return map[string]string{"SSM": s.URL, "COGNITO_IDENTITY_PROVIDER": s.URL, "DYNAMODB": s.URL, "S3": s.URL}
}

// InvokeScheduled sends one event to a function of a schedule. The event is no JSON, because the function must ignore
// it. A call at which the function is stopped ends it, too.
func (s *Services) InvokeScheduled(function lambda.Handler) (answer []byte, err error) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.mutex.Lock()
	s.Stopped, s.cancel = false, cancel
	s.mutex.Unlock()
	return function.Invoke(ctx, []byte(`{"ignored":`))
}

// ServeHTTP answers one call at a time.
func (s *Services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.Stopped {
		panic(http.ErrAbortHandler)
	}
	call, complete := readCall(r)
	if !complete {
		return // a function that was stopped may send half a request
	}
	name := call.Operation
	if s.Name != nil {
		name = s.Name(call)
	}
	s.Calls = append(s.Calls, name)
	stops := len(s.Calls) == s.StopAt
	if stops && !s.After {
		s.stop()
	}
	if stops {
		w = httptest.NewRecorder() // takes effect, and the function that is stopped does not learn it
	}
	s.serve(w, call, name)
	if stops {
		s.stop()
	}
}

func readCall(r *http.Request) (call Call, complete bool) {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	call = Call{Service: S3, Operation: "PutObject", HTTP: r, Body: body}
	if err == nil && r.Method != http.MethodPut {
		call.Service, call.Operation, _ = strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		err = json.Unmarshal(body, &call.Request)
	}
	return call, err == nil
}

func (s *Services) serve(w http.ResponseWriter, call Call, name string) {
	var body any
	code := ""
	if s.Before != nil {
		code = s.Before(len(s.Calls), name)
	}
	if code == "" && call.Service == "DynamoDB_20120810" {
		s.tables.ServeHTTP(w, call.HTTP)
		return
	}
	if code == "" {
		body, code = s.answer(call)
	}
	switch {
	case code == "":
		Answer(w, http.StatusOK, body)
	case call.Service == S3:
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code></Error>") // the client may have given up already
	default:
		// Real messages quote the request.
		message := code + ": " + ARN + " " + string(call.Body)
		Answer(w, http.StatusBadRequest, map[string]any{"__type": code, "message": message})
	}
}

// stop ends the function as Lambda does: further calls have no effect, and pending calls are not answered. A response
// could reach the function before its deadline does.
func (s *Services) stop() {
	s.Stopped = true
	s.cancel()
	panic(http.ErrAbortHandler)
}
