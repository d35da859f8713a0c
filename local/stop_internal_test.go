package local

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/securecart/identity/local/localtest/must"
)

// pipes is a listener without the network, whose connections wait by the clock of synctest.
type pipes chan net.Conn

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p <- far
	return near, nil
}

func (p pipes) Accept() (net.Conn, error) {
	if connection, open := <-p; open {
		return connection, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error {
	close(p)
	return nil
}

func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// Browsers open connections on which they ask nothing. Without our help, net/http waits five seconds for a request.
func TestAStopWaitsForAnswersAndForNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan struct{})
		s := &Server{config: Config{Output: io.Discard}, parts: &parts{}, listening: &listening{}}
		listener := pipes(make(chan net.Conn))
		s.serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(asked)
			time.Sleep(grace / 2)
			_, _ = io.WriteString(w, "an answer") // the client tells
		}))
		must.Get(listener.dial(t.Context(), "", ""))(t)
		client := &http.Client{Transport: &http.Transport{DialContext: listener.dial}}
		answered := make(chan string)
		go func() {
			response, err := client.Get("http://stage.test/") //nolint:noctx // the server ends it
			if err != nil {
				answered <- err.Error()
				return
			}
			defer response.Body.Close() //nolint:errcheck // it is read
			body, err := io.ReadAll(response.Body)
			if err != nil {
				answered <- err.Error()
				return
			}
			answered <- string(body)
		}()
		<-asked
		began := time.Now()
		ended := make(chan error)
		go func() { ended <- s.Close() }()
		if got := <-answered; got != "an answer" {
			t.Errorf("who was being answered got %q", got)
		}
		must.Do(t, <-ended)
		if took := time.Since(began); took >= grace {
			t.Errorf("the stop took %s", took)
		}
	})
}
