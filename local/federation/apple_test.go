package federation

import (
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

// Apple takes client secrets of up to six months. One that leaks is worth little after five minutes.
func TestAnAppleSecretLivesForMinutes(t *testing.T) {
	c := client(t, site{})
	raw := must.Get(c.appleSecret(deployed.IdentityProvider{ProviderDetails: map[string]string{
		"client_id": "shop", "team_id": "TEAM000001", "key_id": "KEY0000001",
		"private_key": "{{resolve:secretsmanager:apple:SecretString:::}}",
	}}))(t)
	var claims jwt.Claims
	secret := must.Get(jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256}))(t)
	must.Do(t, secret.UnsafeClaimsWithoutVerification(&claims))
	if life := claims.Expiry.Time().Sub(claims.IssuedAt.Time()); life != 5*time.Minute ||
		claims.Issuer != "TEAM000001" || claims.Subject != "shop" || !claims.Audience.Contains("https://appleid.apple.com") {
		t.Errorf("it lives for %v: %+v", life, claims)
	}
}
