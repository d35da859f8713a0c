package identityprovider

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/expiring"
)

// samlProvider is a SAML 2.0 identity provider: requests by redirect, responses by POST, signed, and encrypted where
// the user pool publishes a key for it.
type samlProvider struct {
	peers    *Peers
	provider deployed.IdentityProvider
	library  saml.IdentityProvider
	// page is the address at which browsers sign in, with the query id=<the request's query>.
	page     string
	requests *expiring.Store[string]
}

// SAMLAddresses are the addresses of a SAML provider of the template.
type SAMLAddresses struct{ Entity, Metadata, SignOn string }

// SAML reads the addresses of a provider. Metadata in the template name the provider's endpoint and key. The peer at
// this endpoint has another key, and publishes its own metadata beside it.
func SAML(p deployed.IdentityProvider) (SAMLAddresses, error) {
	d := p.ProviderDetails
	if d["MetadataURL"] != "" {
		address := d["MetadataURL"]
		return SAMLAddresses{Entity: address, Metadata: address, SignOn: address + "/sign-on"}, nil
	}
	if d["MetadataFile"] == "" {
		return SAMLAddresses{}, errors.New("both MetadataURL and MetadataFile are missing")
	}
	entity, err := samlsp.ParseMetadata([]byte(d["MetadataFile"]))
	if err != nil {
		return SAMLAddresses{}, fmt.Errorf("MetadataFile: %w", err)
	}
	for _, descriptor := range entity.IDPSSODescriptors {
		for _, endpoint := range descriptor.SingleSignOnServices {
			if endpoint.Binding == saml.HTTPRedirectBinding {
				return SAMLAddresses{
					Entity: entity.EntityID, Metadata: endpoint.Location + "/metadata", SignOn: endpoint.Location,
				}, nil
			}
		}
	}
	return SAMLAddresses{}, errors.New("MetadataFile names no endpoint with the binding HTTP-Redirect")
}

func (p *Peers) addSAML(provider deployed.IdentityProvider) error {
	at, err := SAML(provider)
	if err != nil {
		return err
	}
	entity, err1 := url.Parse(at.Entity)
	signOn, err2 := url.Parse(at.SignOn)
	key, certificate, err3 := Certificate(provider.ProviderName)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	s := &samlProvider{
		peers: p, provider: provider, page: p.Page(at.SignOn + "/sign-in"), requests: expiring.New[string](time.Now, life),
	}
	s.library = saml.IdentityProvider{
		Key: key, Certificate: certificate, MetadataURL: *entity, SSOURL: *signOn, Logger: log.New(io.Discard, "", 0),
		ServiceProviderProvider: s, SessionProvider: s, ResponseWriter: s,
		NameIDFormats: []saml.NameIDFormat{saml.PersistentNameIDFormat}, RejectSHA1Signatures: true,
		SignatureMethod: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
		OnError:         func(w http.ResponseWriter, _ *http.Request, _ int, err error) { p.refuse(w, err.Error()) },
	}
	return errors.Join(
		p.answer(at.Metadata, http.HandlerFunc(s.library.ServeMetadata)),
		p.answer(at.SignOn, http.HandlerFunc(s.library.ServeSSO)),
		p.answer(at.SignOn+"/sign-in", http.HandlerFunc(s.signIn)),
	)
}

// person is the context key of the person who has signed in, in a request that is served for the second time.
type person struct{}

// GetSession implements saml.SessionProvider. It asks for the person each time.
func (s *samlProvider) GetSession(w http.ResponseWriter, r *http.Request, asked *saml.IdpAuthnRequest) *saml.Session {
	who, ok := r.Context().Value(person{}).(map[string]string)
	if !ok {
		id := s.requests.Add(r.URL.RawQuery)
		s.peers.ask(w, asking{provider: s.provider, action: s.page + "?" + url.Values{"id": {id}}.Encode()})
		return nil
	}
	if len(who) == 0 {
		refusal := &saml.StatusError{TopLevel: saml.StatusResponder, SecondLevel: saml.StatusAuthnFailed}
		if err := s.library.SendErrorResponse(w, asked, refusal); err != nil {
			s.peers.refuse(w, err.Error())
		}
		return nil
	}
	now := time.Now()
	session := &saml.Session{
		ID: rand.Text(), Index: rand.Text(), CreateTime: now, ExpireTime: now.Add(life),
		NameID: who["NameID"], NameIDFormat: string(saml.PersistentNameIDFormat),
	}
	for _, attribute := range returns(s.provider) {
		if value := who[attribute.name]; value != "" && attribute.name != "NameID" {
			session.CustomAttributes = append(session.CustomAttributes, saml.Attribute{
				Name: attribute.name, NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
				Values: []saml.AttributeValue{{Type: "xs:string", Value: value}},
			})
		}
	}
	return session
}

// signIn takes the form, and answers the SAML request of the form.
func (s *samlProvider) signIn(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	asked, ok := s.requests.Get(id)
	if !ok || r.Method != http.MethodPost || readForm(w, r) != nil {
		s.peers.refuse(w, "This sign-in is over, or was never begun here.")
		return
	}
	who := map[string]string{}
	if !r.URL.Query().Has("cancel") {
		page := asking{provider: s.provider, action: s.page + "?" + url.Values{"id": {id}}.Encode()}
		if who, ok = s.peers.entered(w, page, r.PostForm); !ok {
			return
		}
	}
	s.requests.Take(id)
	again := r.Clone(context.WithValue(r.Context(), person{}, who))
	again.Method, again.URL.RawQuery, again.Form, again.PostForm = http.MethodGet, asked, nil, nil
	s.library.ServeSSO(w, again)
}

// GetServiceProvider implements saml.ServiceProviderProvider. The only service provider is the user pool.
func (s *samlProvider) GetServiceProvider(_ *http.Request, id string) (*saml.EntityDescriptor, error) {
	registered, err := s.peers.options.ServiceProvider(s.provider.ProviderName)
	if err == nil && registered.EntityID != id {
		err = os.ErrNotExist
	}
	return registered, err
}

// WriteResponse implements saml.ResponseWriter.
func (s *samlProvider) WriteResponse(w http.ResponseWriter, answered *saml.IdpAuthnRequest) error {
	form, err := answered.PostBinding()
	if err != nil {
		return err
	}
	s.peers.post(w, s.provider.ProviderName, form.URL, map[string]string{
		"SAMLResponse": form.SAMLResponse, "RelayState": form.RelayState,
	})
	return nil
}

// keyPair is a key with its certificate.
type keyPair struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// keyPairs holds a function for each name, which makes its key pair once.
var keyPairs sync.Map

// Certificate returns a key and a self-signed certificate of a name: SAML metadata carry keys in certificates. A
// process makes one for each name, because an RSA key takes some tenths of a second to make.
func Certificate(name string) (*rsa.PrivateKey, *x509.Certificate, error) {
	made, _ := keyPairs.LoadOrStore(name, sync.OnceValues(func() (keyPair, error) { return newKeyPair(name) }))
	pair, err := made.(func() (keyPair, error))()
	return pair.key, pair.certificate, err
}

func newKeyPair(name string) (keyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return keyPair{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(30 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return keyPair{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	return keyPair{key, certificate}, err
}
