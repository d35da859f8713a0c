package mailbox

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html"
	"html/template"
	"net/http"
	"regexp"
	"strings"
)

var (
	//go:embed page.html
	source string
	//go:embed inbox.js
	script []byte
)

var page = template.Must(template.New("inbox").Funcs(template.FuncMap{"text": text}).Parse(source))

var (
	lineBreak = regexp.MustCompile(`(?i)<(br|/p|/div|/h[1-6]|/li)\b[^>]*>`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// text is a message's body to read: its tags removed, never interpreted, because a template may hold any HTML.
// html/template escapes what is left, like all other text.
func text(body string) string {
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(lineBreak.ReplaceAllString(body, "\n"), "")))
}

// Handler serves the inbox page at / and the messages at /messages.json, both newest first. The query parameter to
// limits them to one address or number. The page leads back to shop, an origin; nowhere if that is empty.
func (b *Box) Handler(shop string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { b.servePage(w, r, shop) })
	mux.HandleFunc("GET /inbox.js", serveScript)
	mux.HandleFunc("GET /messages.json", b.serveJSON)
	return mux
}

// policy lets the page run its own script, which asks the inbox and nobody else.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "connect-src 'self'", "style-src 'unsafe-inline'", "form-action 'self'",
	"base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

func serveScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(script) // a browser that has gone away needs no answer
}

func (b *Box) servePage(w http.ResponseWriter, r *http.Request, shop string) {
	to := r.URL.Query().Get("to")
	var rendered bytes.Buffer
	err := page.Execute(&rendered, struct {
		To, Shop string
		Messages []Message
	}{to, shop, b.Messages(to)})
	if err != nil {
		http.Error(w, "the inbox cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	_, _ = rendered.WriteTo(w)
}

func (b *Box) serveJSON(w http.ResponseWriter, r *http.Request) {
	messages := b.Messages(r.URL.Query().Get("to"))
	if messages == nil {
		messages = []Message{}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// The client has gone if this fails.
	_ = json.NewEncoder(w).Encode(messages)
}
