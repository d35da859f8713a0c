package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// The environment variables that hold a test user of the second user pool.
const (
	providerUser     = "SECURECART_PROVIDER_USER"
	providerPassword = "SECURECART_PROVIDER_PASSWORD"
)

// TestFederationBySecondUserPool tests federation on AWS. A customer of another user pool signs in by managed login and
// cannot buy. The customer connects the pool with an account of the same address, and the next sign-in opens that
// account.
func TestFederationBySecondUserPool(t *testing.T) {
	t.Parallel()
	stage := open(t)
	name, issuer, is := stage.PoolProvider()
	user, password := os.Getenv(providerUser), os.Getenv(providerPassword)
	if !is || user == "" || password == "" {
		t.Skipf("no provider of the stage is a user pool, or %s and %s name no user of it: docs/providers.md says how",
			providerUser, providerPassword)
	}
	signsIn := func() e2e.Tokens {
		tokens := must.Get(stage.SignInAtPool(t.Context(), name, issuer, user, password))(t)
		return tokens
	}
	c := e2e.NewCustomer("Jane Doe")
	c.Email = user
	removeAfter(t, stage, c)
	if err := stage.Remove(t.Context(), user); err != nil { // an earlier run may have ended before it
		t.Fatal(err)
	}
	federated := signsIn()
	t.Cleanup(func() {
		if err := stage.Remove(context.Background(), federated.Username()); err != nil {
			t.Error(err)
		}
	})
	if !strings.HasPrefix(strings.ToLower(federated.Username()), strings.ToLower(name)+"_") {
		t.Errorf("signed in as %s, want a customer of %s", federated.Username(), name)
	}
	if links, err := stage.Links(t.Context(), federated); err != nil || links.SignIn != "provider" || links.CanBuy {
		t.Errorf("got %+v, %v; want a customer of a provider who cannot buy", links, err)
	}
	if got := buys(t, stage, federated); got != http.StatusUnauthorized {
		t.Errorf("buying without a step-up: got %d, want 401", got)
	}
	offer := offeredBy(t, stage, federated)
	v := e2e.NewVerifier()
	must.Do(t, stage.SignUp(t.Context(), c, v))
	stepped := protects(t, stage, c, v)
	who := e2e.Identity{Provider: name, Email: strings.ToLower(user)}
	if got := connects(t, stage, stepped, offer, who); got != http.StatusNoContent {
		t.Fatalf("connecting: got %d, want 204", got)
	}
	if again := signsIn(); again.Sub() != stepped.Sub() {
		t.Errorf("the next sign-in is %s, want %s", again.Sub(), stepped.Sub())
	}
}

// TestSignInAtPoolFollowsTheHostedUI follows the pages, and stops at a redirect to another host.
func TestSignInAtPoolFollowsTheHostedUI(t *testing.T) {
	t.Parallel()
	var login, pool *httptest.Server
	var at, page string // where the pool says that its pages are, and where managed login leads to
	const token = `{"access_token": "a.eyJ1c2VybmFtZSI6InN0YWZmXzEifQ.c"}`
	login = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/oauth2/authorize":
			http.Redirect(w, r, page+"/login?state=s", http.StatusFound)
		case "/oauth2/idpresponse":
			http.Redirect(w, r, "http://localhost:5173/signed-in?code="+r.FormValue("code"), http.StatusFound)
		case "/oauth2/token":
			if r.FormValue("code") != "c" || r.FormValue("code_verifier") == "" {
				http.Error(w, "invalid_grant", http.StatusBadRequest)
				return
			}
			fmt.Fprint(w, token)
		}
	}))
	defer login.Close()
	elsewhere, action := "", "/login?state=s"
	pool = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
			fmt.Fprintf(w, `{"authorization_endpoint": "%s/oauth2/authorize"}`, at)
		case r.Method == http.MethodGet:
			fmt.Fprint(w, `<form action="`+action+`" method="post"><input type="hidden" name="_csrf" value="x"/>`+
				`<input name="username"/><input name="password" type="password"/></form>`)
		case elsewhere != "":
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case r.FormValue("_csrf") != "x" || r.FormValue("password") != "right":
			fmt.Fprint(w, "Incorrect username or password.")
		default:
			http.Redirect(w, r, login.URL+"/oauth2/idpresponse?code=c", http.StatusFound)
		}
	}))
	defer pool.Close()
	at, page = pool.URL, pool.URL
	stage := e2e.New(e2e.Outputs{
		ManagedLoginURL: login.URL, WebClientID: "web",
		Providers: `[{"name": "Google"}, {"name": "Staff", "issuer": "https://cognito-idp.eu-central-1.amazonaws.com/eu_1"}]`,
	}, aws.Config{}, "")
	if name, issuer, is := stage.PoolProvider(); !is || name != "Staff" || !strings.HasSuffix(issuer, "/eu_1") {
		t.Errorf("the provider that is a pool: got %s, %s, %t", name, issuer, is)
	}
	tokens, err := stage.SignInAtPool(t.Context(), "Staff", pool.URL, "jane", "right")
	if err != nil || tokens.Username() != "staff_1" {
		t.Errorf("got %q, %v", tokens.Username(), err)
	}
	_, err = stage.SignInAtPool(t.Context(), "Staff", pool.URL, "jane", "wrong")
	if err == nil || !strings.Contains(err.Error(), "in place of signing in") {
		t.Errorf("a wrong password: got %v", err)
	}
	for to, want := range map[string]string{
		"https://attacker.invalid/":                   "a redirect leads away, to https://attacker.invalid",
		"http://localhost:5173/signed-in.evil?code=c": "a redirect leads away, to http://localhost:5173",
	} {
		elsewhere = to
		_, err = stage.SignInAtPool(t.Context(), "Staff", pool.URL, "jane", "right")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a redirect to %s: got %v", to, err)
		}
	}
	action = "https://attacker.invalid/"
	_, err = stage.SignInAtPool(t.Context(), "Staff", pool.URL, "jane", "right")
	if err == nil || !strings.Contains(err.Error(), "the form of "+pool.URL) ||
		!strings.Contains(err.Error(), "leads away, to https://attacker.invalid") {
		t.Errorf("a form that sends the password elsewhere: got %v", err)
	}
	at, page = "https://staff.invalid", "http://staff.invalid"
	_, err = stage.SignInAtPool(t.Context(), "Staff", pool.URL, "jane", "right")
	if err == nil || !strings.Contains(err.Error(), "a redirect leads away, to http://staff.invalid") {
		t.Errorf("the provider's page in the clear: got %v", err)
	}
}
