// Package local serves a synthesized stage on this machine, from its templates alone. docs/local.md says what is served
// as AWS documents it, what is simplified and what is left out.
package local

import (
	"io"
	"net"
	"net/http"
	"time"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/local/drill"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/userpool"
)

// Config says what to serve, and where.
type Config struct {
	// Root is the folder of go.mod, where handlers are built from.
	Root string
	// Stage is served. AssetsFrom is the folder of its templates: their assets are relative to it.
	Stage      assembly.Synthesized
	AssetsFrom string
	// Address is the loopback address to listen on; others are refused.
	Address string
	Ports   Ports
	// Storefront is the folder of the built storefront. It is served at the stage's web origin; not at all if empty.
	Storefront string
	// Watch rebuilds and restarts handlers when their code changes, and serves the storefront from its source, by Vite.
	Watch bool
	// Debug is the function that runs under a debugger.
	Debug functions.Debug
	// Keys sign the user pool's tokens. New ones are made if it is nil, which takes half of the start.
	Keys *userpool.Keys
	// Unhurried lets functions take ten times as long as the template says, and their callers wait for that. Tests on a
	// busy machine need it.
	Unhurried bool
	// Built says that the handlers have just been compiled by [functions.Build]. Only tests know.
	Built bool
	// Now is the user pool's clock: time.Now if nil.
	Now func() time.Time
	// Drill breaks parts of the stage, and counts what CloudWatch would. Nothing is broken or counted if it is nil.
	Drill *drill.Drill
	// Output gets a line for each request, what the handlers log, and the codes that customers are sent. One line is
	// written at a time.
	Output io.Writer
	// JSON makes each line of Output a JSON object; else they are for people.
	JSON bool
}

// Ports to listen on; 0 takes any that is free.
type Ports struct{ AWS, API, Login, Inbox, Providers int }

// byItsOwnName answers only those who ask for this machine. A page elsewhere whose name is suddenly that of this
// machine (DNS rebinding) would otherwise read the codes in the inbox.
func byItsOwnName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "this is not "+host+": ask for localhost or 127.0.0.1", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
