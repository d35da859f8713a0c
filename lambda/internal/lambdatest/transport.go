package lambdatest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// handlers are the fake services of this process, by host and port.
var handlers sync.Map

// serveAt starts a service. It listens for functions that run as a process; clients of this process call its handler.
func serveAt(t testing.TB, handler http.Handler) (url string) {
	t.Helper()
	server := httptest.NewServer(handler)
	address := server.Listener.Addr().String()
	handlers.Store(address, handler)
	t.Cleanup(func() {
		handlers.Delete(address)
		server.Close()
	})
	return server.URL
}

// calls is the transport of clients: fake services of this process are called without the network.
type calls struct{}

// RoundTrip makes one call.
func (calls) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, found := handlers.Load(r.URL.Host)
	if !found {
		return connections.Do(r)
	}
	recorder := httptest.NewRecorder()
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody // as a server has it
	}
	answered := answers(handler.(http.Handler), recorder, served)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if !answered {
		return nil, io.ErrUnexpectedEOF
	}
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// answers reports whether a handler has answered. One that aborts has not.
func answers(handler http.Handler, w http.ResponseWriter, r *http.Request) (answered bool) {
	defer func() {
		if cause := recover(); cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			panic(cause)
		}
	}()
	handler.ServeHTTP(w, r)
	return true
}

// forwarded lets a call pass to the service at url, such as [DynamoDBEndpoint].
func forwarded(url string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, url, r.Body)
		if err != nil {
			panic(err)
		}
		out.Header, out.ContentLength = r.Header.Clone(), r.ContentLength
		response, err := connections.Do(out)
		if err != nil {
			panic(http.ErrAbortHandler) // the function has given up
		}
		defer func() { _ = response.Body.Close() }() // has been read
		maps.Copy(w.Header(), response.Header)
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, response.Body) // the function may have given up
	}
}

// Timed serves an event in a bubble of testing/synctest, whose clock moves on only while everything waits for it, and
// returns the exact time that the event takes. The clients must be [Bubbled].
func Timed(t *testing.T, serve func(*testing.T)) (took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		serve(t)
		took = time.Since(begun)
	})
	return took
}

// Bubbled returns a configuration whose clients may call services in a bubble. A goroutine outside makes the calls, and
// the clock stands meanwhile: a connection of the bubble's own would stop it for good. A call of a [Silent] service
// waits inside, so that the clock moves on to its time-out.
func Bubbled(t testing.TB, cfg aws.Config) aws.Config {
	t.Helper()
	o := &outside{asked: make(chan *http.Request), answered: make(chan answered)}
	t.Cleanup(func() { close(o.asked) })
	go o.serve()
	cfg.HTTPClient = &http.Client{Transport: o, Timeout: cfg.HTTPClient.(*http.Client).Timeout}
	return cfg
}

// inBubble is the header of a request that comes from a bubble. By the same header a [Silent] service says that it does
// not answer.
const inBubble = "X-Test-In-Bubble"

// outside makes one call at a time.
type outside struct {
	lock     sync.Mutex
	asked    chan *http.Request
	answered chan answered
}

type answered struct {
	response *http.Response
	body     []byte
	err      error
}

func (o *outside) serve() {
	for r := range o.asked {
		var a answered
		if a.response, a.err = (calls{}).RoundTrip(r); a.err == nil {
			a.body, a.err = io.ReadAll(a.response.Body)
			_ = a.response.Body.Close() // has been read
		}
		o.answered <- a
	}
}

// RoundTrip makes a call for a client in a bubble.
func (o *outside) RoundTrip(r *http.Request) (*http.Response, error) {
	// A new request: this one's context and channel belong to the bubble.
	out, err := http.NewRequestWithContext(context.Background(), r.Method, r.URL.String(), r.Body)
	if err != nil {
		return nil, err
	}
	out.Header, out.ContentLength = r.Header.Clone(), r.ContentLength
	out.Header.Set(inBubble, "yes")
	a := o.call(out)
	switch {
	case a.err != nil:
		return nil, a.err
	case a.response.Header.Get(inBubble) != "":
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	a.response.Body, a.response.Request = io.NopCloser(bytes.NewReader(a.body)), r
	return a.response, nil
}

func (o *outside) call(r *http.Request) answered {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.asked <- r
	return <-o.answered
}
