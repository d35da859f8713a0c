package federation

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

func TestAForgedIDTokenSignsNobodyIn(t *testing.T) {
	other := must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	hour := time.Hour.Seconds()
	for name, test := range map[string]struct {
		forge func(*oidcPeer)
		want  string
	}{
		"signed by another key":       {func(p *oidcPeer) { p.sign = p.by(jose.ES256, other) }, "failed to verify signature"},
		"signed by a key nobody has":  {func(p *oidcPeer) { p.header["kid"] = "k2" }, "failed to verify signature"},
		"without the name of its key": {func(p *oidcPeer) { delete(p.header, "kid") }, "names no key"},
		"not signed":                  {func(p *oidcPeer) { p.sign = unsigned }, "cannot be read"},
		"signed with the public key as a secret, in PEM": {func(p *oidcPeer) {
			der := must.Get(x509.MarshalPKIXPublicKey(p.key.Public()))(t)
			p.sign = p.by(jose.HS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		}, "cannot be read"},
		"signed with the public key as a secret, in DER": {func(p *oidcPeer) {
			p.sign = p.by(jose.HS256, must.Get(x509.MarshalPKIXPublicKey(p.key.Public()))(t))
		}, "cannot be read"},
		"signed with the client secret": {func(p *oidcPeer) {
			reference := p.client.options.Stage.Providers["Okta"].ProviderDetails["client_secret"]
			secret := must.Get(p.client.options.Secrets.Text("client_secret", reference))(t)
			p.sign = p.by(jose.HS256, []byte(secret+strings.Repeat("=", 32)))
		}, "cannot be read"},
		"with a key of its own in the header": {func(p *oidcPeer) {
			p.header["jwk"] = jose.JSONWebKey{Key: other.Public(), KeyID: "k1"}
			p.sign = p.by(jose.ES256, other)
		}, "failed to verify signature"},
		"by an RSA key that is not published": {func(p *oidcPeer) {
			key, _, err := identityprovider.Certificate("other")
			must.Do(t, err)
			p.sign = p.by(jose.RS256, key)
		}, "failed to verify signature"},
		"changed after it was signed": {func(p *oidcPeer) { p.sign = changed(p.sign) }, "failed to verify signature"},
		"of another issuer":           {set("iss", "https://evil.example"), "issued by a different provider"},
		"of an issuer with a slash":   {set("iss", issuer+"/"), "issued by a different provider"},
		"for another client":          {set("aud", "other"), "expected audience"},
		"for nobody":                  {func(p *oidcPeer) { delete(p.claims, "aud") }, "expected audience"},
		"for two, and not said whose": {set("aud", []string{"other", "pool"}), "want one"},
		"for two, and issued to us": {func(p *oidcPeer) {
			p.claims["aud"], p.claims["azp"] = []string{"pool", "evil"}, "pool"
		}, "want one"},
		"with a nonce in another case": {recased("nonce", "NONCE"), `claim "NONCE"`},
		"with an issuer in another":    {recased("iss", "ISS"), `claim "ISS"`},
		"with an audience in another":  {recased("aud", "Aud"), `claim "Aud"`},
		"with an end in another":       {recased("exp", "EXP"), `claim "EXP"`},
		"with a second nonce":          {set("Nonce", "another"), `"Nonce"`},
		"which is an access token":     {func(p *oidcPeer) { p.header["typ"] = "at+jwt" }, "type"},
		"about a subject of two lines": {subject("ada\neve"), "cannot be printed"},
		"about a subject with a mark":  {subject("ada\u202eeve"), "cannot be printed"},
		"for a round that never began": {func(p *oidcPeer) {
			p.round.nonce = ""
			delete(p.claims, "nonce")
		}, "nonce"},
		"issued 50 minutes ahead":      {at("iat", 50*60), "was issued at"},
		"issued 100 minutes ago":       {at("iat", -100*60), "was issued at"},
		"issued to another client":     {set("azp", "other"), `issued to "other"`},
		"expired":                      {at("exp", -1), "expired"},
		"without an end":               {func(p *oidcPeer) { delete(p.claims, "exp") }, "expired"},
		"not valid yet":                {at("nbf", hour), "nbf"},
		"issued in the future":         {at("iat", hour), "was issued at"},
		"issued long ago":              {at("iat", -2*hour), "was issued at"},
		"of another sign-in":           {set("nonce", "another"), "nonce"},
		"without a nonce":              {func(p *oidcPeer) { delete(p.claims, "nonce") }, "nonce"},
		"with another access token":    {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "access token hash"},
		"about nobody":                 {set("sub", ""), "user info is about"},
		"about a subject of 256":       {subject(strings.Repeat("a", 256)), "256 characters"},
		"about an empty subject twice": {subject(""), "0 characters"},
		"missing":                      {func(p *oidcPeer) { p.claims = nil }, "no ID token"},
		"no JWT":                       {func(p *oidcPeer) { p.sign = noJWT }, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newOIDCPeer(t)
			test.forge(p)
			refuses(t, test.want)(p.finish())
		})
	}
}

func (p *oidcPeer) by(algorithm jose.SignatureAlgorithm, key any) func([]byte) string {
	return func(payload []byte) string { return signed(p.T, algorithm, key, p.header, payload) }
}

func noJWT([]byte) string { return "a.b" }

func unsigned(payload []byte) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none","kid":"k1"}`)) + "." + encode(payload) + "."
}

// changed replaces the payload, and keeps the signature.
func changed(sign func([]byte) string) func([]byte) string {
	return func(payload []byte) string {
		parts := strings.Split(sign(payload), ".")
		parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), "ada", "eve", 1)))
		return strings.Join(parts, ".")
	}
}

func recased(claim, as string) func(*oidcPeer) {
	return func(p *oidcPeer) {
		p.claims[as] = p.claims[claim]
		delete(p.claims, claim)
	}
}

func set(claim string, value any) func(*oidcPeer) {
	return func(p *oidcPeer) { p.claims[claim] = value }
}

func at(claim string, seconds float64) func(*oidcPeer) {
	return set(claim, time.Now().Unix()+int64(seconds))
}

func subject(sub string) func(*oidcPeer) {
	return func(p *oidcPeer) {
		p.claims["sub"] = sub
		p.site["shop.okta.example/userinfo"] = always(map[string]any{"sub": sub})
	}
}
