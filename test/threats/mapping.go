package threats

import (
	"maps"

	"github.com/securecart/identity/config"
)

// openIDClaims are the claims of OpenID Connect Core 1.0, section 5.1, which Google states, too.
var openIDClaims = map[string]any{
	providerEmail: "email", "family_name": "family_name", "given_name": "given_name", "name": "name", "picture": "picture",
}

// samlClaims is where SAML providers state claims.
const samlClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"

// mappings are the attributes that a provider of each type writes, and the claims that it takes them from. The user
// name is missing: Cognito takes it from the provider's own id of the user. From an e-mail address it would pass to the
// address's next owner. Neither is email (U47), nor email_verified (U24).
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
var mappings = map[string]map[string]any{
	"Google": openIDClaims,
	"OIDC":   openIDClaims,
	"Facebook": {
		providerEmail: "email", "family_name": "last_name", "given_name": "first_name", "name": "name", "picture": "picture",
	},
	"SignInWithApple": {providerEmail: "email", "family_name": "lastName", "given_name": "firstName"},
	"LoginWithAmazon": {providerEmail: "email", "name": "name"},
	"SAML": {
		providerEmail: samlClaims + "emailaddress", "family_name": samlClaims + "surname",
		"given_name": samlClaims + "givenname",
		"name":       samlClaims + "name",
	},
}

// mapsExactly expects a provider to write the attributes of its type, and no others, from the claims that they are
// meant to come from: the usual ones, or those that the config names in their place. The address of a provider that is
// not trusted is not taken at all.
func mapsExactly(p Resource, configured config.Provider) {
	usual, known := mappings[string(configured.Kind)]
	if !known {
		p.At("ProviderType").Fail("is %s, whose claims nobody judged", configured.Kind)
	}
	want := maps.Clone(usual)
	for attribute, claim := range map[string]string{
		providerEmail: configured.Claims.Email, "name": configured.Claims.Name, "picture": configured.Claims.Picture,
		"given_name": configured.Claims.GivenName, "family_name": configured.Claims.FamilyName,
	} {
		if claim != "" {
			want[attribute] = claim
		}
		if claim == config.Unmapped || attribute == providerEmail && configured.EmailUntrusted {
			delete(want, attribute)
		}
	}
	p.At("AttributeMapping").Is(want)
}
