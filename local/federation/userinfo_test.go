package federation

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"net/url"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/local/localtest/must"
)

// "Amazon Cognito doesn't support client_secret_basic client authentication."
func TestTheClientSecretIsPosted(t *testing.T) {
	p := newOIDCPeer(t)
	reference := p.client.options.Stage.Providers["Okta"].ProviderDetails["client_secret"]
	secret := must.Get(p.client.options.Secrets.Text("client_secret", reference))(t)
	next, calls := p.site["shop.okta.example/token"], 0
	p.site["shop.okta.example/token"] = func(w http.ResponseWriter, r *http.Request) {
		calls++
		if _, _, basic := r.BasicAuth(); basic || r.PostFormValue("client_secret") != secret {
			t.Errorf("by header: %v, by form: %q", basic, r.PostForm)
		}
		next(w, r)
	}
	if _, err := p.finish(); err != nil || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func TestUserInfoOverrulesTheIDToken(t *testing.T) {
	p := newOIDCPeer(t)
	p.claims["email"], p.claims["name"] = "old@example.com", "Ada"
	who, err := p.finish()
	if err != nil || who.Attributes["email"] != "ada@example.com" || who.Attributes["name"] != "Ada" {
		t.Errorf("got %v, %v", who, err)
	}
}

func TestUserInfoThatIsNoneIsRefused(t *testing.T) {
	for _, test := range map[string]struct {
		status     int
		body, want string
	}{
		"an error with claims": {http.StatusInternalServerError, `{"sub":"ada"}`, "500"},
		"about nobody":         {http.StatusOK, `{"email":"ada@example.com"}`, `user info is about ""`},
		"two documents":        {http.StatusOK, `{"sub":"ada"}{"sub":"eve"}`, "user info: invalid character"},
		"a list":               {http.StatusOK, `["ada"]`, "user info: json"},
	} {
		p := newOIDCPeer(t)
		p.site["shop.okta.example/userinfo"] = func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = w.Write([]byte(test.body))
		}
		refuses(t, test.want)(p.finish())
	}
}

// Only the algorithms in signatures count, whatever keys a provider publishes.
func TestAnotherAlgorithmIsRefused(t *testing.T) {
	p := newOIDCPeer(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must.Do(t, err)
	p.site["shop.okta.example/keys"] = always(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: public, KeyID: "k1"}}})
	p.sign = p.by(jose.EdDSA, private)
	refuses(t, "cannot be read")(p.finish())
}

func TestMetadataWithAnErrorAreRefused(t *testing.T) {
	p := newSAMLPeer(t)
	c := client(t, site{"idp.partner.example/metadata.xml": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(p.published)
	}})
	refuses(t, "500")(c.Begin(t.Context(), &Round{Provider: "Partner"}))
}

func TestSeveralValuesOfAnAttributeAreAList(t *testing.T) {
	p := newSAMLPeer(t)
	who, err := p.finish(p.response(said{attributes: `<saml:AttributeStatement><saml:Attribute Name="groups">` +
		`<saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute>` +
		`</saml:AttributeStatement>`}))
	if err != nil || who.Attributes["groups"] != "[a,b]" {
		t.Errorf("got %v, %v", who, err)
	}
}

func TestAFacebookSubjectIsAText(t *testing.T) {
	for id, subject := range map[any]string{"1000": "1000", true: "", 1000: ""} {
		c := client(t, site{
			"graph.facebook.com/v26.0/oauth/access_token": always(map[string]any{"access_token": "a", "token_type": "bearer"}),
			"graph.facebook.com/v26.0/me":                 always(map[string]any{"id": id}),
		})
		who, err := c.Finish(t.Context(), Round{Provider: "Facebook"}, Answer{Values: url.Values{"code": {"c"}}})
		if who.Subject != subject || (err == nil) != (subject != "") {
			t.Errorf("%v: got %v, %v", id, who, err)
		}
	}
}
