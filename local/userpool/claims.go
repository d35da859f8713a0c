package userpool

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"

	"github.com/securecart/identity/internal/deployed"
)

// visible returns the attributes that a client may read and that the scopes name. The scope profile names all of them.
// So does openid without any other scope of OpenID Connect. Tokens of the API have all attributes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
func visible(
	client deployed.UserPoolClient, attributes map[string]string, scopes []string, all bool,
) map[string]string {
	email, phone := slices.Contains(scopes, "email"), slices.Contains(scopes, "phone")
	all = all || slices.Contains(scopes, "profile") || !email && !phone
	named := map[string]bool{
		"sub":                   true,
		"identities":            true,
		"email":                 email,
		"email_verified":        email,
		"phone_number":          phone,
		"phone_number_verified": phone,
	}
	found := shown(client, attributes)
	maps.DeleteFunc(found, func(name, _ string) bool { return !all && !named[name] })
	return found
}

// attributeClaims returns the attributes of an ID token, with the types of OpenID Connect.
func attributeClaims(client deployed.UserPoolClient, attributes map[string]string, f *family) map[string]any {
	claims := map[string]any{}
	for name, value := range visible(client, attributes, f.scopes, !f.hosted) {
		claims[name] = claim(name, value)
	}
	return claims
}

func claim(name, value string) any {
	switch name {
	case "email_verified", "phone_number_verified":
		return value == "true"
	case "address":
		return map[string]string{"formatted": value}
	case "updated_at":
		if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
			return seconds
		}
	case "identities":
		return identityClaim(value)
	}
	return value
}

// accessTokenHash returns the claim at_hash, which ties an ID token to its access token (OpenID Connect Core, section
// 3.1.3.6).
func accessTokenHash(token string) string {
	hash := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(hash[:len(hash)/2])
}
