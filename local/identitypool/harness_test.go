package identitypool_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	alice = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	bob   = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
)

// tokens stands for the user pool. A token is the name of one of its claims' sets.
type tokens struct {
	client string
	valid  map[string]map[string]any
	// serverSide is how often it was asked to look at the user, too.
	serverSide int
}

func (t *tokens) VerifyIDToken(token, clientID string, serverSide bool) (map[string]any, error) {
	if serverSide {
		t.serverSide++
	}
	claims, ok := t.valid[token]
	if !ok || clientID != t.client {
		return nil, errors.New("signature is wrong")
	}
	return claims, nil
}

// pool is a served identity pool.
type pool struct {
	*cognitoidentity.Client
	stage  *deployed.Stage
	tokens *tokens
	store  *credentials.Store
	url    string
	now    time.Time
}

func serve(t *testing.T, changes ...stagetest.Change) *pool {
	t.Helper()
	unchanged := *stagetest.Unchanged(t)
	s := &unchanged // a test changes its identity pool
	if len(changes) > 0 {
		s = stagetest.Dev(t, append(changes, stagetest.WithoutAlarms)...)
	}
	p := &pool{stage: s, now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	p.tokens = &tokens{client: s.IdentityPool.CognitoIdentityProviders[0].ClientID, valid: map[string]map[string]any{
		"alice":         {"sub": alice, "token_use": "id", "email": "alice@example.com", "email_verified": true},
		"alice again":   {"sub": alice, "token_use": "id"},
		"bob":           {"sub": bob, "token_use": "id"},
		"access token":  {"sub": alice, "token_use": "access"},
		"of no use":     {"sub": alice},
		"of nobody":     {"token_use": "id"},
		"of a number":   {"sub": 1, "token_use": "id"},
		"of a wildcard": {"sub": "*", "token_use": "id"},
	}}
	p.store = must.Get(credentials.New(s, func() time.Time { return p.now }))(t)
	server := httptest.NewServer(must.Get(identitypool.New(s, p.store, p.tokens))(t).Handler())
	t.Cleanup(server.Close)
	p.url = server.URL
	p.Client = cognitoidentity.New(
		cognitoidentity.Options{Region: s.Region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1})
	return p
}

func (p *pool) logins(token string) map[string]string {
	if token == "" {
		return nil
	}
	return map[string]string{p.stage.UserPool.ProviderName: token}
}

func (p *pool) id(t *testing.T, token string) string {
	t.Helper()
	output := must.Get(p.GetId(t.Context(),
		&cognitoidentity.GetIdInput{IdentityPoolId: aws.String(p.stage.IdentityPool.ID), Logins: p.logins(token)}))(t)
	return *output.IdentityId
}

func (p *pool) credentials(ctx context.Context, id, token string) (*types.Credentials, error) {
	output, err := p.GetCredentialsForIdentity(ctx,
		&cognitoidentity.GetCredentialsForIdentityInput{IdentityId: aws.String(id), Logins: p.logins(token)})
	if err != nil {
		return nil, err
	}
	return output.Credentials, nil
}

// session signs a request with the credentials, as their holder would, and returns as whom it is recognized.
func (p *pool) session(t *testing.T, c *types.Credentials) *credentials.Session {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:1/", nil)
	sum := sha256.Sum256(nil)
	as := aws.Credentials{AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretKey, SessionToken: *c.SessionToken}
	hash := hex.EncodeToString(sum[:])
	must.Do(t, v4.NewSigner().SignHTTP(t.Context(), as, r, hash, "execute-api", p.stage.Region, p.now))
	return must.Get(p.store.Verify(r, nil, "execute-api"))(t)
}

// wantError checks the error of a call: wantError(t, "NotAuthorizedException", "expired")(p.GetId(…)).
func wantError(t *testing.T, code, says string) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		var refused smithy.APIError
		if !errors.As(err, &refused) || refused.ErrorCode() != code || !strings.Contains(refused.ErrorMessage(), says) {
			t.Errorf("got %v, want %s with %q", err, code, says)
		}
	}
}
