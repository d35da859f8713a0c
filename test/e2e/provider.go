package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/securecart/identity/lambda/contract"
)

// Identity is an account at an identity provider.
type Identity struct {
	Provider, Subject, Email string
}

// devCallback is the Dev stage's callback page. It receives the code if only the outputs are known.
const devCallback = "http://localhost:5173/signed-in"

// SignInWith signs in with a provider through managed login, as a browser does. The provider must be one of the local
// stage: at others a person has to sign in.
func (s *Running) SignInWith(ctx context.Context, who Identity) (Tokens, error) {
	if !s.Local() {
		return Tokens{}, errors.New("only the local stage has an identity provider of its own in place of " + who.Provider)
	}
	names, own := formNames[who.Provider]
	if !own {
		names = [2]string{"sub", "email"}
	}
	return s.signInAt(ctx, who.Provider, here, map[string]string{names[0]: who.Subject, names[1]: who.Email})
}

// formNames are what the pages of some local providers call subject and address: like the providers, where those have
// names of their own, else like the stage's mapping.
var formNames = map[string][2]string{
	"Facebook": {"id", "email"}, "LoginWithAmazon": {"user_id", "email"},
	"Partner": {"NameID", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"},
}

// signInAt fills in the form to which managed login redirects for a provider, and redeems the code. It visits hosts
// other than managed login's only if they are allowed.
func (s *Running) signInAt(
	ctx context.Context, provider string, allowed func(host string) bool, form map[string]string,
) (Tokens, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return Tokens{}, err
	}
	stays := s.stays(allowed)
	client := s.Browser()
	defer client.CloseIdleConnections()
	client.Jar, client.CheckRedirect = jar, s.untilTheApp(stays)
	browser := &browser{stays: stays, client: client}
	v := NewVerifier()
	if _, err := browser.get(ctx, s.ManagedLoginURL+"/oauth2/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {s.WebClientID}, "redirect_uri": {s.callback}, "state": {"e2e"},
		"scope":          {"openid email profile " + strings.Join(contract.BrowseScopes(), " ")},
		"code_challenge": {v.Challenge()}, "code_challenge_method": {"S256"}, "identity_provider": {provider},
	}.Encode()); err != nil {
		return Tokens{}, err
	}
	back, err := browser.submit(ctx, form)
	if err != nil {
		return Tokens{}, err
	}
	for back == nil && browser.forwards() {
		if back, err = browser.submit(ctx, nil); err != nil {
			return Tokens{}, err
		}
	}
	if back == nil {
		return Tokens{}, fmt.Errorf("%s shows a page at %s in place of signing in", provider, browser.at.Redacted())
	}
	code := back.Query().Get("code")
	if code == "" {
		return Tokens{}, fmt.Errorf("%s sent the browser to %s, without a code", provider, back.Redacted())
	}
	return s.redeem(ctx, browser.client, code, v)
}

func (s *Running) redeem(ctx context.Context, client *http.Client, code string, v Verifier) (Tokens, error) {
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {s.WebClientID}, "redirect_uri": {s.callback},
		"code": {code}, "code_verifier": {string(v)},
	}
	request, err := http.NewRequestWithContext(
		ctx, http.MethodPost, s.ManagedLoginURL+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return Tokens{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return Tokens{}, fmt.Errorf("redeem the code: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return Tokens{}, fmt.Errorf("redeem the code: %w", err)
	}
	var issued struct {
		Access  string `json:"access_token"`
		ID      string `json:"id_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := (Answer{Body: body}).Into(&issued); err != nil || issued.Access == "" {
		return Tokens{}, fmt.Errorf("redeem the code: got %d: %s", response.StatusCode, body)
	}
	return Tokens{Access: issued.Access, ID: issued.ID, Refresh: issued.Refresh}, nil
}
