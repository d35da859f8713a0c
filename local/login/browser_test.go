package login

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"github.com/securecart/identity/local/localtest/must"
)

// browser keeps cookies, and follows redirects as long as they stay with managed login and the providers.
type browser struct {
	*bench
	client *http.Client
	header http.Header
}

func (b *bench) browser() *browser {
	b.Helper()
	jar := must.Get(cookiejar.New(nil))(b.T)
	here := []string{strings.TrimPrefix(b.server.URL, "https://"), strings.TrimPrefix(b.pages, "http://")}
	return &browser{bench: b, header: http.Header{}, client: &http.Client{
		Transport: b.server.Client().Transport, Jar: jar,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if !slices.Contains(here, r.URL.Host) {
				return http.ErrUseLastResponse
			}
			if len(via) > 5 {
				return errors.New("redirects in a circle")
			}
			return nil
		},
	}}
}

func (b *browser) get(target string) *view {
	b.Helper()
	return b.send(http.MethodGet, target, nil)
}

func (b *browser) send(method, target string, form url.Values) *view {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	if strings.HasPrefix(target, "/") {
		target = b.server.URL + target
	}
	r := must.Get(http.NewRequestWithContext(b.Context(), method, target, body))(b.T)
	r.Header = b.header.Clone()
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer := must.Get(b.client.Do(r))(b.T)
	defer func() { _ = answer.Body.Close() }()
	return b.read(answer)
}

func (b *browser) read(answer *http.Response) *view {
	b.Helper()
	text := must.Get(io.ReadAll(answer.Body))(b.T)
	v := &view{browser: b, status: answer.StatusCode, header: answer.Header, at: answer.Request.URL, body: string(text)}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") && answer.Header.Get("Location") == "" {
		v.parse()
	}
	return v
}
