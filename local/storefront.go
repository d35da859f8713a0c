package local

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/securecart/identity/local/port"
)

// WebOrigin is where the stage lets its front end be: the origin of the Web client's callback URL that is on this
// machine.
func (s *Server) WebOrigin() string {
	for _, client := range s.stage.Clients {
		for _, callback := range client.CallbackURLs {
			if u, err := url.Parse(callback); err == nil && u.Hostname() == "localhost" {
				return u.Scheme + "://" + u.Host
			}
		}
	}
	return ""
}

// shop is the origin at which the storefront is served, or empty.
func (s *Server) shop() string {
	if s.listeners.storefront == nil {
		return ""
	}
	return s.WebOrigin()
}

// CallbackURL is the page of the front end to which managed login sends a customer who has signed in.
func (s *Server) CallbackURL() string {
	for _, client := range s.stage.Clients {
		if len(client.CallbackURLs) > 0 {
			return client.CallbackURLs[0]
		}
	}
	return ""
}

func (s *Server) listenAtWebOrigin() (net.Listener, error) {
	built := filepath.Join(s.config.Storefront, "index.html")
	if _, err := os.Stat(built); err != nil && !s.config.Watch {
		return nil, fmt.Errorf("%s holds no built storefront: %w; run make storefront", s.config.Storefront, err)
	}
	origin, err := url.Parse(s.WebOrigin())
	if err != nil || origin.Port() == "" {
		return nil, fmt.Errorf("stage %s has no callback URL on http://localhost:<port>, so its front end cannot be here; "+
			"leave out -storefront", s.stage.ID)
	}
	number, err := strconv.Atoi(origin.Port())
	if err != nil {
		return nil, fmt.Errorf("stage %s's web origin: %w", s.stage.ID, err)
	}
	return port.Listen(s.config.Address, number, port.WithoutStorefront)
}

// storefront serves the built page, or what Vite makes of its source while that is watched. Its views are paths that
// only the page knows, so every path that is no file gets the page.
func (s *Server) storefront() http.Handler {
	files := http.FileServer(http.Dir(s.config.Storefront))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(s.frontEnd()) // a browser that has gone away needs no answer
	})
	if s.parts.vite != nil {
		mux.Handle("/", s.parts.vite.handler(s.contentSecurityPolicy()))
		return mux
	}
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", s.contentSecurityPolicy())
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		// The next build has other file names, but the same page.
		header.Set("Cache-Control", "no-cache")
		name := filepath.Join(s.config.Storefront, filepath.FromSlash(filepath.Clean("/"+r.URL.Path)))
		if _, err := os.Stat(name); err != nil && !strings.Contains(filepath.Base(name), ".") {
			r.URL.Path = "/"
		}
		files.ServeHTTP(w, r)
	})
	return mux
}

// frontEnd is /config.json: the outputs, and where the services are that AWS has fixed addresses for.
func (s *Server) frontEnd() map[string]any {
	config := map[string]any{"Endpoints": map[string]string{
		"CognitoIdp": s.awsURL(), "CognitoIdentity": s.awsURL(), "S3": s.awsURL(), "Inbox": s.InboxURL(),
	}}
	for name, value := range s.Outputs() {
		config[name] = value
	}
	return config
}

func (s *Server) contentSecurityPolicy() string {
	api, _ := strings.CutSuffix(s.apiURL(), "/"+s.stage.API.StageName+"/")
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "manifest-src 'self'",
		"img-src 'self' data: blob: " + s.awsURL(),
		"connect-src 'self' " + s.awsURL() + " " + api + " " + s.loginURL(),
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
}
