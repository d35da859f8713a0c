package config

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// oneOwner requires front end, managed login and sender to be below one registrable domain, the part of a host name
// that is registered ("securecart.example"). Any other domain must be listed in OtherDomains. Customers learn to trust
// one name; the owner of another domain could serve them pages or send them mail.
func oneOwner(s Stage, p *problems) {
	listed := map[string]bool{}
	for i, domain := range s.OtherDomains {
		field := fmt.Sprintf("OtherDomains[%d]", i)
		if registrable(domain) != domain {
			p.add(field, "must be a registrable domain such as \"securecart.example\", got %q; enter one", domain)
		}
		listed[domain] = false
	}
	first, firstField := "", ""
	for _, named := range names(s) {
		domain := registrable(named.host)
		_, allowed := listed[domain]
		switch {
		case domain == "":
		case first == "":
			first, firstField = domain, named.field
		case domain != first && allowed:
			listed[domain] = true
		case domain != first:
			p.add(
				named.field,
				"must be below %s as %s is, got %q; "+
					"enter a name below it, or list %q in OtherDomains if that domain is the shop's, too",
				first,
				firstField,
				named.host,
				domain,
			)
		}
	}
	for i, domain := range s.OtherDomains {
		if used, ok := listed[domain]; ok && !used && registrable(domain) == domain {
			p.add(
				fmt.Sprintf("OtherDomains[%d]", i),
				"must be a domain that the stage uses beside %q, got %q; remove it",
				first,
				domain,
			)
		}
	}
}

type namedHost struct{ field, host string }

// names are the host names that customers see, without those on a developer's own machine.
func names(s Stage) []namedHost {
	_, sender, _ := strings.Cut(s.Email.From, "@")
	all := []namedHost{{"Web.Origin", hostOf(s.Web.Origin)}, {"Domain.Custom", s.Domain.Custom}, {"Email.From", sender}}
	return slices.DeleteFunc(all, func(n namedHost) bool { return n.host == "" || loopback(n.host) })
}

// registrable is the registered part of a host name by the Public Suffix List, or empty if the host has none.
// https://publicsuffix.org
func registrable(host string) string {
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host))
	if err != nil {
		return ""
	}
	return domain
}
