package apigateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func TestEachMethodIsThrottledAloneAtTheStagesRateAndBurst(t *testing.T) {
	s := reviewed(t, nil)
	s.API.Throttling, s.API.MethodThrottling = deployed.Throttling{Rate: 2, Burst: 3}, nil
	a := serve(t, s)
	bearer := token(t, s, nil)
	get := func() *http.Response { return a.call(t, "GET", "/v1/orders", "", "Authorization", bearer) }
	burst := func(want int) {
		t.Helper()
		for i := range want {
			if r := get(); r.StatusCode != http.StatusOK {
				t.Fatalf("request %d of the burst: %d", i, r.StatusCode)
			}
		}
		r := get()
		wantRefused(t, r, 429, "TooManyRequestsException", "Too many requests")
		if r.Header.Get("Retry-After") != "1" {
			t.Errorf("Retry-After %q, want that of the gateway response", r.Header.Get("Retry-After"))
		}
	}
	burst(3)
	if r := a.call(t, "OPTIONS", "/v1/orders", ""); r.StatusCode != 204 {
		t.Errorf("another method: %d, want 204", r.StatusCode)
	}
	a.now = a.now.Add(time.Second)
	burst(2)
	a.now = a.now.Add(time.Minute)
	burst(3)
}

func TestBodiesAboveTenMegabytesAreRefusedInApiGatewaysOwnWords(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	server := httptest.NewServer(a)
	defer server.Close()
	send := func(method string, size int64, chunked bool, bearer string) *http.Response {
		t.Helper()
		r := must.Get(http.NewRequest(method, server.URL+"/v1/orders", io.LimitReader(zeros{}, size)))(t)
		if !chunked {
			r.ContentLength = size
		}
		r.Header = http.Header{"Authorization": {bearer}, "Content-Type": {"text/plain"}, "Idempotency-Key": {"k"}}
		if method == http.MethodOptions {
			r.Header.Set("Content-Type", "application/json")
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("%d bytes, chunked %t: %v", size, chunked, err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	write := token(t, a.stage, map[string]any{"scope": "securecart/orders.write"})
	for _, chunked := range []bool{false, true} {
		for _, method := range []string{"POST", "OPTIONS"} {
			r := send(method, 10<<20+1, chunked, write)
			if body := text(t, r); r.StatusCode != 413 || body != `{"message":"Request Too Long"}` ||
				r.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s, chunked %t: %d %s %v", method, chunked, r.StatusCode, body, r.Header)
			}
		}
	}
	if r := send("OPTIONS", 10<<20, true, ""); r.StatusCode != 204 {
		t.Errorf("10 MB: %d, want 204", r.StatusCode)
	}
	// The size is known before the token is looked at, but not if the body comes in chunks.
	if r := send("POST", 10<<20+1, false, "garbage"); r.StatusCode != 413 {
		t.Errorf("more than 10 MB with a bad token: %d, want 413", r.StatusCode)
	}
	if r := send("POST", 10<<20+1, true, "garbage"); r.StatusCode != 401 {
		t.Errorf("more than 10 MB in chunks with a bad token: %d, want 401", r.StatusCode)
	}
	// The event would be larger than Lambda takes.
	if r := send("POST", 7<<20, false, write); r.StatusCode != 413 {
		t.Errorf("7 MB: %d, want 413", r.StatusCode)
	}
	if len(a.events) != 0 {
		t.Error("a function was invoked")
	}
	if r := send("POST", 1<<20, false, write); r.StatusCode != http.StatusOK {
		t.Errorf("1 MB afterwards: %d, want 200", r.StatusCode)
	}
}

// A client that sends everything before it reads must not find the connection closed.
func TestRefusedBodiesAreReadSoThatTheClientSeesTheAnswer(t *testing.T) {
	server := httptest.NewServer(serve(t, reviewed(t, nil)))
	defer server.Close()
	connection := must.Get(net.Dial("tcp", server.Listener.Addr().String()))(t)
	defer func() { _ = connection.Close() }()
	const size = 16 << 20
	_, _ = fmt.Fprintf(connection, "POST /v1/orders HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size)
	if n, err := io.CopyN(connection, zeros{}, size); err != nil {
		t.Fatalf("after %d bytes: %v", n, err)
	}
	r, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil || r.StatusCode != 413 {
		t.Errorf("answer %v, %v; want 413", r, err)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestBodiesThatEndEarlyAreBadRequests(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	server := httptest.NewServer(a)
	defer server.Close()
	connection := must.Get(net.Dial("tcp", server.Listener.Addr().String()))(t)
	defer func() { _ = connection.Close() }()
	write := token(t, a.stage, map[string]any{"scope": "securecart/orders.write"})
	_, _ = fmt.Fprintf(connection,
		"POST /v1/orders HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\nContent-Length: 10\r\n\r\n{", write)
	_ = connection.(*net.TCPConn).CloseWrite()
	r := must.Get(http.ReadResponse(bufio.NewReader(connection), nil))(t)
	wantRefused(t, r, 400, "BadRequestException", "Request refused")
	if len(a.events) != 0 {
		t.Error("a function was invoked")
	}
}

func TestAThousandCallsAtOnceAreAllAnswered(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	server := httptest.NewServer(a)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 200, MaxIdleConnsPerHost: 200}}
	bearers := []string{token(t, a.stage, nil), "garbage", token(t, a.stage, map[string]any{"sub": "another"})}
	var (
		wait  sync.WaitGroup
		mutex sync.Mutex
		seen  = map[int]int{}
	)
	for i := range 1000 {
		wait.Go(func() {
			r, err := http.NewRequest(http.MethodGet, server.URL+"/v1/orders", nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Authorization", bearers[i%len(bearers)])
			response, err := client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			mutex.Lock()
			seen[response.StatusCode]++
			mutex.Unlock()
		})
	}
	wait.Wait()
	// The clock stands still, so that exactly the burst passes the throttle.
	if seen[429] != 900 || seen[200]+seen[401] != 100 || seen[200] == 0 || seen[401] == 0 {
		t.Errorf("answers by status %v, want 900 times 429 and 100 others", seen)
	}
	if lines := strings.Count(a.lines.String(), "\n"); lines != 1000 {
		t.Errorf("%d log lines, want 1000", lines)
	}
}
