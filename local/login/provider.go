package login

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// kind is a type of identity provider.
type kind struct {
	// subject is the provider's name of its user, of which the user pool makes the user name.
	subject string
	// attributes are what the provider returns; nil means what the stage maps.
	attributes []attribute
	// hinted providers are sent login_hint,
	// https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
	hinted bool
}

type attribute struct{ name, sample string }

// kinds have a local page. Their attributes are named in
// https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload and
// https://developers.facebook.com/docs/graph-api/reference/user/
var kinds = map[string]kind{
	"Google": {subject: "sub", hinted: true, attributes: []attribute{
		{"sub", "100000000000000000001"},
		{"email", sampleEmail},
		{"email_verified", "true"},
		{"given_name", "Ada"},
		{"family_name", "Lovelace"},
		{"name", "Ada Lovelace"},
		{"picture", "https://lh3.googleusercontent.com/a/ada"},
	}},
	"Facebook": {subject: "id", attributes: []attribute{
		{"id", "10000000000000001"},
		{"email", sampleEmail},
		{"first_name", "Ada"},
		{"last_name", "Lovelace"},
		{"name", "Ada Lovelace"},
		{"picture", "https://platform-lookaside.fbsbx.com/ada"},
	}},
	"OIDC": {subject: "sub", hinted: true},
	"SAML": {subject: "NameID"},
}

const sampleEmail = "ada@example.com"

// samples are values for the user pool's attributes.
var samples = map[string]string{
	"email": sampleEmail, "email_verified": "true", "given_name": "Ada", "family_name": "Lovelace", "name": "Ada Lovelace",
}

func providerPath(name string) string { return "/local/" + url.PathEscape(name) }

// returns are the attributes that a provider's page lets one fill in, the subject first.
func returns(p deployed.IdentityProvider) []attribute {
	k := kinds[p.ProviderType]
	if k.attributes != nil {
		return k.attributes
	}
	mapped := map[string]string{}
	for own, theirs := range p.AttributeMapping {
		if theirs != k.subject && (mapped[theirs] == "" || samples[own] != "") {
			mapped[theirs] = samples[own]
		}
	}
	attributes := []attribute{{k.subject, "ada"}}
	for _, name := range slices.Sorted(maps.Keys(mapped)) {
		attributes = append(attributes, attribute{name, mapped[name]})
	}
	return attributes
}

// provider returns the provider that the path names, if the client supports it.
func (l *Login) provider(w http.ResponseWriter, r *http.Request, a *authorization) (deployed.IdentityProvider, bool) {
	name := r.PathValue("provider")
	p, ok := l.stage.Providers[name]
	if !ok || !slices.Contains(a.client.SupportedIdentityProviders, name) {
		l.showError(w, http.StatusNotFound, "There is no such provider", fmt.Sprintf("The client does not support %q.", name))
		return p, false
	}
	return p, true
}

// showProvider answers GET /local/<provider>.
func (l *Login) showProvider(w http.ResponseWriter, r *http.Request, a *authorization) {
	p, ok := l.provider(w, r, a)
	if !ok {
		return
	}
	values := map[string]string{}
	for _, attribute := range returns(p) {
		values[attribute.name] = attribute.sample
	}
	if hint := a.values.Get("login_hint"); hint != "" && kinds[p.ProviderType].hinted {
		values["email"] = hint
	}
	l.showProviderAgain(w, r, a, p, values, "")
}

func (l *Login) showProviderAgain(
	w http.ResponseWriter,
	r *http.Request,
	a *authorization,
	p deployed.IdentityProvider,
	values map[string]string,
	problem string,
) {
	var fields []field
	for i, attribute := range returns(p) {
		f := field{Name: attribute.name, Label: attribute.name, Value: values[attribute.name], Optional: i > 0}
		if attribute.name == "email_verified" {
			f.Type = "checkbox"
		}
		if i == 0 {
			f.Hint = "Who you are there. The same value is the same customer."
		}
		fields = append(fields, f)
	}
	l.show(w, r, a, page{
		Title: "Sign in as … (in place of " + p.ProviderName + ")",
		Intro: []string{
			fmt.Sprintf("This page stands in for %s. It is not %s, and nothing is sent there.", p.ProviderName, p.ProviderName),
			"Below is what the provider would return. An empty field is not returned.",
		},
		Forms: []form{{Action: a.page(providerPath(p.ProviderName)), Submit: "Continue", Error: problem, Fields: fields}},
		Links: []link{{Label: "Back to sign-in", Target: a.page("/login")}},
	})
}

// signInFederated answers POST /local/<provider>, as what comes back from a provider.
func (l *Login) signInFederated(w http.ResponseWriter, r *http.Request, a *authorization) {
	p, ok := l.provider(w, r, a)
	if !ok {
		return
	}
	values := map[string]string{}
	for _, attribute := range returns(p) {
		value := strings.TrimSpace(r.PostForm.Get(attribute.name))
		if attribute.name == "email_verified" && value == "" {
			value = "false"
		}
		if value != "" {
			values[attribute.name] = value
		}
	}
	subject := values[kinds[p.ProviderType].subject]
	if subject == "" {
		l.showProviderAgain(w, r, a, p, values, "Without "+kinds[p.ProviderType].subject+" nobody is signed in.")
		return
	}
	username, err := l.pool.SignInFederated(r.Context(), a.client.ID, p.ProviderName, subject, values)
	if err != nil {
		l.showProviderAgain(w, r, a, p, values, l.explain(r, err))
		return
	}
	l.finish(w, r, a, session{username: username, provider: p.ProviderName, authTime: l.now()})
}
