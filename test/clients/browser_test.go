//go:build browser

package clients_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local"
)

// TestTheStorefrontInABrowser walks through the shop in Chromium. SCREENSHOTS names a folder for pictures of it.
func TestTheStorefrontInABrowser(t *testing.T) {
	browser := browser()
	if browser == "" {
		t.Fatal("no Chromium: install Debian's package chromium, or set CHROMIUM to a Chromium or Chrome")
	}
	storefront := filepath.Join(stagetest.Root(t), ".build", "storefront")
	if _, err := os.Stat(filepath.Join(storefront, "index.html")); err != nil {
		t.Fatalf("the storefront is not built: %v; run make storefront", err)
	}
	for name, test := range map[string]struct {
		stage    func(*testing.T, ...stagetest.Change) local.Config
		origin   string
		chapters []string
	}{
		"a second factor is optional": {dev, devOrigin, nil},
		"a second factor is required": {staging, stagingOrigin, []string{"required"}},
		"providers of every kind":     {federation, devOrigin, []string{"providers"}},
	} {
		t.Run(name, func(t *testing.T) {
			config := test.stage(t, moved(t, test.origin, freeOrigin(t)))
			config.Storefront, config.Now = storefront, nil // a browser's clock is this machine's
			story := filepath.Join(config.Root, "local", "storefront", "test", "story.mjs")
			node(t, config, append([]string{story}, test.chapters...), "CHROMIUM="+browser)
		})
	}
}

// freeOrigin returns a free web origin on this machine. Its port is below the range that the system gives to
// connections, so that no connection takes the port in the meantime.
func freeOrigin(t *testing.T) string {
	t.Helper()
	for port := 5173; port < 5273; port++ {
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = listener.Close() // it was only to see whether the port is free
			return fmt.Sprintf("http://localhost:%d", port)
		}
	}
	t.Fatal("no free port from 5173 to 5272")
	return ""
}

// browser returns the path of a Chromium, or "" if there is none.
func browser() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}
