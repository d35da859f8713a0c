package login

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/expiring"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/userpool"
	"github.com/securecart/identity/local/webpage"
)

// Pool is the part of a user pool that managed login needs. *userpool.Pool implements and documents it.
type Pool interface {
	SignInWithPassword(clientID, username, password string) (*userpool.Challenge, error)
	AnswerChallenge(userpool.Answer) (*userpool.Challenge, error)
	AssociateSoftwareToken(session string) (secret, next string, err error)
	VerifySoftwareToken(session, code, deviceName string) (next string, err error)
	SetUpSMS(clientID, session, phoneNumber string) (*userpool.Challenge, error)

	SignUp(context.Context, userpool.SignUpRequest) (userpool.SignUpResult, error)
	ConfirmSignUp(context.Context, userpool.Confirmation) error
	ResendConfirmationCode(clientID, username string) (userpool.Delivery, error)
	ForgotPassword(clientID, username string) (userpool.Delivery, error)
	ConfirmForgotPassword(ctx context.Context, given userpool.Confirmation, password string) error

	SignInFederated(
		ctx context.Context, clientID, provider, subject string, attributes map[string]string,
	) (username string, err error)
	IssueTokens(context.Context, userpool.TokenRequest) (userpool.Tokens, error)
	RefreshTokens(ctx context.Context, clientID, refreshToken string) (userpool.Tokens, error)
	Revoke(clientID, token string) error
	UserInfo(accessToken string) (map[string]any, error)
}

// Options are what New needs.
type Options struct {
	// Pool is the user pool. Required.
	Pool Pool
	// Stage names the clients, callback URLs, scopes and providers. Required. It must not change afterwards.
	Stage *deployed.Stage
	// Federation signs in at the stage's identity providers. Required.
	Federation *federation.Client
	// Now is the clock of codes and sessions; time.Now if nil.
	Now func() time.Time
	// Logger gets internal errors, without secrets. slog.Default() if nil.
	Logger *slog.Logger
}

// Login is managed login of one user pool domain.
type Login struct {
	pool       Pool
	stage      *deployed.Stage
	federation *federation.Client
	now        func() time.Time
	logger     *slog.Logger

	codes    *expiring.Store[grant]
	sessions *expiring.Store[session]
	pending  *expiring.Store[pending]
	rounds   *expiring.Store[*round]
}

const (
	// codeLife is the lifetime of a code,
	// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html: "valid for five minutes".
	codeLife = 5 * time.Minute
	// sessionLife is the lifetime of the session cookie: "valid for one hour. You can't change the session cookie
	// duration",
	// https://docs.aws.amazon.com/cognito/latest/developerguide/multi-tenant-application-best-practices.html
	sessionLife = time.Hour
	// pendingLife is the longest AuthSessionValidity. The pool ends a challenge when the client's own is over.
	pendingLife = 15 * time.Minute
)

// New returns managed login of a stage. The error joins every property of the stage that it cannot serve as AWS does.
func New(o Options) (*Login, error) {
	if o.Pool == nil || o.Stage == nil || o.Federation == nil {
		return nil, errors.New("managed login needs a user pool, a stage and a client of its identity providers; " +
			"set Pool, Stage and Federation")
	}
	if err := check(o.Stage); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Login{
		pool: o.Pool, stage: o.Stage, federation: o.Federation, now: o.Now, logger: o.Logger,
		codes:    expiring.New[grant](o.Now, codeLife),
		sessions: expiring.New[session](o.Now, sessionLife),
		pending:  expiring.New[pending](o.Now, pendingLife),
		rounds:   expiring.New[*round](o.Now, roundLife),
	}, nil
}

// Handler serves pages and endpoints. It belongs behind https: its cookies are Secure.
func (l *Login) Handler() http.Handler {
	mux := http.NewServeMux()
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(l.crossOrigin))
	for pattern, page := range l.pages() {
		mux.Handle(pattern, protectedPage(protection.Handler(page)))
	}
	for pattern, response := range l.responses() {
		mux.Handle(pattern, protectedPage(response))
	}
	for pattern, endpoint := range l.endpoints() {
		mux.Handle(pattern, crossOriginEndpoint(endpoint))
	}
	return mux
}

// pages are for browsers. A POST to one of them is refused if another site sends it.
func (l *Login) pages() map[string]http.HandlerFunc {
	local := func(next handler) http.HandlerFunc { return l.requested(l.forLocalUsers(next)) }
	return map[string]http.HandlerFunc{
		"GET /oauth2/authorize":       l.requested(l.authorize),
		"GET /logout":                 l.logout,
		"GET /login":                  l.requested(opened(l.showLogin)),
		"POST /login":                 local(l.signIn),
		"POST /challenge":             local(l.answer),
		"GET /signup":                 local(l.forNewUsers(opened(l.showSignUp))),
		"POST /signup":                local(l.forNewUsers(l.submitted(l.showSignUp, l.signUp, "/confirm", "sent"))),
		"GET /confirm":                local(opened(l.showConfirm)),
		"POST /confirm":               local(l.submitted(l.showConfirm, l.confirm, "/login", "confirmed")),
		"POST /resendcode":            local(l.submitted(l.showConfirm, l.resend, "/confirm", "sent")),
		"GET /forgotPassword":         local(opened(l.showForgot)),
		"POST /forgotPassword":        local(l.submitted(l.showForgot, l.forgot, "/confirmforgotPassword", "sent")),
		"GET /confirmforgotPassword":  local(opened(l.showReset)),
		"POST /confirmforgotPassword": local(l.submitted(l.showReset, l.reset, "/login", "changed")),
		"GET /page.css":               webpage.Stylesheet,
		"GET /favicon.ico":            func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	}
}

// responses are the addresses that identity providers send browsers to, from their own sites.
func (l *Login) responses() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /oauth2/idpresponse":  l.oauthResponse,
		"POST /oauth2/idpresponse": l.oauthResponse,
		"POST /saml2/idpresponse":  l.samlResponse,
	}
}

// endpoints are for programs, including those in a browser on another origin.
func (l *Login) endpoints() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /oauth2/token":       l.token,
		"OPTIONS /oauth2/token":    preflight,
		"POST /oauth2/revoke":      l.revoke,
		"OPTIONS /oauth2/revoke":   preflight,
		"GET /oauth2/userInfo":     l.userInfo,
		"POST /oauth2/userInfo":    l.userInfo,
		"OPTIONS /oauth2/userInfo": preflight,
	}
}
