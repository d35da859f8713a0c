package userpool

import (
	"encoding/json"
	"net/http"
)

// serveKeySet serves the public keys that verify tokens.
func (p *Pool) serveKeySet(w http.ResponseWriter, _ *http.Request) { serveDocument(w, p.KeySet()) }

// serveConfiguration serves OpenID Connect's discovery document with the members and values that Cognito's has. It
// names neither the scopes of resource servers nor PKCE, although both are served, and authentication methods that only
// clients with a secret use. Published samples:
// https://github.com/openiddict/openiddict-core/pull/1586, with the members of February 2024 named by
// https://github.com/swisstopo/swissgeol-boreholes-suite/pull/1066
func (p *Pool) serveConfiguration(w http.ResponseWriter, _ *http.Request) {
	serveDocument(w, map[string]any{
		"issuer":                                p.Issuer(),
		"jwks_uri":                              p.endpoint + "/" + p.pool.ID + "/.well-known/jwks.json",
		"authorization_endpoint":                p.loginURL + "/oauth2/authorize",
		"token_endpoint":                        p.loginURL + "/oauth2/token",
		"userinfo_endpoint":                     p.loginURL + "/oauth2/userInfo",
		"revocation_endpoint":                   p.loginURL + "/oauth2/revoke",
		"end_session_endpoint":                  p.loginURL + "/logout",
		"scopes_supported":                      []string{"openid", "email", "phone", "profile"},
		"response_types_supported":              []string{"code", "token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	})
}

func serveDocument(w http.ResponseWriter, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	// The keys change with every start.
	w.Header().Set("Cache-Control", "no-cache")
	// The client has gone if this fails: the documents always have a JSON form.
	_ = json.NewEncoder(w).Encode(document)
}
