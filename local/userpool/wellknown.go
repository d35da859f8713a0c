package userpool

import (
	"encoding/json"
	"net/http"
	"slices"
)

// serveKeySet serves what tokens are verified by.
func (p *Pool) serveKeySet(w http.ResponseWriter, _ *http.Request) { serveDocument(w, p.KeySet()) }

// serveConfiguration serves OpenID Connect's discovery document. Its issuer is that of the tokens; everything else is
// here.
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
func (p *Pool) serveConfiguration(w http.ResponseWriter, _ *http.Request) {
	scopes := []string{"openid", "email", "phone", "profile"}
	for _, server := range p.stage.ResourceServers {
		for _, scope := range server.Scopes {
			scopes = append(scopes, server.Identifier+"/"+scope.ScopeName)
		}
	}
	serveDocument(w, map[string]any{
		"issuer":                                p.Issuer(),
		"jwks_uri":                              p.endpoint + "/" + p.pool.ID + "/.well-known/jwks.json",
		"authorization_endpoint":                p.loginURL + "/oauth2/authorize",
		"token_endpoint":                        p.loginURL + "/oauth2/token",
		"userinfo_endpoint":                     p.loginURL + "/oauth2/userInfo",
		"revocation_endpoint":                   p.loginURL + "/oauth2/revoke",
		"end_session_endpoint":                  p.loginURL + "/logout",
		"scopes_supported":                      slices.Compact(scopes),
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
		"code_challenge_methods_supported":      []string{"S256"},
	})
}

func serveDocument(w http.ResponseWriter, document any) {
	w.Header().Set("Content-Type", "application/json")
	// The keys change with every start.
	w.Header().Set("Cache-Control", "no-cache")
	// The client has gone if this fails: the documents always have a JSON form.
	_ = json.NewEncoder(w).Encode(document)
}
