package userpool

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/local/localtest/must"
)

// forge returns a token with the claims of another, signed otherwise.
func forge(t testing.TB, key jose.SigningKey, claims map[string]any) string {
	t.Helper()
	signer := must.Get(jose.NewSigner(key, nil))(t)
	return must.Get(jwt.Signed(signer).Claims(claims).Serialize())(t)
}

// encoded is a part of a JWT.
func encoded(value any) string { return base64.RawURLEncoding.EncodeToString([]byte(jsonText(value))) }

func TestForgedTokensAreRefusedEverywhere(t *testing.T) {
	r := newRig(t).with(jane)
	result := r.signIn(webID, jane)
	foreign, _ := must.Get(otherKeys())(t).both()
	for kind, token := range map[string]string{"access": *result.AccessToken, "id": *result.IdToken} {
		own := claims(t, &token)
		parts := strings.Split(token, ".")
		key := r.keys.access.public
		if kind == "id" {
			key = r.keys.id.public
		}
		der := must.Get(x509.MarshalPKIXPublicKey(key.Key))(t)
		forSomebody, otherIssuer := maps.Clone(own), maps.Clone(own)
		forSomebody["sub"], forSomebody["username"], forSomebody["cognito:username"] = "eve", "eve", "eve"
		unsigned := encoded(map[string]string{"alg": "none", "kid": key.KeyID})
		otherKey := must.Get(foreign.sign(own))(t)
		otherIssuer["iss"] = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other"
		signedIssuer := must.Get(r.keys.access.sign(otherIssuer))(t)
		for name, forged := range map[string]string{
			"garbage":                 "garbage",
			"three parts of garbage":  "a.b.c",
			"alg none":                unsigned + "." + parts[1] + ".",
			"alg none, old signature": unsigned + "." + parts[1] + "." + parts[2],
			"HS256 by the public key": forge(t,
				jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: der, KeyID: key.KeyID}}, own),
			"another pool's key":    otherKey,
			"another pool's issuer": signedIssuer,
			"unknown kid":           encoded(map[string]string{"alg": "RS256", "kid": "x"}) + "." + parts[1] + "." + parts[2],
			"no kid":                encoded(map[string]string{"alg": "RS256"}) + "." + parts[1] + "." + parts[2],
			"tampered payload":      parts[0] + "." + encoded(forSomebody) + "." + parts[2],
			"cut signature":         parts[0] + "." + parts[1] + "." + parts[2][:20],
			"a full stop":           token + ".",
			"a refresh token":       *result.RefreshToken,
		} {
			if kind == "access" {
				refused(t, kind+", "+name, "NotAuthorizedException: Invalid Access Token")(
					r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: &forged}))
				if _, err := r.UserInfo(forged); err == nil {
					t.Errorf("userInfo takes %s", name)
				}
				continue
			}
			refused(t, kind+", "+name, "NotAuthorizedException: Invalid login token.")(r.VerifyIDToken(forged, webID, false))
		}
	}
	refused(t, "ID token for access token", "NotAuthorizedException: Invalid Access Token")(
		r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: result.IdToken}))
	refused(t, "access token for ID token", "NotAuthorizedException: Invalid login token. Not an ID token of this")(
		r.VerifyIDToken(*result.AccessToken, webID, false))
	refused(t, "another audience", "NotAuthorizedException: Invalid login token. Incorrect token audience.")(
		r.VerifyIDToken(*result.IdToken, stepUpID, false))
	got, err := r.VerifyIDToken(*result.IdToken, webID, true)
	if err != nil || got["email"] != jane {
		t.Errorf("got %v, %v", got, err)
	}
	r.clock.Advance(time.Hour)
	refused(t, "an hour later", "NotAuthorizedException: Access Token has expired")(
		r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: result.AccessToken}))
	refused(t, "an hour later", "NotAuthorizedException: Invalid login token. Token expired.")(
		r.VerifyIDToken(*result.IdToken, webID, false))
}

func TestKeySetHasTwoPublicKeysAndNothingPrivate(t *testing.T) {
	r := newRig(t).with(jane)
	result := r.signIn(webID, jane)
	text := must.Get(json.Marshal(r.KeySet()))(t)
	var set struct{ Keys []map[string]string }
	must.Do(t, json.Unmarshal(text, &set))
	if len(set.Keys) != 2 || set.Keys[0]["kid"] == set.Keys[1]["kid"] {
		t.Errorf("keys %s", text)
	}
	for _, key := range set.Keys {
		if len(key) != 6 || key["kty"] != "RSA" || key["alg"] != "RS256" || key["use"] != "sig" || key["e"] != "AQAB" ||
			key["n"] == "" || key["kid"] == "" {
			t.Errorf("key %v", key)
		}
	}
	for i, token := range []*string{result.IdToken, result.AccessToken} {
		parsed := must.Get(jwt.ParseSigned(*token, algorithms))(t)
		if got := parsed.Headers[0].KeyID; got != set.Keys[i]["kid"] {
			t.Errorf("token %d is signed by %s", i, got)
		}
	}
	if fresh := must.Get(otherKeys())(t); fresh.public().Keys[0].KeyID == set.Keys[0]["kid"] {
		t.Error("new keys are the old ones")
	}
}
