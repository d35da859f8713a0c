package apigateway_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

// parts changes one of the three parts of a token.
func parts(token string, change func(parts []string)) string {
	all := strings.Split(token, ".")
	change(all)
	return strings.Join(all, ".")
}

func encoded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// inJSON is a token in the other serialization of RFC 7515.
func inJSON(token string) string {
	p := strings.Split(token, ".")
	return fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, p[0], p[1], p[2])
}

// publicKeyPEM is what everybody knows of the pool, and what a verifier that trusts alg would use as an HMAC secret.
func publicKeyPEM(t *testing.T, key crypto.PublicKey) []byte {
	t.Helper()
	der := must.Get(x509.MarshalPKIXPublicKey(key))(t)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// badTokens are values of the Authorization header that open neither GET /orders nor, with the scope of that, POST
// /orders.
func badTokens(t *testing.T, s *deployed.Stage, scope string) map[string]string {
	t.Helper()
	right := map[string]any{"scope": scope}
	with := func(name string, value any) string { return token(t, s, map[string]any{"scope": scope, name: value}) }
	good := token(t, s, right)
	elliptical := must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	return map[string]string{
		"empty":                  "",
		"blank":                  " ",
		"the scheme alone":       "Bearer ",
		"garbage":                "garbage",
		"garbage in three parts": "a.b.c",
		"two parts":              strings.Join(strings.Split(good, ".")[:2], "."),
		"no signature":           parts(good, func(p []string) { p[2] = "" }),
		"another scheme":         "Basic " + good,
		"twice the scheme":       "Bearer Bearer " + good,
		"a space inside":         good[:9] + " " + good[9:],
		"a space before":         "  " + good,
		"in JSON serialization":  inJSON(good),
		"expired":                with("exp", noon.Add(-time.Second).Unix()),
		"without expiry":         with("exp", nil),
		"expiry as text":         with("exp", "tomorrow"),
		"not yet valid":          with("nbf", noon.Add(time.Second).Unix()),
		"issued in the future":   with("iat", noon.Add(time.Second).Unix()),
		"of no issuer":           with("iss", nil),
		"of another pool":        with("iss", issuer(s)+"x"),
		"of another Region":      with("iss", strings.ReplaceAll(issuer(s), "eu-central-1", "eu-west-1")),
		"alg none": parts(good,
			func(p []string) { p[0], p[2] = encoded(`{"alg":"none","kid":"`+ordersKid+`"}`), "" }),
		"alg none, signature kept": parts(good,
			func(p []string) { p[0] = encoded(`{"alg":"none","kid":"` + ordersKid + `"}`) }),
		"HS256 with the public key": signed(t, jose.HS256, publicKeyPEM(t, poolKey().Public()), ordersKid,
			claims(s, right)),
		"RS512":                         signed(t, jose.RS512, poolKey(), ordersKid, claims(s, right)),
		"PS256":                         signed(t, jose.PS256, poolKey(), ordersKid, claims(s, right)),
		"ES256":                         signed(t, jose.ES256, elliptical, ordersKid, claims(s, right)),
		"another pool's key":            signed(t, jose.RS256, otherKey(), "another kid", claims(s, right)),
		"another pool's key under ours": signed(t, jose.RS256, otherKey(), ordersKid, claims(s, right)),
		"unknown kid":                   signed(t, jose.RS256, poolKey(), "unknown", claims(s, right)),
		"no kid":                        signed(t, jose.RS256, poolKey(), "", claims(s, right)),
		"its own key in the header":     embedded(t, claims(s, right)),
		"an unknown critical header":    critical(t, claims(s, right)),
		"tampered payload":              parts(good, func(p []string) { p[1] = encoded(`{"sub":"somebody else"}`) }),
		"payload of another": parts(good,
			func(p []string) { p[1] = strings.Split(with("sub", "another"), ".")[1] }),
		"tampered signature":              parts(good, func(p []string) { p[2] = "A" + p[2][1:] + "A" }),
		"an ID token":                     token(t, s, map[string]any{"token_use": "id", "aud": web, "scope": nil}),
		"an ID token with the scope":      token(t, s, map[string]any{"token_use": "id", "aud": web, "scope": scope}),
		"a refresh token":                 refreshToken(t),
		"without token_use":               with("token_use", nil),
		"without scope":                   with("scope", nil),
		"of other scopes":                 with("scope", "openid aws.cognito.signin.user.admin"),
		"of a scope with another case":    with("scope", strings.ToUpper(scope)),
		"of a longer scope":               with("scope", scope+"x"),
		"of the beginning of the scope":   with("scope", scope[:len(scope)-1]),
		"scopes in a list":                with("scope", []string{scope}),
		"claims not an object":            parts(good, func(p []string) { p[1] = encoded(`[]`) }),
		"of the scopes joined by a comma": with("scope", "openid,"+scope),
	}
}

// embedded is a token that brings its key along.
func embedded(t *testing.T, claims map[string]any) string {
	return with(t, jose.SignerOptions{EmbedJWK: true}, claims)
}

// critical demands that a header be understood which nobody knows.
func critical(t *testing.T, claims map[string]any) string {
	options := (&jose.SignerOptions{}).WithHeader("crit", []string{"unheard-of"}).WithHeader("unheard-of", true)
	options = options.WithHeader("kid", ordersKid)
	return with(t, *options, claims)
}

func with(t *testing.T, options jose.SignerOptions, claims map[string]any) string {
	t.Helper()
	key := any(otherKey())
	if options.ExtraHeaders["crit"] != nil {
		key = poolKey()
	}
	signer := must.Get(jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, &options))(t)
	return serialized(t, signer, claims)
}

// refreshToken is encrypted, as Cognito's are: five parts that only the pool can read.
func refreshToken(t *testing.T) string {
	t.Helper()
	encrypter := must.Get(jose.NewEncrypter(jose.A256GCM, jose.Recipient{
		Algorithm: jose.RSA_OAEP, Key: poolKey().Public(),
	},
		nil))(t)
	object := must.Get(encrypter.Encrypt([]byte("refresh")))(t)
	return must.Get(object.CompactSerialize())(t)
}

func TestBadTokensOpenNothing(t *testing.T) {
	for _, route := range []struct{ method, scope string }{{"GET", "securecart/orders.read"},
		{"POST", "securecart/orders.write"}} {
		s := reviewed(t, nil)
		s.API.Throttling = deployed.Throttling{Rate: 1000, Burst: 1000}
		a := serve(t, s)
		for name, bad := range badTokens(t, s, route.scope) {
			t.Run(route.method+" "+name, func(t *testing.T) {
				for _, value := range []string{bad, "Bearer " + bad} {
					r := a.call(t, route.method, "/v1/orders", "{", "Authorization", value)
					wantRefused(t, r, 401, "UnauthorizedException", "Unauthorized")
					if r.Header.Get("WWW-Authenticate") != "Bearer" {
						t.Errorf("WWW-Authenticate %q, want that of the gateway response", r.Header.Get("WWW-Authenticate"))
					}
				}
			})
		}
		wantRefused(t, a.call(t, route.method, "/v1/orders", ""), 401, "UnauthorizedException", "Unauthorized")
		good := token(t, s, map[string]any{"scope": route.scope})
		wantRefused(t, a.call(t, route.method, "/v1/orders", "", "Authorization", good, "Authorization", good), 401,
			"UnauthorizedException", "Unauthorized")
		if len(a.events) != 0 {
			t.Fatalf("a function was invoked:\n%s", a.events[0])
		}
		// The same call with the right token goes through: what was refused is the token.
		r := a.call(t, route.method, "/v1/orders", `{"items": []}`, "Authorization", "Bearer "+good, "Idempotency-Key", "k")
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s with the right token: %d", route.method, r.StatusCode)
		}
	}
}
