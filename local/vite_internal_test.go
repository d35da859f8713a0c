package local

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
)

func TestTheWatchedStorefrontIsServedFromItsSource(t *testing.T) {
	v := must.Get(startVite(t.Context(), stagetest.Root(t), "127.0.0.1", t.Output()))(t)
	server := httptest.NewServer(v.handler("default-src 'none'; style-src 'self'"))
	defer server.Close()
	get := func(path string) (string, http.Header) {
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil))(t)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close() //nolint:errcheck // it was read
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: got %d, %v", path, response.StatusCode, err)
		}
		return string(body), response.Header
	}
	// Views are paths that only the page knows.
	page, header := get("/orders")
	if !strings.Contains(page, "/@vite/client") {
		t.Errorf("the page does not listen for changes: %s", page)
	}
	if got := header.Get("Content-Security-Policy"); got != "default-src 'none'; style-src 'self' 'unsafe-inline'" {
		t.Errorf("policy %q", got)
	}
	if source, _ := get("/src/main.ts"); !strings.Contains(source, "sourceMappingURL") {
		t.Errorf("the source is not compiled: %.200s", source)
	}
	host := v.url.Host
	v.close()
	other := must.Get(net.Listen("tcp", host))(t)
	go http.Serve(other, http.NotFoundHandler()) //nolint:errcheck,gosec // it ends with its listener
	if _, err := startViteAt(t.Context(), stagetest.Root(t), host, io.Discard); !errors.Is(err, errViteEnded) {
		t.Errorf("where somebody else listens: got %v", err)
	}
	must.Do(t, other.Close())
	_, err := startVite(t.Context(), t.TempDir(), "127.0.0.1", io.Discard)
	if err == nil || !strings.Contains(err.Error(), "run make tools") {
		t.Errorf("without tools: got %v", err)
	}
}
