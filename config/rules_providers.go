package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// providerName is the pattern of the API CreateIdentityProvider, without the separators that "identity_provider=" in a
	// URL would have to escape.
	providerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{2,31}$`)
	// secretName is the pattern of the API CreateSecret, without the hyphen and six characters that Secrets Manager adds.
	secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)
	// secretItself is what client secrets look like: Google's, Facebook's, Amazon's, and the long texts without a slash of
	// Okta and Cognito.
	secretItself  = regexp.MustCompile(`^(GOCSPX-.*|[0-9a-f]{32}|amzn1\.oa2-cs\..*|[A-Za-z0-9_-]{40,})$`)
	secretVersion = regexp.MustCompile(`^[0-9A-Za-z-]{32,64}$`)
	// identifier is the part of the API's pattern that is a domain. 40 characters are the API's limit.
	identifier = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
	// clientID is what RFC 6749, appendix A.1, allows, without space and braces: CloudFormation would resolve
	// {{resolve:…}}, and a copied space is refused only when the first customer tries to sign in.
	clientID = regexp.MustCompile(`^[\x21-\x7A|~]+$`)
	// reservedNames are names that Cognito gives to providers of its own.
	reservedNames = []string{"COGNITO", "Google", "Facebook", "LoginWithAmazon", "SignInWithApple"}
)

const (
	maxIdentifiers, maxIdentifier = 50, 40
	maxLabel                      = 40
)

// providers is rule 12. That a client lists a provider which the pool lacks cannot be written: it lists these.
func providers(s Stage, p *problems) {
	names, places, identifiers := map[string]string{}, map[string]string{}, map[string]string{}
	for i, idp := range s.Providers {
		field := fmt.Sprintf("Providers[%d]", i)
		if !oneOf(p, field+".Kind", idp.Kind, ProviderKinds()...) {
			continue
		}
		providerNaming(field, idp, p)
		providerCredentials(field, idp, p)
		providerScopes(field, idp, p)
		providerClaims(field, idp, p)
		providerIdentifiers(field, idp, p)
		providerSettings(field, idp, p)
		// User names are <provider>_<subject> in lower case, since the pool ignores case: providers whose names differ in
		// case alone could sign in each other's customers.
		// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
		name := idp.ProviderName()
		if place, of := idp.place(); once(p, field, names, strings.ToLower(name), name,
			"must differ from the providers before it in more than case, got %q twice (also %s); remove or rename one") &&
			place != "" {
			once(p, field+of, places, samePlace(place), place,
				"must differ from the providers before it, got %q twice (also %s): one customer would be two; remove one")
		}
		for j, domain := range idp.Identifiers {
			once(p, fmt.Sprintf("%s.Identifiers[%d]", field, j), identifiers, domain, domain,
				"must lead to one provider, got %q twice (also %s); remove it from one")
		}
	}
}

// once records a problem if an earlier field has the same key, and reports whether none has. The format's arguments are
// the value and the earlier field.
func once(p *problems, field string, seen map[string]string, key, got, format string) bool {
	if before, taken := seen[key]; taken {
		p.add(field, format, got, before)
		return false
	}
	seen[key] = field
	return true
}

// samePlace returns a URL in the form in which equal ones are equal texts: the host in lower case, without the port of
// https. Other texts, such as an entity id that is no URL, stay as they are.
func samePlace(place string) string {
	u, err := url.Parse(place)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return place
	}
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ":443")
	return u.String()
}

// place returns the provider's issuer, metadata URL or entity id, and the field that holds it. Cognito itself knows the
// issuers of Google and Apple.
func (p Provider) place() (place, field string) {
	switch p.Kind {
	case Google:
		return "https://accounts.google.com", ".Kind"
	case Apple:
		return "https://appleid.apple.com", ".Kind"
	case OIDC:
		return p.OIDC.Issuer, ".OIDC.Issuer"
	case SAML:
		if p.SAML.MetadataURL != "" {
			return p.SAML.MetadataURL, ".SAML.MetadataURL"
		}
		return entityIDOf(p.SAML.Metadata), ".SAML.Metadata"
	default:
		return "", ""
	}
}

func providerNaming(field string, idp Provider, p *problems) {
	named := idp.Kind.Named()
	switch {
	case !named && idp.Name != "":
		p.add(field+".Name", "%s is named by Cognito, got %q; remove Name", idp.Kind, idp.Name)
	case named && (!providerName.MatchString(idp.Name) || ofCognito(idp.Name)):
		p.add(
			field+".Name",
			"must be 3 to 32 letters, digits and hyphens and none of %q in any case, got %q; name the provider",
			reservedNames,
			idp.Name,
		)
	}
	switch {
	case !named && idp.Label != "":
		p.add(field+".Label", "%s prescribes what its button says, got %q; remove Label", idp.Kind, idp.Label)
	case utf8.RuneCountInString(idp.Label) > maxLabel || strings.ContainsFunc(idp.Label, unprintable):
		p.add(field+".Label", "must be at most %d printable characters, got %q; shorten it", maxLabel, idp.Label)
	}
}

// ofCognito reports whether a name is reserved. It ignores case, as user names do.
func ofCognito(name string) bool {
	return slices.ContainsFunc(reservedNames, func(other string) bool { return strings.EqualFold(name, other) })
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func providerIdentifiers(field string, idp Provider, p *problems) {
	field += ".Identifiers"
	switch {
	case len(idp.Identifiers) > 0 && !idp.Kind.Named():
		p.add(field, "%s signs in addresses of any domain, got %q; remove them", idp.Kind, idp.Identifiers)
		return
	case len(idp.Identifiers) > maxIdentifiers:
		p.add(field, "Cognito takes at most %d, got %d; remove some", maxIdentifiers, len(idp.Identifiers))
	}
	for i, got := range idp.Identifiers {
		if len(got) > maxIdentifier || !identifier.MatchString(got) {
			p.add(fmt.Sprintf("%s[%d]", field, i), "must be a domain in lower case of at most %d characters, got %q; "+
				"write it as in shop.example", maxIdentifier, got)
		}
	}
}

func providerCredentials(field string, idp Provider, p *problems) {
	if idp.Kind == SAML {
		if idp.ClientID != "" || idp.SecretName != "" || idp.SecretVersion != "" {
			p.add(
				field,
				"SAML has neither client id nor secret, got ClientID %q and SecretName %q; remove them",
				idp.ClientID,
				idp.SecretName,
			)
		}
		return
	}
	switch field := field + ".ClientID"; {
	case strings.TrimSpace(idp.ClientID) == "":
		p.add(field, "%s needs the client id of the shop's application, got %q; enter it", idp.Kind, idp.ClientID)
	// Consoles and pages shorten ids; a short one is refused only when the first customer tries to sign in.
	case strings.Contains(idp.ClientID, "…") || strings.Contains(idp.ClientID, "..."):
		p.add(field, "must be the whole client id, got the shortened %q; copy all of it", idp.ClientID)
	case !clientID.MatchString(idp.ClientID):
		p.add(field, "must be the client id itself, without spaces and braces, got %q; copy it from the provider",
			idp.ClientID)
	}
	if secretItself.MatchString(idp.SecretName) {
		p.add(
			field+".SecretName",
			"must be the name of the secret and never the secret itself, got %q; "+
				"revoke that secret at %s, store a new one in Secrets Manager and enter its name",
			redact(idp.SecretName),
			idp.ProviderName(),
		)
	} else if !secretName.MatchString(idp.SecretName) {
		p.add(
			field+".SecretName",
			"%s needs the name of its secret in Secrets Manager, got %q; create the secret and enter its name",
			idp.Kind,
			redact(idp.SecretName),
		)
	}
	if idp.SecretVersion != "" && !secretVersion.MatchString(idp.SecretVersion) {
		p.add(
			field+".SecretVersion",
			"must be a version id of 32 to 64 letters, digits and hyphens, got %q; "+
				"enter the VersionId that put-secret-value printed",
			redact(idp.SecretVersion),
		)
	}
}

// redact shortens what may be a secret entered in the wrong field: enough to find it, too little to use it.
func redact(got string) string {
	if len(got) <= 4 {
		return got
	}
	return got[:4] + "…"
}
