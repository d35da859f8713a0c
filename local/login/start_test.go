package login

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/localtest/must"
)

func TestWhatCannotBeServedIsRefusedAtStart(t *testing.T) {
	type client = deployed.UserPoolClient
	for want, change := range map[string]func(*client){
		`got ["code" "implicit"]`:                func(c *client) { c.AllowedOAuthFlows = []string{"code", "implicit"} },
		`got ["client_credentials"]`:             func(c *client) { c.AllowedOAuthFlows = []string{"client_credentials"} },
		"no AllowedOAuthScopes":                  func(c *client) { c.AllowedOAuthScopes = nil },
		"no CallbackURLs":                        func(c *client) { c.CallbackURLs = nil },
		`"/signed-in" must be an absolute URL`:   func(c *client) { c.CallbackURLs = []string{"/signed-in"} },
		`"https://a/#b" must be an absolute URL`: func(c *client) { c.LogoutURLs = []string{"https://a/#b"} },
		`"https://a;b/" has a host`:              func(c *client) { c.CallbackURLs = []string{"https://a;b/"} },
		"invalid control character":              func(c *client) { c.CallbackURLs = []string{"https://a/\n"} },
		"no SupportedIdentityProviders":          func(c *client) { c.SupportedIdentityProviders = nil },
	} {
		s := testStage()
		web := s.Clients["web"]
		change(&web)
		s.Clients["web"] = web
		_, err := New(Options{Pool: unasked{}, Stage: s, Federation: &federation.Client{}})
		if err == nil || !strings.Contains(err.Error(), "app client Web (web): ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v; want one of client Web with %q", err, want)
		}
		web.AllowedOAuthFlowsUserPoolClient = false
		s.Clients["web"] = web
		if _, err := New(Options{Pool: unasked{}, Stage: s, Federation: &federation.Client{}}); err != nil {
			t.Errorf("a client without managed login is refused: %v", err)
		}
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	s := testStage()
	for _, id := range []string{"web", "social"} {
		client := s.Clients[id]
		client.AllowedOAuthScopes, client.AllowedOAuthFlows = nil, []string{"implicit"}
		s.Clients[id] = client
	}
	_, err := New(Options{Pool: unasked{}, Stage: s, Federation: &federation.Client{}})
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got %v; want four problems", err)
	}
}

func TestPoolAndStageAreNeeded(t *testing.T) {
	for _, o := range []Options{
		{}, {Stage: testStage()}, {Pool: unasked{}}, {Pool: unasked{}, Stage: testStage()},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v made managed login", o)
		}
	}
}

func TestTheCertificateIsForThisMachineOnly(t *testing.T) {
	now := time.Now()
	certificate := must.Get(Certificate(now))(t)
	leaf := certificate.Leaf
	if leaf.IsCA || leaf.KeyUsage != x509.KeyUsageDigitalSignature ||
		leaf.NotAfter.Sub(leaf.NotBefore) != 30*24*time.Hour {
		t.Errorf("CA %v, usage %v, from %v to %v", leaf.IsCA, leaf.KeyUsage, leaf.NotBefore, leaf.NotAfter)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "example.com": false, "127.0.0.2": false,
	} {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, CurrentTime: now.Add(time.Minute)})
		if (err == nil) != want {
			t.Errorf("%s: %v; want it valid: %v", host, err, want)
		}
	}
	server := httptest.NewUnstartedServer(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	answer := must.Get(client.Get(server.URL))(t)
	_ = answer.Body.Close()
}
