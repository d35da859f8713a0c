// Package userpool emulates one Amazon Cognito user pool of a synthesized stage: users, sign-up, sign-in by SRP with
// second factors and by linked providers, tokens, triggers, and the JSON API that AWS SDKs and Amplify speak. The
// stage decides on password policy, MFA, app clients with their flows, attributes, token lifetimes and rotation.
//
// It is for development on one machine. Users live in memory, messages go to a mailbox, and tokens are signed by keys
// that are made at start and trusted by nobody else, although their issuer is what the pool's would be on AWS. There is
// no threat protection, no device tracking, no quota but those on codes and passwords, and no triggers but pre sign-up,
// post confirmation and pre token generation. [New] refuses a stage with other features of Cognito.
package userpool

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/expiring"
	"github.com/securecart/identity/local/mailbox"
)

// Options say what to emulate.
type Options struct {
	// Stage is read, never changed. Required.
	Stage *deployed.Stage
	// Trigger invokes a function with an event and returns its response. Required if the pool has a trigger. It may call
	// the pool.
	Trigger func(ctx context.Context, functionARN string, event []byte) ([]byte, error)
	// Authorize returns nil if the request is signed by a caller whose policies allow action on resource, an ARN or "*".
	// It is asked about the operations for administrators, with the request's body as it came. Required.
	Authorize func(r *http.Request, body []byte, action, resource string) error
	// Mailbox gets the messages that Cognito would send. Required.
	Mailbox *mailbox.Box
	// Now is the clock. Required.
	Now func() time.Time
	// Endpoint is the base URL of [Pool.Handler], and LoginURL that of managed login, for openid-configuration.
	Endpoint, LoginURL string
	// Keys sign the tokens; new ones are made if it is nil.
	Keys *Keys
	// Continue is the pool that the new one replaces. Both share users, sessions, keys and sign-ins. Without it the new
	// pool is empty.
	Continue *Pool
}

// Limits of what the pool remembers of anonymous callers. The oldest entry is dropped first.
const (
	maxSignIns = 10_000
	maxCounts  = 20_000
)

// Pool is a user pool. Its methods may be called by several goroutines.
type Pool struct {
	stage  *deployed.Stage
	pool   deployed.UserPool
	name   string
	invoke func(ctx context.Context, functionARN string, event []byte) ([]byte, error)
	// authorizeCaller is [Options.Authorize].
	authorizeCaller func(r *http.Request, body []byte, action, resource string) error
	mailbox         *mailbox.Box
	now             func() time.Time
	// made is when the pool was made.
	made     time.Time
	endpoint string
	loginURL string
	keys     *Keys
	tokens   sealer
	decoy    decoy
	// patience is how long a trigger may take.
	patience time.Duration

	*memory
}

// memory is the state of a pool. A pool shares it with its successor.
type memory struct {
	mu       sync.Mutex
	users    map[string]*user
	emails   map[string]*user
	links    map[identity]*user
	families map[string]*family
	swept    time.Time
	signIns  *expiring.Map[*signIn]
	sessions *expiring.Map[*session]
	counts   *expiring.Map[*count]
	lockouts *expiring.Map[lockout]
}

// New makes a user pool. Its error joins every unsupported property of the stage.
func New(o Options) (*Pool, error) {
	if o.Stage == nil || o.Mailbox == nil || o.Now == nil || o.Authorize == nil {
		return nil, errors.New("a user pool needs Stage, Mailbox, Now and Authorize")
	}
	if err := understand(o.Stage); err != nil {
		return nil, fmt.Errorf("user pool %s cannot be served:\n%w", o.Stage.UserPool.ID, err)
	}
	triggers := o.Stage.UserPool.LambdaConfig
	if o.Trigger == nil && triggers.PreTokenGenerationConfig.LambdaArn+triggers.PreSignUp+triggers.PostConfirmation != "" {
		return nil, errors.New("a user pool with a trigger needs Trigger")
	}
	if o.Continue != nil {
		return o.Continue.successor(o)
	}
	if o.Keys == nil {
		keys, err := NewKeys()
		if err != nil {
			return nil, err
		}
		o.Keys = keys
	}
	tokens, err := newSealer()
	if err != nil {
		return nil, err
	}
	p := pool(o)
	p.made, p.keys, p.tokens, p.decoy = o.Now(), o.Keys, tokens, newDecoy()
	p.memory = &memory{
		users:    map[string]*user{},
		emails:   map[string]*user{},
		links:    map[identity]*user{},
		families: map[string]*family{},
		signIns:  expiring.NewMap[*signIn](maxSignIns),
		sessions: expiring.NewMap[*session](maxSignIns),
		counts:   expiring.NewMap[*count](maxCounts),
		lockouts: expiring.NewMap[lockout](maxCounts),
	}
	return p, nil
}

// pool makes a pool of the options, without keys and memory.
func pool(o Options) *Pool {
	_, name, _ := strings.Cut(o.Stage.UserPool.ID, "_")
	return &Pool{
		stage:           o.Stage,
		pool:            o.Stage.UserPool,
		name:            name,
		invoke:          o.Trigger,
		mailbox:         o.Mailbox,
		now:             o.Now,
		authorizeCaller: o.Authorize,
		endpoint:        o.Endpoint,
		loginURL:        o.LoginURL,
		patience:        triggerPatience,
	}
}

// Issuer returns the iss of tokens. It has AWS's form, because client libraries require it.
func (p *Pool) Issuer() string {
	return "https://cognito-idp." + p.stage.Region + ".amazonaws.com/" + p.pool.ID
}

// ReplaceKeys makes the pool sign with new keys. Earlier access and ID tokens are refused. Refresh tokens are not
// signed, and stay valid.
func (p *Pool) ReplaceKeys() error { return p.keys.replace() }

// KeySet returns the public keys that verify tokens.
func (p *Pool) KeySet() jose.JSONWebKeySet { return p.keys.public() }

// client returns an app client of the pool.
func (p *Pool) client(id string) (deployed.UserPoolClient, error) {
	client, ok := p.stage.Clients[id]
	if !ok {
		return client, refuse("ResourceNotFoundException", "User pool client %s does not exist.", id)
	}
	return client, nil
}

// opaque returns a random string.
func opaque() string {
	text := make([]byte, 48)
	// crypto/rand does not fail.
	_, _ = rand.Read(text)
	return base64.RawURLEncoding.EncodeToString(text)
}
