package proof

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// form is base64url without padding, with exactly one form for each value.
// https://datatracker.ietf.org/doc/html/rfc4648#section-5
var form = base64.RawURLEncoding.Strict()

// wellFormed reports whether text is 32 bytes in that form: 43 characters. The length is checked, too, because the
// decoder skips line ends.
func wellFormed(text string) bool {
	decoded, err := form.DecodeString(text)
	return err == nil && len(decoded) == sha256.Size && len(text) == form.EncodedLen(sha256.Size)
}

// IsChallenge reports whether text has the form of a challenge: 43 characters of base64url without padding.
func IsChallenge(text string) bool { return wellFormed(text) }

// ChallengeOf returns the challenge of a verifier: the SHA-256 of the verifier's characters, as method S256 of PKCE.
// https://datatracker.ietf.org/doc/html/rfc7636#section-4.2
//
// It returns false if the verifier is not 43 characters of base64url without padding: 32 random bytes.
func ChallengeOf(verifier string) (challenge string, found bool) {
	if !wellFormed(verifier) {
		return "", false
	}
	hash := sha256.Sum256([]byte(verifier))
	return form.EncodeToString(hash[:]), true
}

// matches reports whether the verifier belongs to the challenge, in constant time.
func matches(verifier, challenge string) bool {
	made, found := ChallengeOf(verifier)
	return found && subtle.ConstantTimeCompare([]byte(made), []byte(challenge)) == 1
}
