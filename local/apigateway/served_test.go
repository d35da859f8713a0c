package apigateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/gob"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

var _ apigateway.Credentials = (*credentials.Store)(nil)

const (
	sub       = "c3d4e5f6-a7b8-4c9d-8e0f-1a2b3c4d5e6f"
	web       = "4hexampleclientid0web0abcd"
	ordersKid = "kid of the pool"
)

// noon is when every test happens unless it moves the clock.
var noon = time.Date(2026, time.July, 15, 12, 0, 0, 0, time.UTC)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// The keys of the user pool and of another one.
var (
	poolKey  = sync.OnceValue(newKey)
	otherKey = sync.OnceValue(newKey)
)

// reviewed is the reviewed Dev stage, with the API's template changed first. Tests may change its API, its clients and
// who may call what.
func reviewed(t testing.TB, change func(assembly.Template)) *deployed.Stage {
	t.Helper()
	if change != nil {
		return withWeb(stagetest.Dev(t, func(templates map[string]assembly.Template) { change(templates["Api"]) }))
	}
	s := *stagetest.Unchanged(t)
	s.API, s.Permissions, s.Clients = copied(t, s.API), copied(t, s.Permissions), maps.Clone(s.Clients)
	return withWeb(&s)
}

// withWeb adds the client of the tests' tokens.
func withWeb(s *deployed.Stage) *deployed.Stage {
	s.Clients[web] = deployed.UserPoolClient{}
	return s
}

// copied shares nothing with the value, and takes a thirtieth of the time in which a stage is read.
func copied[T any](t testing.TB, value T) (other T) {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, gob.NewEncoder(&text).Encode(value))
	must.Do(t, gob.NewDecoder(&text).Decode(&other))
	return other
}

// api is the Dev API, served in front of a function that a test controls.
type api struct {
	*apigateway.Gateway
	stage *deployed.Stage
	// now is the clock.
	now time.Time
	// answers is what every function returns.
	answers func(ctx context.Context, event []byte) ([]byte, error)
	// lines is the access log.
	lines *bytes.Buffer

	mutex  sync.Mutex
	events [][]byte
	// functions are the ARNs that were invoked.
	functions []string
	// keysAsked counts how often a signature was verified.
	keysAsked int
}

func issuer(s *deployed.Stage) string { return "https://" + s.UserPool.ProviderName }

// serve starts the stage's API, whose functions answer 200 with the body "served".
func serve(t testing.TB, s *deployed.Stage, more ...func(*apigateway.Options)) *api {
	t.Helper()
	a := &api{stage: s, now: noon, lines: &bytes.Buffer{}}
	a.answers = func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"statusCode": 200, "body": "served"}`), nil
	}
	options := a.options()
	for _, change := range more {
		change(&options)
	}
	var err error
	if a.Gateway, err = apigateway.New(options); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *api) options() apigateway.Options {
	return apigateway.Options{
		Stage: a.stage, Issuer: issuer(a.stage), Log: a.lines,
		Now:         func() time.Time { return a.now },
		Credentials: &caller{},
		Keys: func() jose.JSONWebKeySet {
			a.mutex.Lock()
			defer a.mutex.Unlock()
			a.keysAsked++
			return jose.JSONWebKeySet{
				Keys: []jose.JSONWebKey{{Key: poolKey().Public(), KeyID: ordersKid, Algorithm: "RS256", Use: "sig"}},
			}
		},
		Invoke: func(ctx context.Context, functionARN string, payload []byte) ([]byte, error) {
			a.mutex.Lock()
			a.events, a.functions = append(a.events, payload), append(a.functions, functionARN)
			a.mutex.Unlock()
			return a.answers(ctx, payload)
		},
	}
}

// event is the only one that a function got.
func (a *api) event(t testing.TB) (event events.APIGatewayProxyRequest, raw map[string]any) {
	t.Helper()
	if len(a.events) != 1 {
		t.Fatalf("%d events, want 1", len(a.events))
	}
	if err := json.Unmarshal(a.events[0], &event); err != nil {
		t.Fatalf("a Go function cannot read the event: %v", err)
	}
	must.Do(t, json.Unmarshal(a.events[0], &raw))
	return event, raw
}

// caller stands for package credentials.
type caller struct {
	session                *credentials.Session
	unverified, unpermited error
	// asked are the resources that were to be invoked, body is what the signature was to cover.
	asked []string
	body  string
}

func (c *caller) Verify(_ *http.Request, body []byte, service string) (*credentials.Session, error) {
	c.body = string(body)
	if service != "execute-api" {
		return nil, &credentials.Error{Code: credentials.InvalidSignature}
	}
	return c.session, c.unverified
}

func (c *caller) Authorize(_ *credentials.Session, action, resource string, _ map[string][]string) error {
	c.asked = append(c.asked, action+" "+resource)
	return c.unpermited
}

// call sends a request with headers given as name and value in turn.
func (a *api) call(t testing.TB, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	var content io.Reader = http.NoBody
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, content)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	body := must.Get(io.ReadAll(r.Body))(t)
	return string(body)
}

// claims are those of a good access token of the Web client, some changed or, if nil, left out.
func claims(s *deployed.Stage, changes map[string]any) map[string]any {
	all := map[string]any{
		"sub": sub, "username": sub, "client_id": web, "iss": issuer(s), "token_use": "access", "version": 2,
		"scope": "openid securecart/orders.read securecart/profile.read", "auth_time": noon.Add(-15 * time.Minute).Unix(),
		"iat": noon.Add(-15 * time.Minute).Unix(), "exp": noon.Add(45 * time.Minute).Unix(),
		"jti": "7e2c1d63-aaaa-4bbb-8ccc-ddddeeeeffff",
	}
	for name, value := range changes {
		all[name] = value
		if value == nil {
			delete(all, name)
		}
	}
	return all
}

// signed makes a token.
func signed(t testing.TB, algorithm jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	t.Helper()
	signer := must.Get(jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key},
		(&jose.SignerOptions{}).WithHeader("kid", kid)))(t)
	return serialized(t, signer, claims)
}

func serialized(t testing.TB, signer jose.Signer, claims map[string]any) string {
	t.Helper()
	return must.Get(jwt.Signed(signer).Claims(claims).Serialize())(t)
}

// token makes one that the pool has signed.
func token(t testing.TB, s *deployed.Stage, changes map[string]any) string {
	t.Helper()
	return signed(t, jose.RS256, poolKey(), ordersKid, claims(s, changes))
}
