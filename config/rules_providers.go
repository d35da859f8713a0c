package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// providerName is the pattern of the API CreateIdentityProvider, without the separators that "identity_provider=" in a
	// URL would have to escape.
	providerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{2,31}$`)
	// secretName is the pattern of the API CreateSecret, without the hyphen and six characters that Secrets Manager adds.
	secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)
	// secretItself is what Google's and Facebook's client secrets look like.
	secretItself = regexp.MustCompile(`^(GOCSPX-.*|[0-9a-f]{32})$`)
	// appleID is the form of team and key ids.
	// https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
	appleID       = regexp.MustCompile(`^[A-Z0-9]{10}$`)
	secretVersion = regexp.MustCompile(`^[0-9A-Za-z-]{32,64}$`)
	// reservedNames are names that Cognito gives to providers of its own.
	reservedNames = []string{"COGNITO", "Google", "Facebook", "LoginWithAmazon", "SignInWithApple"}
)

// providers is rule 12. That a client lists a provider which the pool lacks cannot be written: it lists these.
func providers(s Stage, p *problems) {
	seen := map[string]bool{}
	for i, idp := range s.Providers {
		field := fmt.Sprintf("Providers[%d]", i)
		if !oneOf(p, field+".Kind", idp.Kind, ProviderKinds()...) {
			continue
		}
		providerNaming(field, idp, p)
		providerCredentials(field, idp, p)
		providerSettings(field, idp, p)
		if name := idp.ProviderName(); seen[name] {
			p.add(field, "must differ from the providers before it, got %q twice; remove or rename one", name)
		} else {
			seen[name] = true
		}
	}
}

func providerNaming(field string, idp Provider, p *problems) {
	named := idp.Kind.Named()
	switch {
	case !named && idp.Name != "":
		p.add(field+".Name", "%s is named by Cognito, got %q; remove Name", idp.Kind, idp.Name)
	case named && (!providerName.MatchString(idp.Name) || slices.Contains(reservedNames, idp.Name)):
		p.add(
			field+".Name",
			"must be 3 to 32 letters, digits and hyphens and none of %q, got %q; name the provider",
			reservedNames,
			idp.Name,
		)
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
	if strings.TrimSpace(idp.ClientID) == "" {
		p.add(field+".ClientID", "%s needs the client id of the shop's application, got %q; enter it", idp.Kind, idp.ClientID)
	}
	// Consoles and pages shorten ids; a short one is refused only when the first customer tries to sign in.
	if strings.Contains(idp.ClientID, "…") || strings.Contains(idp.ClientID, "...") {
		p.add(field+".ClientID", "must be the whole client id, got the shortened %q; copy all of it", idp.ClientID)
	}
	if secretItself.MatchString(idp.SecretName) {
		p.add(
			field+".SecretName",
			"must be the name of the secret and never the secret itself, got %q; "+
				"revoke that secret at %s, store a new one in Secrets Manager and enter its name",
			redact(idp.SecretName),
			idp.Kind,
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

// providerSettings looks at what only a provider of one kind has.
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
	providerURL(field+".Issuer", idp.OIDC.Issuer, p)
}

func samlSettings(field string, idp Provider, p *problems) {
	providerURL(field+".MetadataURL", idp.SAML.MetadataURL, p)
}

func providerURL(field, got string, p *problems) {
	if u := checkURL(p, field, got, Development); u != nil && u.Scheme != "https" {
		p.add(field, "must use https, got %q; enter the provider's https URL", got)
	}
}
