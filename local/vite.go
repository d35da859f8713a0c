package local

import (
	"context"
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

// startVite starts Vite on a free port, and returns when it answers.
func startVite(ctx context.Context, root, address string, log io.Writer) (*vite, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return nil, err
	}
	host := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(host)
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
	for {
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", v.url.Host)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-v.ended:
			return fmt.Errorf("the storefront's server, Vite, has ended: %s", v.command.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("the storefront's server, Vite, does not answer at %s: %w", v.url.Host, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
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
