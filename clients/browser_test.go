//go:build browser

package clients_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/stage/stagetest"
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
		config   local.Config
		chapters []string
	}{
		"a second factor is optional": {dev(t, moved(t, devOrigin, anyOrigin(t))), nil},
		"a second factor is required": {staging(t, moved(t, stagingOrigin, anyOrigin(t))), []string{"required"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.config.Storefront = storefront
			story := filepath.Join(test.config.Root, "storefront", "test", "story.mjs")
			node(t, test.config, append([]string{story}, test.chapters...), "CHROMIUM="+browser)
		})
	}
}

// anyOrigin is one of this machine, at a port that is free.
func anyOrigin(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
}

// browser is a Chromium, or empty if there is none.
func browser() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}
