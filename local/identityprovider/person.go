package identityprovider

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/webpage"
)

type attribute struct{ name, sample string }

// subjects has the providers' names of the subject. The default is sub.
var subjects = map[string]string{"Facebook": "id", "LoginWithAmazon": "user_id", "SAML": "NameID"}

func subject(p deployed.IdentityProvider) string {
	if name := subjects[p.ProviderType]; name != "" {
		return name
	}
	return "sub"
}

// attributes has the attributes that providers of a type return. Other types return what the stage maps. See
// https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload,
// https://developers.facebook.com/docs/graph-api/reference/user/ and
// https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
var attributes = map[string][]attribute{
	"Google": {
		{"sub", "100000000000000000001"},
		{"email", sampleEmail},
		{"email_verified", "true"},
		{"given_name", "Ada"},
		{"family_name", "Lovelace"},
		{"name", "Ada Lovelace"},
		{"picture", "https://lh3.googleusercontent.com/a/ada"},
	},
	apple: {
		{"sub", "000001.ada.0001"},
		{"email", sampleEmail},
		{"email_verified", "true"},
		{"firstName", "Ada"},
		{"lastName", "Lovelace"},
	},
	"Facebook": {
		{"id", "10000000000000001"},
		{"email", sampleEmail},
		{"first_name", "Ada"},
		{"last_name", "Lovelace"},
		{"name", "Ada Lovelace"},
		{"picture", "https://platform-lookaside.fbsbx.com/ada"},
	},
	"LoginWithAmazon": {
		{"user_id", "amzn1.account.ADA"},
		{"email", sampleEmail},
		{"name", "Ada Lovelace"},
		{"postal_code", "98101"},
	},
}

const sampleEmail = "ada@example.com"

// samples are values for the user pool's attributes.
var samples = map[string]string{
	"email": sampleEmail, "custom:provider_email": sampleEmail, "email_verified": "true",
	"given_name": "Ada", "family_name": "Lovelace", "name": "Ada Lovelace",
}

// returns lists the fields of a provider's page, the subject first.
func returns(p deployed.IdentityProvider) []attribute {
	if known := attributes[p.ProviderType]; known != nil {
		return known
	}
	mapped := map[string]string{}
	for own, theirs := range p.AttributeMapping {
		if theirs != subject(p) && (mapped[theirs] == "" || samples[own] != "") {
			mapped[theirs] = samples[own]
		}
	}
	list := []attribute{{subject(p), "ada"}}
	for _, name := range slices.Sorted(maps.Keys(mapped)) {
		list = append(list, attribute{name, mapped[name]})
	}
	return list
}

// asking is the form for the person who signs in.
type asking struct {
	provider deployed.IdentityProvider
	// action takes the form; its query has a "?" already.
	action string
	hidden map[string]string
	// hint is the known e-mail address, if any.
	hint string
}

func (p *Peers) ask(w http.ResponseWriter, a asking) {
	values := map[string]string{}
	for _, attribute := range returns(a.provider) {
		values[attribute.name] = attribute.sample
	}
	if a.hint != "" {
		values["email"] = a.hint
	}
	p.askAgain(w, a, values, "")
}

func (p *Peers) askAgain(w http.ResponseWriter, a asking, values map[string]string, problem string) {
	var fields []webpage.Field
	for i, attribute := range returns(a.provider) {
		f := webpage.Field{Name: attribute.name, Label: attribute.name, Value: values[attribute.name], Optional: i > 0}
		if attribute.name == "email_verified" {
			f.Type = "checkbox"
		}
		if i == 0 {
			f.Hint = "Who you are there. The same value is the same customer."
		}
		fields = append(fields, f)
	}
	name := a.provider.ProviderName
	p.write(w, http.StatusOK, webpage.Page{
		Title: "Sign in as … (in place of " + name + ")",
		Intro: []string{
			fmt.Sprintf("This page stands in for %s. It is not %s, and nothing is sent there.", name, name),
			"Below is what the provider would return. An empty field is not returned.",
		},
		Forms: []webpage.Form{{
			Action: a.action, Hidden: a.hidden, Submit: "Continue", Error: problem, Fields: fields,
			Other: &webpage.Button{Label: "Cancel", Action: a.action + "&cancel=true"},
		}},
	})
}

// entered reads the form. It shows the page again if the subject is missing.
func (p *Peers) entered(w http.ResponseWriter, a asking, form url.Values) (map[string]string, bool) {
	values := map[string]string{}
	for _, attribute := range returns(a.provider) {
		value := strings.TrimSpace(form.Get(attribute.name))
		if attribute.name == "email_verified" && value == "" {
			value = "false"
		}
		if value != "" {
			values[attribute.name] = value
		}
	}
	if values[subject(a.provider)] == "" {
		p.askAgain(w, a, values, "Without "+subject(a.provider)+" nobody is signed in.")
		return nil, false
	}
	return values, true
}

// refuse answers with a page without links.
func (p *Peers) refuse(w http.ResponseWriter, reason string) {
	p.write(w, http.StatusBadRequest, webpage.Page{Title: "Nobody can sign in here", Intro: []string{reason}})
}

func (p *Peers) write(w http.ResponseWriter, status int, page webpage.Page) {
	page.Stage = p.options.Stage.ID
	if err := webpage.Write(w, status, page, ""); err != nil {
		p.options.Logger.Error("an identity provider failed", "error", err)
	}
}

// post answers with a form that the browser sends on, as SAML's POST binding and OAuth's form_post do.
func (p *Peers) post(w http.ResponseWriter, provider, to string, values map[string]string) {
	p.write(w, http.StatusOK, webpage.Page{
		Title: "Back to the shop", Send: true,
		Intro: []string{"What " + provider + " says goes back to the shop's sign-in page."},
		Forms: []webpage.Form{{Action: to, Hidden: values, Submit: "Continue"}},
	})
}

// readForm reads a posted form, up to a limit.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	return r.ParseForm()
}
