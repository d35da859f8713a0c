package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/securecart/identity/test/e2e"
)

func TestAStageThatAnswersEverybodyFailsFromOutside(t *testing.T) {
	refuses := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		case "/orders", "/profile":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}
	seen := func(handler http.HandlerFunc) result {
		server := httptest.NewServer(handler)
		defer server.Close()
		return result{Answers: outside(t.Context(), e2e.Outputs{APIURL: server.URL + "/", ManagedLoginURL: server.URL})}
	}
	if r := seen(refuses); !r.ok() || len(r.Answers) == 0 {
		t.Errorf("a stage that refuses: %+v", r.Answers)
	}
	open := seen(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/profile" {
			return // 200
		}
		refuses(w, r)
	})
	if open.ok() {
		t.Errorf("a profile without a token: %+v", open.Answers)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	if r := (result{Answers: outside(t.Context(), e2e.Outputs{APIURL: gone.URL, ManagedLoginURL: gone.URL})}); r.ok() {
		t.Errorf("a stage that is not there: %+v", r.Answers)
	}
}
