package identityprovider

import (
	"context"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The rest of op.Storage is about grants that user pools do not ask identity providers for.

var errUnserved = oidc.ErrUnsupportedGrantType()

// CreateAccessAndRefreshTokens implements op.Storage.
func (o *openID) CreateAccessAndRefreshTokens(
	context.Context, op.TokenRequest, string,
) (string, string, time.Time, error) {
	return "", "", time.Time{}, errUnserved
}

// TokenRequestByRefreshToken implements op.Storage.
func (o *openID) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errUnserved
}

// TerminateSession implements op.Storage.
func (o *openID) TerminateSession(context.Context, string, string) error { return errUnserved }

// RevokeToken implements op.Storage.
func (o *openID) RevokeToken(context.Context, string, string, string) *oidc.Error { return errUnserved }

// GetRefreshTokenInfo implements op.Storage.
func (o *openID) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

// SetIntrospectionFromToken implements op.Storage.
func (o *openID) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errUnserved
}

// GetKeyByIDAndClientID implements op.Storage.
func (o *openID) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errUnserved
}

// ValidateJWTProfileScopes implements op.Storage.
func (o *openID) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnserved
}
