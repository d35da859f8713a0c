package e2e

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Browser returns a client that accepts managed login's certificate on this machine. The local stage makes the
// certificate at start, and no authority signs it. Its idle connections must be closed: a server that stops waits a
// second for those of HTTP/2.
func (s *Running) Browser() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if u, err := url.Parse(s.ManagedLoginURL); err == nil && net.ParseIP(u.Hostname()).IsLoopback() {
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}
	}
	return &http.Client{Timeout: patience, Transport: transport}
}

// browser keeps cookies, follows redirects and fills in forms. It runs no scripts.
type browser struct {
	client *http.Client
	// stays returns an error if a form may not be sent to this address: it may hold a password.
	stays func(*url.URL) error
	at    *url.URL
	page  string
}

// errApp stops at the redirect to the app, because only the redirect's address matters.
var errApp = errors.New("the app")

// stays refuses addresses other than managed login's and those of allowed hosts, and any without TLS, but on this
// machine.
func (s *Running) stays(allowed func(host string) bool) func(*url.URL) error {
	return func(to *url.URL) error {
		private := to.Scheme == "https" || here(to.Hostname())
		if private && ("https://"+to.Host == s.ManagedLoginURL || allowed(to.Hostname())) {
			return nil
		}
		return fmt.Errorf("leads away, to %s://%s", to.Scheme, to.Host)
	}
}

// untilTheApp follows redirects until the app's own page, which takes the code.
func (s *Running) untilTheApp(stays func(*url.URL) error) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		page := *next.URL
		page.RawQuery, page.Fragment = "", ""
		if page.String() == s.callback {
			return errApp
		}
		if err := stays(next.URL); err != nil {
			return fmt.Errorf("a redirect %w", err)
		}
		if len(via) > 10 {
			return errors.New("managed login leads in a circle")
		}
		return nil
	}
}

// here reports whether a host is this machine.
func here(host string) bool { return net.ParseIP(host).IsLoopback() || host == "localhost" }

func (b *browser) get(ctx context.Context, address string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return b.visit(request)
}

// visit returns the address of the redirect to the app, or nil at a page.
func (b *browser) visit(request *http.Request) (*url.URL, error) {
	response, err := b.client.Do(request)
	var stopped *url.Error
	if errors.As(err, &stopped) && errors.Is(err, errApp) {
		return url.Parse(stopped.URL)
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d: %s", request.URL.Redacted(), response.StatusCode, text)
	}
	b.at, b.page = response.Request.URL, string(text)
	return nil, nil
}

var (
	formPattern  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	inputPattern = regexp.MustCompile(`<input([^>]*)>`)
)

// forwards reports whether the page is a form that a script would send on, as SAML's POST binding and OAuth's form_post
// want: all that it holds is hidden.
func (b *browser) forwards() bool {
	for _, form := range formPattern.FindAllStringSubmatch(b.page, -1) {
		inputs := inputPattern.FindAllStringSubmatch(form[2], -1)
		shown := slices.ContainsFunc(inputs, func(input []string) bool { return attribute(input[1], "type") != "hidden" })
		if len(inputs) > 0 && !shown {
			return true
		}
	}
	return false
}

// submit sends the page's form that has fields of these names, with these values and those that the form holds already.
func (b *browser) submit(ctx context.Context, values map[string]string) (*url.URL, error) {
	for _, form := range formPattern.FindAllStringSubmatch(b.page, -1) {
		filled, found := url.Values{}, 0
		for _, input := range inputPattern.FindAllStringSubmatch(form[2], -1) {
			name := attribute(input[1], "name")
			if value, given := values[name]; given {
				found++
				filled.Set(name, value)
			} else if attribute(input[1], "type") != "checkbox" {
				filled.Set(name, attribute(input[1], "value"))
			}
		}
		if found < len(values) {
			continue
		}
		action, err := b.at.Parse(attribute(form[1], "action"))
		if err != nil {
			return nil, err
		}
		if err := b.stays(action); err != nil {
			return nil, fmt.Errorf("the form of %s %w", b.at.Redacted(), err)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, action.String(), strings.NewReader(filled.Encode()))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", b.at.Scheme+"://"+b.at.Host)
		return b.visit(request)
	}
	return nil, fmt.Errorf("%s has no form with %v: %s", b.at.Redacted(), values, b.page)
}

func attribute(tag, name string) string {
	found := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}
