package lambdatest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// inBubble is the header of a request that comes from a bubble. By the same header a [Silent] service says that it does
// not answer.
const inBubble = "X-Test-In-Bubble"

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

// Bubbled returns a configuration whose clients may call the fake services in a bubble, with the configuration's
// time-out of an attempt. The bubble's clock stands while a service answers, because a goroutine outside makes
// the calls: a connection of the bubble's own would stop its clock for good. A call of a [Silent] service waits inside,
// so that the clock moves on to its time-out.
func Bubbled(t testing.TB, cfg aws.Config) aws.Config {
	t.Helper()
	o := &outside{asked: make(chan *http.Request), answered: make(chan answered)}
	t.Cleanup(func() { close(o.asked) })
	go o.serve()
	timeout := cfg.HTTPClient.(*awshttp.BuildableClient).GetTimeout()
	cfg.HTTPClient = &http.Client{Transport: o, Timeout: timeout}
	return cfg
}

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
		if a.response, a.err = connections.Do(r); a.err == nil {
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
	if a.err != nil {
		return nil, a.err
	}
	if a.response.Header.Get(inBubble) != "" {
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
