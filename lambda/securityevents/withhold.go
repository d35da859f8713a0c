package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// withheld replaces texts that may be secret.
const withheld = "WITHHELD"

var (
	// secretWords are in the names of fields whose texts and numbers are withheld, whatever is below them.
	secretWords = regexp.MustCompile(`(?i)password|secret|verifier|clientmetadata|environment|variables|zipfile|` +
		`credential|authparameters|challengeresponses|validationdata|cookie|(private|api|signing|shared)_?key|` +
		`(token|code|signature)$|^session$`)
	// plainWords are names that match secretWords, but hold nothing secret.
	plainWords = regexp.MustCompile(`(?i)^(errorcode|compromisedcredentialdetected|passwordpolicy|passwordhistorysize|` +
		`temporarypasswordvaliditydays|sessioncredentialfromconsole|requestsigningalgorithm)$`)
	// secretTexts are secret in any field: JSON Web Tokens, private keys, and URLs whose query grants access.
	// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
	secretTexts = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+|-----BEGIN [A-Z ]*PRIVATE KEY|` +
		`(?i:[?&;#][^=&\s]*(token|signature|secret|password|credential|code|key|sig)=)`)
)

// plainDetails are the details of an identity provider that hold nothing secret. All others are withheld: each kind of
// provider has its own secrets, such as client_secret and private_key.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
var plainDetails = []string{
	"ActiveEncryptionCertificate", "EncryptedResponses", "IDPInit", "IDPSignout", "MetadataFile", "MetadataURL",
	"RequestSigningAlgorithm", "SLORedirectBindingURI", "SSORedirectBindingURI", "api_version",
	"attributes_request_method", "attributes_url", "attributes_url_add_attributes", "authorize_scopes", "authorize_url",
	"client_id", "jwks_uri", "key_id", "oidc_issuer", "team_id", "token_url",
}

// isSecret reports whether a field of this name may hold a secret.
func isSecret(name string) bool {
	return secretWords.MatchString(name) && !plainWords.MatchString(name)
}

// withhold returns value without the texts and numbers that may be secret: by the name of the field that holds them,
// by the name beside them in lists of names and values, and by what they look like. Cognito has hidden its own already
// ("HIDDEN_DUE_TO_SECURITY_REASONS"); this does not rest on it.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-info-in-cloudtrail.html
func withhold(value any, name string) any {
	secret := isSecret(name)
	switch v := value.(type) {
	case map[string]any:
		return fieldsOf(v, name)
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = withhold(inner, name)
		}
		return out
	case string:
		if secret && v != "" || secretTexts.MatchString(v) {
			return withheld
		}
		return strings.ToValidUTF8(v, "")
	case json.Number:
		if secret {
			return withheld
		}
	}
	return value
}

// fieldsOf are the fields of an object, without what may be secret.
func fieldsOf(fields map[string]any, name string) map[string]any {
	secret := isSecret(name)
	out := make(map[string]any, len(fields))
	for key, inner := range fields {
		under := key
		switch {
		case secret:
			key, under = withhold(key, "").(string), name
		case isDetails(name) && !slices.Contains(plainDetails, key),
			strings.EqualFold(key, "value") && isSecret(nameIn(fields)):
			under = "secret"
		case isDetails(name):
			under = ""
		}
		out[key] = withhold(inner, under)
	}
	return out
}

func isDetails(name string) bool { return strings.EqualFold(name, "providerDetails") }

// nameIn is the name in an object that holds a name and a value, such as an attribute, a tag or a parameter.
func nameIn(fields map[string]any) string {
	for key, value := range fields {
		if text, ok := value.(string); ok && slices.Contains([]string{"name", "key", "parameterkey"}, strings.ToLower(key)) {
			return text
		}
	}
	return ""
}
