package login

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crewjam/saml"
	"github.com/jonboulle/clockwork"
	"github.com/pquerna/otp/totp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
	"github.com/securecart/identity/local/userpool"
)

// keys are made once: RSA keys take their time.
var keys = sync.OnceValues(userpool.NewKeys)

// bench is managed login of a user pool on a test server, with one customer.
type bench struct {
	*testing.T
	clock  *clockwork.FakeClock
	box    *mailbox.Box
	users  *userpool.Pool
	login  *Login
	server *httptest.Server
	// pages is where the stage's identity providers have theirs.
	pages string
	// disconnect lets no provider answer the user pool any more.
	disconnect func() error
	log        bytes.Buffer

	mu sync.Mutex
	// events are what the trigger of tokens was told, and registered what the registration was.
	events, registered []map[string]any
	// refusal is what the registration answers with, if it is not nil.
	refusal error
}

func newBench(t *testing.T, changes ...func(*deployed.Stage)) *bench {
	t.Helper()
	s := testStage()
	for _, change := range changes {
		change(s)
	}
	c := clockwork.NewFakeClockAt(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	b := &bench{T: t, clock: c, box: mailbox.New(c.Now)}
	b.users = must.Get(userpool.New(userpool.Options{
		Stage: s, Mailbox: b.box, Now: c.Now, Trigger: b.trigger, Keys: must.Get(keys())(t),
		Authorize: func(*http.Request, []byte, string, string) error { return nil },
	}))(t)
	b.register(ada)
	b.registered = nil
	b.serve(s)
	return b
}

func (b *bench) serve(s *deployed.Stage) {
	b.Helper()
	b.server = httptest.NewUnstartedServer(nil)
	// Connections that a browser opened ahead and closed unused are no news.
	b.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	logger := slog.New(slog.NewTextHandler(&b.log, nil))
	client, pages, peers := federate(b, s, "https://"+b.server.Listener.Addr().String(), logger)
	b.pages, b.disconnect = pages, peers.Close
	login := must.Get(New(Options{Pool: b.users, Stage: s, Now: b.clock.Now, Logger: logger, Federation: client}))(b.T)
	b.login, b.server.Config.Handler = login, login.Handler()
	b.server.StartTLS()
	b.Cleanup(b.server.Close)
}

// federate serves the stage's identity providers, and returns a client of them, and where their pages are. Their clock
// is this machine's.
func federate(
	t testing.TB, s *deployed.Stage, login string, logger *slog.Logger,
) (client *federation.Client, pages string, peers *identityprovider.Peers) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	pages = strings.Replace("http://"+server.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	secrets := &identityprovider.Secrets{}
	peers, err := identityprovider.New(identityprovider.Options{
		Stage: s, Pages: pages, Login: login, Secrets: secrets, Logger: logger,
		ServiceProvider: func(name string) (*saml.EntityDescriptor, error) { return client.ServiceProvider(name) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = peers.Handler()
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = peers.Close() })
	client, err = federation.New(federation.Options{
		Stage: s, Login: login, Transport: peers.Transport(), Page: peers.Page, Secrets: secrets,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, pages, peers
}

// trigger grants nothing, and refuses nothing unless a test wants it.
func (b *bench) trigger(_ context.Context, function string, event []byte) ([]byte, error) {
	told := map[string]any{}
	if err := json.Unmarshal(event, &told); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if function == registration {
		b.registered = append(b.registered, told)
		return event, b.refusal
	}
	b.events = append(b.events, told)
	return event, nil
}

// register signs a customer up, who confirms the address.
func (b *bench) register(email string) {
	b.Helper()
	b.signUp(email)
	must.Do(b.T, b.users.ConfirmSignUp(b.Context(),
		userpool.Confirmation{ClientID: "web", Username: email, Code: b.code(email)}))
}

func (b *bench) signUp(email string) {
	b.Helper()
	must.Get(b.users.SignUp(b.Context(), userpool.SignUpRequest{
		ClientID: "web", Username: email, Password: password, Attributes: map[string]string{"given_name": "Ada"},
	}))(b.T)
}

// code is the one that was sent last.
func (b *bench) code(to string) string {
	b.Helper()
	messages := b.box.Messages(to)
	if len(messages) == 0 {
		b.Fatalf("nothing was sent to %s", to)
	}
	return messages[0].Code
}

// enrol sets an authenticator up on the pages, and returns its secret.
func (b *bench) enrol() string {
	b.Helper()
	page := b.browser().authorize().submit(0, "username", ada, "password", password).submit(0)
	secret := page.all("p")[2].text
	page.submit(0, "code", b.totp(secret)).code()
	return secret
}

// totp is the next code of an authenticator: each works once.
func (b *bench) totp(secret string) string {
	b.Helper()
	b.clock.Advance(time.Minute)
	return must.Get(totp.GenerateCode(secret, b.clock.Now()))(b.T)
}

// administer calls an operation of the user pool's API, with members in JSON.
func (b *bench) administer(operation, members string) {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"UserPoolId":"`+poolID+`",`+members+`}`))
	r.Header.Set("X-Amz-Target", userpool.Target+"."+operation)
	w := httptest.NewRecorder()
	b.users.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", operation, w.Code, w.Body)
	}
}

func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("a token has %d parts", len(parts))
	}
	raw := must.Get(base64.RawURLEncoding.DecodeString(parts[1]))(t)
	values := map[string]any{}
	must.Do(t, json.Unmarshal(raw, &values))
	return values
}
