package federation

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
	"github.com/crewjam/saml/xmlenc"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	entity   = "https://idp.partner.example/metadata.xml"
	acs      = login + "/saml2/idpresponse"
	audience = "urn:amazon:cognito:sp:eu-central-1_Test12345"
)

// samlPeer is a SAML provider that says what a test wants. Its XML is not written by the library that reads it.
type samlPeer struct {
	*testing.T
	client      *Client
	key         *rsa.PrivateKey
	certificate *x509.Certificate
	// method signs, and cipher encrypts.
	method string
	cipher xmlenc.BlockCipher
	round  Round
	// metadata are what the client was shown.
	metadata *saml.EntityDescriptor
	// published is their text now, and asked how often it was read.
	published []byte
	asked     int
}

func newSAMLPeer(t *testing.T, changes ...func(*deployed.Stage)) *samlPeer {
	t.Helper()
	key, certificate, err := identityprovider.Certificate("partner")
	if err != nil {
		t.Fatal(err)
	}
	p := &samlPeer{
		T: t, key: key, certificate: certificate, method: dsig.RSASHA256SignatureMethod, cipher: xmlenc.AES256GCM,
	}
	published := (&saml.IdentityProvider{
		Certificate: certificate, MetadataURL: *must.Get(url.Parse(entity))(t),
		SSOURL: *must.Get(url.Parse("https://idp.partner.example/sign-on"))(t),
	}).Metadata()
	p.publish(published, changes...)
	p.metadata = published
	p.begin()
	return p
}

// publish makes a client to whom the peer shows these metadata.
func (p *samlPeer) publish(metadata *saml.EntityDescriptor, changes ...func(*deployed.Stage)) {
	p.Helper()
	p.published = must.Get(xml.Marshal(metadata))(p.T)
	p.client = client(p.T, site{"idp.partner.example/metadata.xml": func(w http.ResponseWriter, _ *http.Request) {
		p.asked++
		_, _ = w.Write(p.published)
	}}, changes...)
}

func (p *samlPeer) begin() {
	p.Helper()
	p.round = Round{Provider: "Partner", State: "state"}
	must.Get(p.client.Begin(p.Context(), &p.round))(p.T)
}

// said is what a response says. The zero value of a field is what is right.
type said struct {
	issuer, destination, recipient, audience, inResponseTo, nameID, session string
	// begin and end of the time window, in minutes from now.
	begin, end int
	// signs says what is signed: "assertion" if empty, "response", "both" or "nothing".
	signs string
	by    *rsa.PrivateKey
	// conditions are further ones; attributes further statements.
	conditions, attributes string
}

// response writes and signs a response.
func (p *samlPeer) response(s said) *etree.Document {
	p.Helper()
	now := time.Now().UTC()
	in := func(minutes int) string { return now.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339) }
	s.end = cmp.Or(s.end, 5)
	const head = `xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`
	assertion := fmt.Sprintf(`<saml:Assertion %s ID="_a%s" Version="2.0" IssueInstant="%s"><saml:Issuer>%s</saml:Issuer>`+
		`<saml:Subject><saml:NameID>%s</saml:NameID>`+
		`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`+
		`<saml:SubjectConfirmationData InResponseTo="%s" Recipient="%s" NotOnOrAfter="%s"/></saml:SubjectConfirmation>`+
		`</saml:Subject><saml:Conditions NotBefore="%s" NotOnOrAfter="%s"><saml:AudienceRestriction>`+
		`<saml:Audience>%s</saml:Audience></saml:AudienceRestriction>%s</saml:Conditions>`+
		`<saml:AuthnStatement AuthnInstant="%s" SessionIndex="1"%s><saml:AuthnContext><saml:AuthnContextClassRef>`+
		`urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>`+
		`</saml:AuthnContext></saml:AuthnStatement>`+
		`<saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>ada@example.com</saml:AttributeValue>`+
		`</saml:Attribute></saml:AttributeStatement>%s</saml:Assertion>`,
		head, rand.Text(), in(s.begin), cmp.Or(s.issuer, entity), cmp.Or(s.nameID, "ada"),
		cmp.Or(s.inResponseTo, p.round.request), cmp.Or(s.recipient, acs), in(s.end), in(s.begin), in(s.end),
		cmp.Or(s.audience, audience), s.conditions, in(s.begin), s.session, s.attributes)
	document := parsed(p.T, fmt.Sprintf(`<samlp:Response %s ID="_r%s" Version="2.0" IssueInstant="%s" Destination="%s" `+
		`InResponseTo="%s"><saml:Issuer>%s</saml:Issuer><samlp:Status><samlp:StatusCode `+
		`Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>%s</samlp:Response>`,
		head, rand.Text(), in(0), cmp.Or(s.destination, acs), cmp.Or(s.inResponseTo, p.round.request),
		cmp.Or(s.issuer, entity), assertion))
	key := cmp.Or(s.by, p.key)
	if s.signs == "" || s.signs == "assertion" || s.signs == "both" {
		p.sign(find(document.Root(), "Assertion"), key)
	}
	if s.signs == "response" || s.signs == "both" {
		p.sign(document.Root(), key)
	}
	return document
}

func parsed(t *testing.T, text string) *etree.Document {
	t.Helper()
	document := etree.NewDocument()
	must.Do(t, document.ReadFromString(text))
	return document
}

// sign adds an enveloped signature behind the issuer, where the schema wants it.
func (p *samlPeer) sign(element *etree.Element, key *rsa.PrivateKey) {
	p.Helper()
	context := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{
		Certificate: [][]byte{p.certificate.Raw}, PrivateKey: key,
	}))
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	must.Do(p.T, context.SetSignatureMethod(p.method))
	signature := must.Get(context.ConstructSignature(element, true))(p.T)
	element.InsertChildAt(find(element, "Issuer").Index()+1, signature)
}

// find returns the first child with this local name.
func find(element *etree.Element, name string) *etree.Element {
	for _, child := range element.ChildElements() {
		if child.Tag == name {
			return child
		}
	}
	return nil
}

// encrypt replaces the assertion by its encrypted form, for the user pool's key.
func (p *samlPeer) encrypt(document *etree.Document) {
	p.Helper()
	pool := p.client.parties["Partner"].(*samlParty).pool
	assertion := find(document.Root(), "Assertion")
	text := etree.NewDocument()
	text.SetRoot(assertion.Copy())
	encrypter := xmlenc.OAEP()
	encrypter.BlockCipher = p.cipher
	data := must.Get(encrypter.Encrypt(pool.Certificate, must.Get(text.WriteToBytes())(p.T), nil))(p.T)
	data.CreateAttr("Type", "http://www.w3.org/2001/04/xmlenc#Element")
	sealed := etree.NewElement("saml:EncryptedAssertion")
	sealed.AddChild(data)
	document.Root().InsertChildAt(assertion.Index(), sealed)
	document.Root().RemoveChild(assertion)
}

func (p *samlPeer) finish(document *etree.Document) (Identity, error) {
	p.Helper()
	return p.finishText(must.Get(document.WriteToString())(p.T))
}

func (p *samlPeer) finishText(text string) (Identity, error) {
	p.Helper()
	return p.client.Finish(p.Context(), p.round, Answer{SAML: true, Values: url.Values{
		"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(text))}, "RelayState": {"state"},
	}})
}
