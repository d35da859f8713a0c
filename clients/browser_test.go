//go:build browser

package clients_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/stage/stagetest"
)

// TestTheStorefrontInABrowser walks through the shop in Chromium. SCREENSHOTS names a folder for pictures of it.
func TestTheStorefrontInABrowser(t *testing.T) {
	root := stagetest.Root(t)
	browser := browser()
	if browser == "" {
		t.Fatal("no Chromium: install Debian's package chromium, or set CHROMIUM to a Chromium or Chrome")
	}
	config := localtest.Config(t, io.Discard)
	config.Storefront = filepath.Join(root, ".build", "storefront")
	if _, err := os.Stat(filepath.Join(config.Storefront, "index.html")); err != nil {
		t.Fatalf("the storefront is not built: %v; run make storefront", err)
	}
	node(t, config, []string{filepath.Join(root, "storefront", "test", "story.mjs")}, "CHROMIUM="+browser)
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
