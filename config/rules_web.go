package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// web checks rule 11.
func web(s Stage, p *problems) {
	origin := frontEnd(s, p)
	checkReturns(p, "Web.CallbackURLs", s.Web.CallbackURLs, origin, s.Purpose)
	checkReturns(p, "Web.LogoutURLs", s.Web.LogoutURLs, origin, s.Purpose)
}

// frontEnd returns the front end's origin. If the origin is refused, it records why and returns an empty one.
func frontEnd(s Stage, p *problems) string {
	u := checkURL(p, "Web.Origin", s.Web.Origin, s.Purpose)
	if u == nil {
		return ""
	}
	// Browsers send the origin in lower case, and CORS compares it letter by letter.
	origin := originOf(u)
	if origin != s.Web.Origin {
		p.add("Web.Origin", "must be scheme, host and port only, in lower case, got %q; write %q", s.Web.Origin, origin)
		return ""
	}
	return origin
}

// IsOrigin reports whether text is a single origin that nobody on the network can impersonate: https, or http on the
// developer's own machine. Constructs check it again: "*" would allow every web page.
func IsOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && !strings.Contains(text, "*") && secure(u) && originOf(u) == text
}

func originOf(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// checkReturns checks the URLs that managed login may send a customer to, with an authorization code. All must be pages
// of the front end. A query is refused: a page that redirects further takes its target from there. If the origin was
// refused, pages are not compared with it.
func checkReturns(p *problems, field string, urls []string, origin string, purpose Purpose) {
	if len(urls) == 0 {
		p.add(field, "must name at least one URL, got none; enter the front end's")
	}
	for i, raw := range urls {
		field := fmt.Sprintf("%s[%d]", field, i)
		switch u := checkURL(p, field, raw, purpose); {
		case u == nil:
		case origin != "" && originOf(u) != origin:
			p.add(
				field,
				"must be a page of the front end at Web.Origin %q (codes are sent there), got %q; remove it",
				origin,
				raw,
			)
		case u.RawQuery != "" || u.ForceQuery:
			p.add(field, "must hold no query, got %q; write %q", raw, u.Scheme+"://"+u.Host+u.Path)
		}
	}
}

// checkURL returns the parsed URL. If the URL is refused, it records why and returns nil.
func checkURL(p *problems, field, raw string, purpose Purpose) *url.URL {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		p.add(field, "must be an absolute URL, got %q; write https://host/path", raw)
	case strings.Contains(raw, "*"):
		p.add(field, "must not hold a wildcard, got %q; list each URL", raw)
	case u.User != nil || u.Fragment != "":
		p.add(field, "must hold neither credentials nor a fragment, got %q; remove them", raw)
	case u.Hostname() == "example.com" || strings.HasSuffix(u.Hostname(), ".example.com"):
		p.add(field, "must not be example.com, which is not ours, got %q; enter the shop's own host", raw)
	case purpose == Production && loopback(u.Hostname()):
		p.add(field, "must not lead to the customer's own machine in Production, got %q; enter the shop's https URL", raw)
	case !secure(u):
		p.add(field, "must use https (http only for localhost), got %q; write %q", raw, "https://"+u.Host+u.Path)
	default:
		return u
	}
	return nil
}

// secure reports whether nobody between browser and server can read or change a request.
func secure(u *url.URL) bool {
	return u.Scheme == "https" || (u.Scheme == "http" && u.Hostname() == "localhost")
}

// loopback reports whether a host is the caller's own machine, where any program could receive a customer's code.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// hostOf is the host of a URL, or empty if it has none.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

var (
	// domainPrefix is the pattern of the API CreateUserPoolDomain.
	domainPrefix = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)
	customDomain = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+){2,}$`)
	certificate  = regexp.MustCompile(`^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}$`)
	sesIdentity  = regexp.MustCompile(`^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/\S+$`)
)

// domain checks rule 13.
func domain(s Stage, p *problems) {
	d := s.Domain
	if (d.Prefix == "") == (d.Custom == "") {
		p.add(
			"Domain",
			"must have exactly one of Prefix and Custom, got Prefix %q and Custom %q; set one",
			d.Prefix,
			d.Custom,
		)
	}
	if d.Prefix != "" {
		prefix(d.Prefix, p)
	}
	if d.Custom != "" && !customDomain.MatchString(d.Custom) {
		p.add("Domain.Custom", `must be a subdomain such as "auth.securecart.example", got %q; enter one`, d.Custom)
	}
	if d.Custom != "" && !certificate.MatchString(d.CertificateARN) {
		p.add(
			"Domain.CertificateARN",
			"a custom domain needs an ACM certificate in us-east-1, got %q; enter the certificate's ARN or use Prefix",
			d.CertificateARN,
		)
	}
	if d.Custom == "" && d.CertificateARN != "" {
		p.add(
			"Domain.CertificateARN",
			"belongs to a custom domain, got %q without Custom; set Custom or remove it",
			d.CertificateARN,
		)
	}
}

func prefix(got string, p *problems) {
	if !domainPrefix.MatchString(got) {
		p.add("Domain.Prefix", "must be 1 to 63 of a-z, 0-9 and inner hyphens, got %q; choose another", got)
	}
	for _, reserved := range []string{"aws", "amazon", "cognito"} {
		if strings.Contains(got, reserved) {
			p.add("Domain.Prefix", "must not contain %q, got %q; choose another", reserved, got)
		}
	}
}

// email checks the second half of rule 6.
func email(s Stage, p *problems) {
	e := s.Email
	if e == (Email{}) {
		return
	}
	if !sesIdentity.MatchString(e.IdentityARN) {
		p.add(
			"Email.IdentityARN",
			"SES needs a verified identity, got %q; enter its ARN or leave Email empty for Cognito's own sender",
			e.IdentityARN,
		)
	}
	sesRegion(s, p)
	if a, err := mail.ParseAddress(e.From); err != nil || a.Address != e.From {
		p.add(
			"Email.From",
			"SES needs a sender's address, got %q; "+
				"enter one of the verified identity or leave Email empty for Cognito's own sender",
			e.From,
		)
	}
	if strings.ContainsAny(e.FromName, "\"\\<>\r\n") {
		p.add(
			"Email.FromName",
			"must hold no quotes, backslashes, angle brackets or line breaks, got %q; remove them",
			e.FromName,
		)
	}
}

// sesRegions are where Cognito can use SES beside the user pool's own Region.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
var sesRegions = []string{"us-east-1", "us-west-2", "eu-west-1"}

// sesRegion checks the rest of rule 6: Cognito can reach the identity's Region, and the identity owns the sender's
// address.
func sesRegion(s Stage, p *problems) {
	parts := strings.SplitN(s.Email.IdentityARN, ":", 6)
	if len(parts) < 6 {
		return
	}
	if region := parts[3]; region != s.Region && !slices.Contains(sesRegions, region) {
		p.add(
			"Email.IdentityARN",
			"must be in the stage's Region (%s) or one of %v, got %q; verify the identity there",
			s.Region,
			sesRegions,
			s.Email.IdentityARN,
		)
	}
	identity := strings.TrimPrefix(parts[5], "identity/")
	if s.Email.From == "" {
		return // said by email
	}
	if _, domain, _ := strings.Cut(
		s.Email.From,
		"@",
	); identity != s.Email.From && identity != domain &&
		!strings.HasSuffix(domain, "."+identity) {
		p.add("Email.From", "must be an address of the verified identity %s, got %q; enter one", identity, s.Email.From)
	}
}

func tokens(s Stage, p *problems) {
	shortLived(p, "Tokens.Access", s.Tokens.Access)
	shortLived(p, "Tokens.ID", s.Tokens.ID)
	limit := 30 * 24 * time.Hour
	if s.Purpose == Production {
		limit = 24 * time.Hour
	}
	if got := s.Tokens.Refresh; got <= s.Tokens.Access || got < time.Hour || got > limit || got%time.Minute != 0 {
		p.add(
			"Tokens.Refresh",
			"must be longer than Tokens.Access, at least 1h and at most %s where purpose is %s, in whole minutes, got %s; "+
				"set a lifetime in that range",
			limit,
			s.Purpose,
			got,
		)
	}
}

func shortLived(p *problems, field string, got time.Duration) {
	if got < 5*time.Minute || got > time.Hour || got%time.Minute != 0 {
		p.add(field, "must be 5 to 60 whole minutes, got %s; set a lifetime in that range", got)
	}
}
