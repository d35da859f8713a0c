package threats

import "maps"

// openIDClaims are the claims of OpenID Connect Core 1.0, section 5.1, which Google states, too.
var openIDClaims = map[string]any{
	"email": "email", "family_name": "family_name", "given_name": "given_name", "name": "name", "picture": "picture",
}

// samlClaims is where SAML providers state claims.
const samlClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

// mappings are the attributes that a provider of each type writes, and the claims that it takes them from. The user name is
// none of them: Cognito takes it from the provider's own id of the user. Taken from the e-mail address it would change hands
// with the address.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
var mappings = map[string]map[string]any{
	"Google": openIDClaims,
	"OIDC":   openIDClaims,
	"Facebook": {
		"email": "email", "family_name": "last_name", "given_name": "first_name", "name": "name", "picture": "picture",
	},
	"SAML": {
		"email": samlClaims + "emailaddress", "family_name": samlClaims + "surname", "given_name": samlClaims + "givenname",
		"name": samlClaims + "name",
	},
}

// statesVerified reports whether providers of a type say which addresses they have verified.
func statesVerified(typ string) bool { return typ == "Google" || typ == "OIDC" }

// mapsExactly expects a provider to write the attributes of its type from the claims that they are meant to come from.
func mapsExactly(p resource) {
	typ := p.at("ProviderType").text()
	want, known := mappings[typ]
	if !known {
		p.at("ProviderType").fail("is %s, whose claims nobody judged", typ)
	}
	mapping, _ := p.at("AttributeMapping").got.(map[string]any)
	got := maps.Clone(mapping)
	delete(got, "email_verified") // judged below
	if !equal(got, want) {
		p.at("AttributeMapping").fail("is %s, want %s", shown(got), shown(want))
	}
	verifiesTruly(p)
}

// verifiesTruly expects an address to count as verified only where the provider itself says so.
func verifiesTruly(p resource) {
	switch verified := p.at("AttributeMapping", "email_verified"); {
	case !statesVerified(p.at("ProviderType").text()):
		verified.absent()
	case verified.got != nil:
		verified.is("email_verified")
	}
}
