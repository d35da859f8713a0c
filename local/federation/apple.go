package federation

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/internal/deployed"
)

const apple = "SignInWithApple"

// appleSecret signs a client secret, with the private key that the template refers to:
// https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
func (c *Client) appleSecret(p deployed.IdentityProvider) (string, error) {
	d := p.ProviderDetails
	key, err := c.options.Secrets.Key("private_key", d["private_key"])
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key},
		(&jose.SignerOptions{}).WithHeader(jose.HeaderKey("kid"), d["key_id"]))
	if err != nil {
		return "", err
	}
	now := time.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: d["team_id"], Subject: d["client_id"], Audience: jwt.Audience{issuers[apple]},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(5 * time.Minute)),
	}).Serialize()
}

// addAppleName adds the name that Apple posts beside the code. It takes nothing else, because the post is not signed.
func addAppleName(user string, claims map[string]string) error {
	if user == "" {
		return nil
	}
	var posted struct {
		Name struct{ FirstName, LastName string } `json:"name"`
	}
	if err := json.Unmarshal([]byte(user), &posted); err != nil {
		return fmt.Errorf("the name cannot be read: %w", err)
	}
	for name, value := range map[string]string{"firstName": posted.Name.FirstName, "lastName": posted.Name.LastName} {
		if value != "" {
			claims[name] = value
		}
	}
	return nil
}
