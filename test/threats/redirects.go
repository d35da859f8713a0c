package threats

import (
	"net"
	"net/url"
	"strings"

	"github.com/securecart/identity/config"
)

// returnsTo expects managed login to send customers to exactly these URLs, of which none may lead elsewhere: the
// configuration that names them can be wrong, too.
func (v value) returnsTo(purpose config.Purpose, configured []string) {
	v.lists(configured...)
	for _, target := range v.elements() {
		if harm := redirect(target.text(), purpose); harm != "" {
			target.fail("is %q: %s", target.text(), harm)
		}
	}
}

// looseURLs are redirects that lead elsewhere, or can be made to: beside the front end's own, or instead of them.
func looseURLs(property string) weakening {
	return joined(
		one(client, webClient).at(property).gains(
			"https://*.securecart.example/in", "http://www.securecart.example/in", "https://example.com", "https://app.example.com/in",
			"https://user:secret@www.securecart.example/", "https://www.securecart.example/#token", "myapp://in", "/relative", "http://127.0.0.1:5173/in",
			"https://attacker.test/in",
		),
		one(client, webClient).at(property).becomes([]any{"https://attacker.test/in"}, []any{"https://www.securecart.example/elsewhere"}),
		inProduction(one(client, webClient).at(property).gains("http://localhost:5173/in", "https://localhost/in")),
	)
}

// redirect says what is wrong with a redirect URL, or nothing.
func redirect(raw string, purpose config.Purpose) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "it is no absolute URL"
	}
	host, ip := u.Hostname(), net.ParseIP(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
	switch {
	case strings.Contains(raw, "*"):
		return "a wildcard lets others name the target"
	case u.User != nil || u.Fragment != "":
		return "it holds credentials or a fragment"
	case host == "example.com" || strings.HasSuffix(host, ".example.com"):
		return "example.com is not ours"
	case local && purpose == config.Production:
		return "whatever listens on the customer's machine would be sent the code"
	case u.Scheme == "https" || (u.Scheme == "http" && host == "localhost"):
		return ""
	default:
		return "only https keeps the code from being read on its way"
	}
}
