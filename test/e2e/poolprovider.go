package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
)

// poolIssuer is the issuer of a Cognito user pool.
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
var poolIssuer = regexp.MustCompile(`^https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com/[a-z0-9-]+_[0-9A-Za-z]+$`)

// PoolProvider returns the stage's provider that is a second user pool, if there is one. Such a provider tests
// federation on AWS without an outside company.
func (s *Running) PoolProvider() (name, issuer string, is bool) {
	var providers []struct{ Name, Issuer string }
	if err := json.Unmarshal([]byte(s.Providers), &providers); err != nil {
		return "", "", false
	}
	for _, p := range providers {
		if poolIssuer.MatchString(p.Issuer) {
			return p.Name, p.Issuer, true
		}
	}
	return "", "", false
}

// SignInAtPool signs in with a provider that is a user pool, by the form of its classic hosted UI. Scripts build the
// pages of managed login, and this package runs no scripts.
// https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
func (s *Running) SignInAtPool(ctx context.Context, name, issuer, username, password string) (Tokens, error) {
	login, err := s.loginOf(ctx, issuer)
	if err != nil {
		return Tokens{}, err
	}
	return s.signInAt(ctx, name, func(host string) bool { return host == login },
		map[string]string{"username": username, "password": password})
}

// loginOf returns the host of a provider's sign-in page, from its discovery document.
func (s *Running) loginOf(ctx context.Context, issuer string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", err
	}
	client := s.Browser()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return "", fmt.Errorf("discover %s: %w", issuer, err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", fmt.Errorf("discover %s: %w", issuer, err)
	}
	var found struct {
		At string `json:"authorization_endpoint"`
	}
	if err := json.Unmarshal(body, &found); err != nil || response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("discover %s: got %d: %s", issuer, response.StatusCode, body)
	}
	u, err := url.Parse(found.At)
	if err != nil || u.Hostname() == "" {
		return "", fmt.Errorf("discover %s: no authorization_endpoint, but %q: the pool needs a domain", issuer, found.At)
	}
	return u.Hostname(), nil
}
