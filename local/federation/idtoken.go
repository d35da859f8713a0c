package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// verify verifies the ID token, as OpenID Connect Core 1.0, section 3.1.3.7 requires, and returns its claims.
func (o *openID) verify(
	ctx context.Context, found *oidc.Provider, r Round, tokens *oauth2.Token,
) (map[string]string, error) {
	raw, _ := tokens.Extra("id_token").(string)
	if raw == "" {
		return nil, errors.New("it returned no ID token")
	}
	if err := named(raw); err != nil {
		return nil, err
	}
	id := o.provider.ProviderDetails["client_id"]
	verifier := found.VerifierContext(oidc.ClientContext(ctx, o.http), &oidc.Config{
		ClientID: id, SupportedSigningAlgs: signatures,
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	var payload json.RawMessage
	if err := token.Claims(&payload); err != nil {
		return nil, err
	}
	claims, err := texts(payload)
	if err != nil {
		return nil, err
	}
	if err := exact(claims); err != nil {
		return nil, err
	}
	now, authorized := time.Now(), claims["azp"]
	switch {
	case r.nonce == "" || token.Nonce != r.nonce:
		return nil, errors.New("the ID token belongs to another sign-in: its nonce is wrong")
	case len(token.Audience) != 1: // "additional audiences not trusted by the Client": none is trusted
		return nil, fmt.Errorf("the ID token has the audiences %q; want one", token.Audience)
	case authorized != id && authorized != "":
		return nil, fmt.Errorf("the ID token was issued to %q", authorized)
	case token.IssuedAt.After(now.Add(skew)), token.IssuedAt.Before(now.Add(-time.Hour)):
		return nil, fmt.Errorf("the ID token was issued at %s", token.IssuedAt.UTC())
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(tokens.AccessToken); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// exact refuses a claim that differs from a registered one in case only: encoding/json would take it for that claim.
func exact(claims map[string]string) error {
	for name := range claims {
		for _, registered := range []string{
			"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "_claim_names", "_claim_sources",
		} {
			if name != registered && strings.EqualFold(name, registered) {
				return fmt.Errorf("the ID token has the claim %q; want %q", name, registered)
			}
		}
	}
	return nil
}

// skew is the tolerated difference of clocks.
const skew = time.Minute

// named requires the token to name its key: providers must "include a kid claim in its tokens".
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
func named(raw string) error {
	algorithms := make([]jose.SignatureAlgorithm, len(signatures))
	for i, name := range signatures {
		algorithms[i] = jose.SignatureAlgorithm(name)
	}
	token, err := jose.ParseSignedCompact(raw, algorithms)
	if err != nil {
		return fmt.Errorf("the ID token cannot be read: %w", err)
	}
	if len(token.Signatures) != 1 || token.Signatures[0].Header.KeyID == "" {
		return errors.New("the ID token names no key")
	}
	// An access token (RFC 9068) is signed with the same keys, and names its type.
	typ, stated := token.Signatures[0].Header.ExtraHeaders[jose.HeaderType]
	if text, _ := typ.(string); stated && !strings.EqualFold(text, "JWT") {
		return fmt.Errorf("the ID token has the type %q; want JWT", typ)
	}
	return nil
}
