package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// viteWithin is how long Vite's server may take to answer.
const viteWithin = time.Minute

// vite is Vite's own server of the storefront's source. What changes in it is in the browser at once.
type vite struct {
	command *exec.Cmd
	// lifeline is Vite's standard input: it ends when that does, also if this program is killed.
	lifeline io.Closer
	url      *url.URL
	ended    chan struct{}
}

// errViteEnded: what Vite said is in the log.
var errViteEnded = errors.New("the storefront's server, Vite, has ended")

// startVite starts Vite on a free port, and returns when it answers. If somebody else takes the port before Vite does,
// it tries another.
func startVite(ctx context.Context, root, address string, log io.Writer) (*vite, error) {
	for {
		host, err := listenable(net.JoinHostPort(address, "0"))
		if err != nil {
			return nil, err
		}
		v, err := startViteAt(ctx, root, host, log)
		if !errors.Is(err, errViteEnded) {
			return v, err
		}
		if _, taken := listenable(host); taken == nil {
			return nil, err
		}
	}
}

// listenable returns the address with a port at which nobody listens.
func listenable(address string) (string, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func startViteAt(ctx context.Context, root, host string, log io.Writer) (*vite, error) {
	address, port, err := net.SplitHostPort(host)
	if err != nil {
		return nil, err
	}
	v := &vite{url: &url.URL{Scheme: "http", Host: host}, ended: make(chan struct{})}
	v.command = exec.Command(filepath.Join(root, "node_modules", ".bin", "vite"), "local/storefront",
		"--host", address, "--port", port, "--strictPort", "--logLevel", "warn", "--clearScreen", "false")
	v.command.Dir, v.command.Stdout, v.command.Stderr = root, log, log
	if v.lifeline, err = v.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := v.command.Start(); err != nil {
		return nil, fmt.Errorf("start Vite, which serves the storefront: %w; run make tools", err)
	}
	go func() {
		defer close(v.ended)
		_ = v.command.Wait() // its own words are in the log
	}()
	if err := v.wait(ctx, viteWithin); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

// wait returns when Vite answers, or has ended.
func (v *vite) wait(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for !v.answers(ctx) {
		select {
		case <-v.ended:
			return fmt.Errorf("%w: %s", errViteEnded, v.command.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("the storefront's server, Vite, does not answer at %s: %w", v.url.Host, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// answers tells whether it is Vite that listens: a program that took its port first does not serve Vite's own path.
func (v *vite) answers(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url.JoinPath("@vite", "client").String(), nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close() // only the status matters
	return response.StatusCode == http.StatusOK
}

// close ends Vite and waits for that.
func (v *vite) close() {
	_ = v.lifeline.Close()
	_ = v.command.Process.Kill() // it may have ended
	<-v.ended
}

// handler passes requests on, also the web socket by which Vite tells the browser what has changed. The page's policy
// lets Vite put styles into it.
func (v *vite) handler(policy string) http.Handler {
	policy = strings.Replace(policy, "style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(v.url) },
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("Content-Security-Policy", policy)
			return nil
		},
	}
}
