package threats

import (
	"net"
	"net/url"
	"strings"

	"github.com/securecart/identity/config"
)

// returnsTo expects managed login to send customers to exactly these URLs, of which none may lead elsewhere: the
// configuration that names them can be wrong, too.
func (v Value) returnsTo(purpose config.Purpose, configured []string) {
	v.Lists(configured...)
	for _, target := range v.Elements() {
		if harm := redirect(target.Text(), purpose); harm != "" {
			target.Fail("is %q: %s", target.Text(), harm)
		}
	}
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
