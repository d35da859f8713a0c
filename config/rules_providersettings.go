package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	// scope is a scope-token of RFC 6749, section 3.3. Facebook's are separated by commas.
	scope = regexp.MustCompile(`^[\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+$`)
	// appleID is the form of team and key ids.
	// https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
	appleID = regexp.MustCompile(`^[A-Z0-9]{10}$`)
)

// neededScopes are those without which sign-in fails, or, unless the address is untrusted, the address stays empty.
var neededScopes = map[ProviderKind]struct{ always, email []string }{
	Google:   {[]string{"openid"}, []string{"email"}},
	Facebook: {[]string{"public_profile"}, []string{"email"}},
	Apple:    {nil, []string{"email"}},
	Amazon:   {[]string{"profile"}, nil},
	OIDC:     {[]string{"openid"}, []string{"email"}},
}

func providerScopes(field string, idp Provider, p *problems) {
	field += ".Scopes"
	if len(idp.Scopes) == 0 {
		return
	}
	if idp.Kind == SAML {
		p.add(field, "SAML has none, got %q; remove them", idp.Scopes)
		return
	}
	malformed := false
	for _, got := range idp.Scopes {
		if !scope.MatchString(got) {
			p.add(field, "must be one scope each, without spaces and commas, got %q; split it", got)
			malformed = true
		}
	}
	if malformed {
		return // what is missing may stand in a scope that is to be split
	}
	needed := neededScopes[idp.Kind].always
	// A claim of another name than email may come with another scope.
	if own := idp.Claims.Email; !idp.EmailUntrusted && (own == "" || own == "email") {
		needed = slices.Concat(needed, neededScopes[idp.Kind].email)
	}
	for _, name := range needed {
		if !slices.Contains(idp.Scopes, name) {
			p.add(field, "%s needs %q, got %q; add it", idp.Kind, name, idp.Scopes)
		}
	}
}

// socialClaims are the claims of the providers that Cognito has settings for. Any other claim stays empty, or the
// provider refuses every sign-in.
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cognito.ProviderAttribute.html
var socialClaims = map[ProviderKind][]string{
	Google:   {"email", "name", "given_name", "family_name", "picture"},
	Facebook: {"email", "name", "first_name", "middle_name", "last_name", "picture"},
	Apple:    {"email", "name", "firstName", "lastName"},
	Amazon:   {"email", "name", "postal_code"},
}

// wholeTokens are the claims with which Cognito maps the provider's tokens themselves. Then the customer's profile,
// which front ends and the support desk read, would hold tokens.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
var wholeTokens = []string{"access_token", "id_token"}

// maxClaim is the API's limit of a value of AttributeMapping, in characters. No provider's claim has so long a name.
const maxClaim = 2048

func providerClaims(field string, idp Provider, p *problems) {
	for _, claim := range []struct{ name, got string }{
		{"Email", idp.Claims.Email}, {"Name", idp.Claims.Name}, {"GivenName", idp.Claims.GivenName},
		{"FamilyName", idp.Claims.FamilyName}, {"Picture", idp.Claims.Picture},
	} {
		known, social := socialClaims[idp.Kind]
		switch field := field + ".Claims." + claim.name; {
		case claim.name == "Email" && claim.got != "" && idp.EmailUntrusted:
			p.add(field, "is not read while EmailUntrusted is set, got %q; remove one of them", claim.got)
		case claim.name == "Email" && claim.got == Unmapped:
			p.add(field, "is what connects an account, got %q; set EmailUntrusted: true instead", claim.got)
		case claim.got == "" || claim.got == Unmapped:
		case slices.Contains(wholeTokens, claim.got):
			p.add(field, "must be a claim and not a token, which the profile would show, got %q; name the claim", claim.got)
		case social && !slices.Contains(known, claim.got):
			p.add(field, "must be a claim of %s, one of %q, got %q; choose one", idp.Kind, known, claim.got)
		case len(claim.got) > maxClaim || strings.ContainsFunc(claim.got, unprintable) || strings.Contains(claim.got, " "):
			p.add(field, "must be the name of a claim, at most %d characters without spaces, got %q; copy it from the "+
				"provider's documentation", maxClaim, claim.got)
		}
	}
}

// providerSettings checks the settings that only one kind of provider has.
func providerSettings(field string, idp Provider, p *problems) {
	for _, settings := range []struct {
		name  string
		kind  ProviderKind
		given bool
		check func(string, Provider, *problems)
	}{
		{".Apple", Apple, idp.Apple != (AppleSettings{}), appleSettings},
		{".OIDC", OIDC, idp.OIDC != (OIDCSettings{}), oidcSettings},
		{".SAML", SAML, idp.SAML != (SAMLSettings{}), samlSettings},
	} {
		switch {
		case idp.Kind == settings.kind:
			settings.check(field+settings.name, idp, p)
		case settings.given:
			p.add(field+settings.name, "does not belong to %s; remove it", idp.Kind)
		}
	}
}

func appleSettings(field string, idp Provider, p *problems) {
	for _, id := range []struct{ field, got, what string }{
		{".TeamID", idp.Apple.TeamID, "team's id"}, {".KeyID", idp.Apple.KeyID, "private key's id"},
	} {
		if !appleID.MatchString(id.got) {
			p.add(field+id.field, "must be the %s, 10 capital letters and digits, got %q; copy it from Apple's developer "+
				"account", id.what, id.got)
		}
	}
}

func oidcSettings(field string, idp Provider, p *problems) {
	if u := providerURL(field+".Issuer", idp.OIDC.Issuer, p); u != nil {
		checkIssuer(field+".Issuer", idp.OIDC.Issuer, u, p)
	}
	ends := idp.OIDC.Endpoints
	if ends == (OIDCEndpoints{}) {
		return
	}
	seen := map[string]string{}
	for _, end := range []struct{ name, got string }{
		{".Authorize", ends.Authorize}, {".Token", ends.Token}, {".UserInfo", ends.UserInfo}, {".JWKS", ends.JWKS},
	} {
		if end.got == "" {
			p.add(field+".Endpoints"+end.name, "all four endpoints belong together, got none; enter it, or remove "+
				"Endpoints to have them found at the issuer")
			continue
		}
		if providerURL(field+".Endpoints"+end.name, end.got, p) != nil {
			once(p, field+".Endpoints"+end.name, seen, samePlace(end.got), end.got,
				"must differ from the endpoints before it, got %q twice (also %s); enter the provider's own")
		}
	}
}

// checkIssuer refuses issuers with which discovery fails: Cognito appends /.well-known/openid-configuration to them.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
func checkIssuer(field, got string, u *url.URL, p *problems) {
	issuer, _, discovery := strings.Cut(got, "/.well-known/")
	switch {
	case discovery:
		p.add(field, "must be the issuer and not its discovery document, got %q; write %q", got, issuer)
	case u.RawQuery != "" || u.ForceQuery:
		p.add(field, "must hold no query, got %q; write %q", got, "https://"+u.Host+u.Path)
	case strings.HasSuffix(u.Path, "/"):
		p.add(field, "must not end with a slash, got %q; write %q", got, strings.TrimRight(got, "/"))
	case samePlace("https://"+u.Host) == "https://"+entraID && severalTenants.MatchString(u.Path):
		p.add(field, "must name one tenant, whose id its tokens name, got %q; write %q", got,
			"https://"+entraID+"/<tenant id>/v2.0")
	}
}

// entraID is the host of Microsoft Entra ID. Tokens of its authorities for several tenants name another issuer.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
const entraID = "login.microsoftonline.com"

var severalTenants = regexp.MustCompile(`(?i)^/(common|organizations|consumers)(/|$)`)

func samlSettings(field string, idp Provider, p *problems) {
	switch saml := idp.SAML; {
	case (saml.MetadataURL == "") == (saml.Metadata == ""):
		p.add(field, "exactly one of MetadataURL and Metadata must be set, got %s; enter where the provider publishes "+
			"its metadata, or embed the file", countOf(saml.MetadataURL, saml.Metadata))
	case saml.Metadata == "":
		providerURL(field+".MetadataURL", saml.MetadataURL, p)
	default:
		checkMetadata(field+".Metadata", saml, p)
	}
}

func countOf(texts ...string) string {
	if slices.Contains(texts, "") {
		return "none"
	}
	return "both"
}

// providerURL returns the parsed URL, or nil after recording why it is refused. Cognito asks at port 443 only.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
func providerURL(field, got string, p *problems) *url.URL {
	u := checkURL(p, field, got, Development)
	switch {
	case u == nil:
	case u.Scheme != "https":
		p.add(field, "must use https, got %q; enter the provider's https URL", got)
		return nil
	case u.Port() != "" && u.Port() != "443":
		p.add(field, "must be at port 443, where Cognito asks, got %q; enter the provider's public URL", got)
		return nil
	case !public(u.Hostname()):
		p.add(field, "must be at a public host name, since Cognito asks from the internet, got %q; enter the provider's "+
			"public URL", got)
		return nil
	}
	return u
}

// public reports whether a host may be a name in the public DNS.
func public(host string) bool {
	return strings.Contains(host, ".") && net.ParseIP(host) == nil && !loopback(host)
}
