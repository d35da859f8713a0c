package federation

import (
	"strings"
	"testing"

	"github.com/crewjam/saml/xmlenc"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/localtest/must"
)

func TestASAMLProviderThatKeepsToTheProtocolSignsIn(t *testing.T) {
	p := newSAMLPeer(t)
	for _, signs := range []string{"assertion", "response", "both"} {
		who, err := p.finish(p.response(said{signs: signs}))
		if err != nil || who.Subject != "ada" || who.Attributes["mail"] != "ada@example.com" {
			t.Errorf("signed %s: got %+v, %v", signs, who, err)
		}
	}
}

func TestAForgedAssertionSignsNobodyIn(t *testing.T) {
	p := newSAMLPeer(t)
	other, _, err := identityprovider.Certificate("other")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		said said
		want string
	}{
		"not signed":                     {said{signs: "nothing"}, "signature"},
		"signed by another key":          {said{by: other}, "verification error"},
		"response signed by another key": {said{by: other, signs: "response"}, "verification error"},
		"for another audience":           {said{audience: "urn:amazon:cognito:sp:eu-central-1_Other"}, "udience"},
		"for another recipient":          {said{recipient: "https://evil.example/saml2/idpresponse"}, "ecipient"},
		"sent to another destination":    {said{destination: "https://evil.example/"}, "does not match requested URL"},
		"of another issuer":              {said{issuer: "https://evil.example"}, "ssuer"},
		"expired":                        {said{begin: -60, end: -30}, "expired"},
		"not valid yet":                  {said{begin: 30, end: 60}, "in the future"},
		"for another request":            {said{inResponseTo: "id-another"}, "InResponseTo"},
		"about nobody":                   {said{nameID: " "}, "0 characters"},
		"under a condition nobody knows": {said{conditions: `<saml:Condition/>`}, "ondition"},
		"about two":                      {said{nameID: `ada</saml:NameID><saml:NameID>eve`}, "2 elements NameID"},
		"about two subjects": {
			said{nameID: `ada</saml:NameID></saml:Subject><saml:Subject><saml:NameID>eve`}, "2 elements Subject",
		},
		"with an element in the NameID": {said{nameID: `ada<x>.evil</x>`}, "the NameID has elements"},
		"with an element in a value": {
			said{attributes: strings.Replace(twice("x"), "eve@", "eve<b>y</b>@", 1)}, "the AttributeValue has elements",
		},
		"of a session that is over":        {said{session: ` SessionNotOnOrAfter="2001-01-01T00:00:00Z"`}, "session ended"},
		"with an attribute twice":          {said{attributes: twice("mail")}, `attribute "mail" twice`},
		"with an attribute for the NameID": {said{attributes: twice("NameID")}, `attribute "NameID" twice`},
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, test.want)(p.finish(p.response(test.said)))
		})
	}
}

func twice(name string) string {
	return `<saml:AttributeStatement><saml:Attribute Name="` + name +
		`"><saml:AttributeValue>eve@example.com</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
}

func TestAnAssertionCountsOnce(t *testing.T) {
	p := newSAMLPeer(t)
	response := p.response(said{})
	must.Get(p.finish(response))(t)
	refuses(t, "already been used")(p.finish(response))
	stolen := p.response(said{})
	p.begin()
	refuses(t, "InResponseTo")(p.finish(stolen))
}

func TestASAMLProviderThatRefusesIsToldToTheApp(t *testing.T) {
	p := newSAMLPeer(t)
	document := p.response(said{signs: "response"})
	document.Root().RemoveChild(find(document.Root(), "Signature"))
	document.Root().RemoveChild(find(document.Root(), "Assertion"))
	find(find(document.Root(), "Status"), "StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
	p.sign(document.Root(), p.key)
	refuses(t, "Responder")(p.finish(document))
}

func TestWhereTheTemplateWantsItAssertionsAreEncrypted(t *testing.T) {
	p := newSAMLPeer(t, func(s *deployed.Stage) { s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true" })
	refuses(t, "not encrypted")(p.finish(p.response(said{})))
	document := p.response(said{})
	p.encrypt(document)
	if who, err := p.finish(document); err != nil || who.Subject != "ada" {
		t.Errorf("encrypted: got %+v, %v", who, err)
	}
	document = p.response(said{signs: "nothing"})
	p.encrypt(document)
	refuses(t, "signature")(p.finish(document))
	metadata := must.Get(p.client.ServiceProvider("Partner"))(t)
	if keys := metadata.SPSSODescriptors[0].KeyDescriptors; len(keys) != 1 || keys[0].Use != "encryption" {
		t.Errorf("the provider is told the keys %+v; want one for encryption", keys)
	}
}

func TestWhatIsNotServedOfSAMLIsRefusedAtTheStart(t *testing.T) {
	for detail, value := range map[string]string{"IDPInit": "true", "RequestSigningAlgorithm": "rsa-sha1"} {
		s := stage()
		s.Providers["Partner"].ProviderDetails[detail] = value
		_, err := New(Options{Stage: s, Login: login, Secrets: &identityprovider.Secrets{}})
		if err == nil || !strings.Contains(err.Error(), "Partner: "+detail) {
			t.Errorf("%s %s: got %v", detail, value, err)
		}
	}
}

func TestWeakCryptographyIsRefused(t *testing.T) {
	p := newSAMLPeer(t, func(s *deployed.Stage) { s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true" })
	p.cipher = xmlenc.AES256CBC
	document := p.response(said{})
	p.encrypt(document)
	refuses(t, "CBC")(p.finish(document))
	p = newSAMLPeer(t)
	p.method = dsig.RSASHA1SignatureMethod
	refuses(t, "SHA-1")(p.finish(p.response(said{})))
}
