package identityprovider

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/expiring"
)

// oauth is a provider with OAuth 2.0 and an API for the profile: Facebook and Login with Amazon.
type oauth struct {
	peers    *Peers
	provider deployed.IdentityProvider
	// page is the address at which browsers sign in, with the authorization request as query.
	page string
	// fail answers an error as the provider words it.
	fail func(w http.ResponseWriter, status int, code, description string)
	// profile returns the attributes that an access token gives access to. It has sent an error if it returns nil.
	profile func(w http.ResponseWriter, r *http.Request, g granted) map[string]any
	codes   *expiring.Store[granted]
	tokens  *expiring.Store[granted]
}

// granted is the sign-in that a code or an access token stands for.
type granted struct {
	redirect string
	scopes   []string
	person   map[string]string
}

// addFacebook serves the dialog and the Graph API at the version that the template names.
// https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow/
func (p *Peers) addFacebook(provider deployed.IdentityProvider) error {
	version := provider.ProviderDetails["api_version"]
	if version == "" {
		return fmt.Errorf("api_version is missing; set it to a version of the Graph API, such as v26.0")
	}
	graph := "https://graph.facebook.com/" + version
	return p.addOAuth(&oauth{provider: provider, fail: failGraph, profile: graphMe},
		"https://www.facebook.com/"+version+"/dialog/oauth", graph+"/oauth/access_token", graph+"/me")
}

// addAmazon serves https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
func (p *Peers) addAmazon(provider deployed.IdentityProvider) error {
	return p.addOAuth(&oauth{provider: provider, fail: failOAuth, profile: amazonProfile},
		"https://www.amazon.com/ap/oa", "https://api.amazon.com/auth/o2/token", "https://api.amazon.com/user/profile")
}

func (p *Peers) addOAuth(o *oauth, dialog, token, profile string) error {
	o.peers, o.page = p, p.Page(dialog)
	o.codes, o.tokens = expiring.New[granted](time.Now, life), expiring.New[granted](time.Now, life)
	if _, err := p.options.Secrets.Text("client_secret", o.provider.ProviderDetails["client_secret"]); err != nil {
		return err
	}
	for address, handler := range map[string]http.HandlerFunc{dialog: o.dialog, token: o.token, profile: o.me} {
		if err := p.answer(address, handler); err != nil {
			return err
		}
	}
	return nil
}

// dialog shows the page on which somebody signs in, and takes its form.
func (o *oauth) dialog(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch {
	case query.Get("client_id") != o.provider.ProviderDetails["client_id"]:
		o.peers.refuse(w, "There is no app with this client_id.")
		return
	case query.Get("redirect_uri") != o.peers.redirectURI():
		o.peers.refuse(w, "The app has not registered this redirect_uri.")
		return
	case query.Get("response_type") != "code":
		o.peers.refuse(w, "response_type must be code.")
		return
	}
	cancelled := query.Has("cancel")
	query.Del("cancel")
	page := asking{provider: o.provider, action: o.page + "?" + query.Encode()}
	switch {
	case r.Method != http.MethodPost:
		o.peers.ask(w, page)
	case readForm(w, r) != nil:
		o.peers.refuse(w, "This form cannot be read.")
	case cancelled:
		o.back(w, r, query, url.Values{
			"error": {"access_denied"}, "error_description": {"Permissions error"}, "error_reason": {"user_denied"},
		})
	default:
		if person, ok := o.peers.entered(w, page, r.PostForm); ok {
			scopes := strings.FieldsFunc(query.Get("scope"), func(r rune) bool { return r == ' ' || r == ',' })
			code := o.codes.Add(granted{redirect: query.Get("redirect_uri"), scopes: scopes, person: person})
			o.back(w, r, query, url.Values{"code": {code}})
		}
	}
}

func (o *oauth) back(w http.ResponseWriter, r *http.Request, asked, answer url.Values) {
	answer.Set("state", asked.Get("state"))
	http.Redirect(w, r, asked.Get("redirect_uri")+"?"+answer.Encode(), http.StatusSeeOther)
}

// token redeems a code, once.
func (o *oauth) token(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		o.fail(w, http.StatusBadRequest, "invalid_request", "the form cannot be read")
		return
	}
	details := o.provider.ProviderDetails
	secret, err := o.peers.options.Secrets.Text("client_secret", details["client_secret"])
	given, known := o.codes.Take(r.Form.Get("code"))
	switch {
	case err != nil || r.Form.Get("client_id") != details["client_id"] ||
		subtle.ConstantTimeCompare([]byte(r.Form.Get("client_secret")), []byte(secret)) == 0:
		o.fail(w, http.StatusUnauthorized, "invalid_client", "Error validating client secret.")
	case !known || r.Form.Get("redirect_uri") != given.redirect:
		o.fail(w, http.StatusBadRequest, "invalid_grant", "Error validating verification code.")
	default:
		answerJSON(w, http.StatusOK, map[string]any{
			"access_token": o.tokens.Add(given), "token_type": "bearer", "expires_in": int(life.Seconds()),
		})
	}
}

// me answers with the profile of the person whom an access token is about.
func (o *oauth) me(w http.ResponseWriter, r *http.Request) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, ok := o.tokens.Get(cmp.Or(bearer, r.URL.Query().Get("access_token")))
	if !ok {
		o.fail(w, http.StatusUnauthorized, "invalid_token", "Invalid OAuth access token.")
		return
	}
	if profile := o.profile(w, r, given); profile != nil {
		answerJSON(w, http.StatusOK, profile)
	}
}

// graphMe returns the fields that are asked for and granted,
// https://developers.facebook.com/docs/graph-api/reference/user/
func graphMe(w http.ResponseWriter, r *http.Request, g granted) map[string]any {
	profile := map[string]any{"id": g.person["id"]}
	for _, name := range strings.Split(cmp.Or(r.URL.Query().Get("fields"), "id,name"), ",") {
		permission := "public_profile"
		if name == "email" {
			permission = "email"
		}
		known := slices.ContainsFunc(attributes["Facebook"], func(a attribute) bool { return a.name == name })
		switch value := g.person[name]; {
		case !known:
			failGraph(w, http.StatusBadRequest, "100", "(#100) Tried accessing nonexisting field ("+name+") on node type (User)")
			return nil
		case value == "" || name == "id" || !slices.Contains(g.scopes, permission):
		case name == "picture":
			profile[name] = map[string]any{"data": map[string]any{
				"height": 50, "width": 50, "is_silhouette": false, "url": value,
			}}
		default:
			profile[name] = value
		}
	}
	return profile
}

// amazonProfile is https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
func amazonProfile(_ http.ResponseWriter, _ *http.Request, g granted) map[string]any {
	profile := map[string]any{"user_id": g.person["user_id"]}
	for name, value := range g.person {
		scope := "profile"
		if name == "postal_code" {
			scope = name
		}
		if slices.Contains(g.scopes, scope) {
			profile[name] = value
		}
	}
	return profile
}

// failGraph is https://developers.facebook.com/docs/graph-api/guides/error-handling
func failGraph(w http.ResponseWriter, _ int, code, description string) {
	answerJSON(w, http.StatusBadRequest, map[string]any{"error": map[string]any{
		"message": description, "type": "OAuthException", "code": code,
	}})
}

func failOAuth(w http.ResponseWriter, status int, code, description string) {
	answerJSON(w, status, map[string]any{"error": code, "error_description": description})
}

func answerJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // A client that is gone cannot be told.
}
