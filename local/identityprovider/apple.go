package identityprovider

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/securecart/identity/internal/deployed"
)

// Sign in with Apple differs from OpenID Connect in three things: a name comes beside the ID token, the first time
// only. The answer is posted. The client secret is a token that the client signs.
// https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple

const (
	apple       = "SignInWithApple"
	appleIssuer = "https://appleid.apple.com"
)

// appleSecretLife is the longest lifetime that Apple accepts, six months.
const appleSecretLife = 15777000 * time.Second

// checkAppleSecret verifies a client secret:
// https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
func (o *openID) checkAppleSecret(provider deployed.IdentityProvider, given string) error {
	d := provider.ProviderDetails
	key, err := o.peers.options.Secrets.Key("private_key", d["private_key"])
	if err != nil {
		return err
	}
	token, err := jwt.ParseSigned(given, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return fmt.Errorf("the client secret cannot be read: %w", err)
	}
	if token.Headers[0].KeyID != d["key_id"] {
		return fmt.Errorf("the client secret is signed by key %q", token.Headers[0].KeyID)
	}
	var claims jwt.Claims
	if err := token.Claims(key.Public(), &claims); err != nil {
		return fmt.Errorf("the client secret: %w", err)
	}
	if claims.Expiry == nil || claims.IssuedAt == nil ||
		claims.Expiry.Time().Sub(claims.IssuedAt.Time()) > appleSecretLife {
		return errors.New("the client secret lives longer than six months")
	}
	return claims.Validate(jwt.Expected{
		Issuer: d["team_id"], Subject: d["client_id"], AnyAudience: jwt.Audience{appleIssuer}, Time: time.Now(),
	})
}

// backFromApple sends an answer as Apple does, by POST.
func (o *openID) backFromApple(w http.ResponseWriter, asked *request, answer url.Values) {
	values := map[string]string{}
	for name := range answer {
		values[name] = answer.Get(name)
	}
	if person := asked.who(); person != nil && o.firstTime(asked.ClientID+" "+person["sub"]) {
		user := struct {
			Name struct {
				First string `json:"firstName,omitempty"`
				Last  string `json:"lastName,omitempty"`
			} `json:"name"`
			Email string `json:"email,omitempty"`
		}{Email: person["email"]}
		user.Name.First, user.Name.Last = person["firstName"], person["lastName"]
		text, err := json.Marshal(user)
		if err != nil {
			o.peers.refuse(w, err.Error())
			return
		}
		values["user"] = string(text)
	}
	o.peers.post(w, o.registered[asked.ClientID].ProviderName, asked.RedirectURI, values)
}

// firstTime tells whether this person signs in to this client for the first time.
func (o *openID) firstTime(who string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := !o.greeted[who]
	o.greeted[who] = true
	return first
}

// checkAppleRequest refuses a request as Apple does: "If you requested any scopes, the value must be form_post."
func checkAppleRequest(asked *oidc.AuthRequest) error {
	if asked.ResponseMode != oidc.ResponseModeFormPost {
		return oidc.ErrInvalidRequest().WithDescription("response_mode must be form_post when name or email is requested")
	}
	return nil
}
