package federation

import (
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
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
		"not signed":                       {said{signs: "nothing"}, "signature"},
		"signed by another key":            {said{by: other}, "verification error"},
		"response signed by another key":   {said{by: other, signs: "response"}, "verification error"},
		"for another audience":             {said{audience: "urn:amazon:cognito:sp:eu-central-1_Other"}, "udience"},
		"for another recipient":            {said{recipient: "https://evil.example/saml2/idpresponse"}, "ecipient"},
		"sent to another destination":      {said{destination: "https://evil.example/"}, "does not match requested URL"},
		"of another issuer":                {said{issuer: "https://evil.example"}, "ssuer"},
		"expired":                          {said{begin: -60, end: -30}, "expired"},
		"not valid yet":                    {said{begin: 30, end: 60}, "in the future"},
		"for another request":              {said{inResponseTo: "id-another"}, "InResponseTo"},
		"about nobody":                     {said{nameID: " "}, "0 characters"},
		"under a condition nobody knows":   {said{conditions: `<saml:Condition/>`}, "ondition"},
		"with an attribute twice":          {said{attributes: twice("mail")}, `attribute "mail" twice`},
		"with an attribute for the NameID": {said{attributes: twice("NameID")}, `attribute "NameID" twice`},
	} {
		t.Run(name, func(t *testing.T) {
			who, err := p.finish(p.response(test.said))
			refuses(t, err, test.want)
			if who.Subject != "" {
				t.Errorf("%q is signed in", who.Subject)
			}
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
	if _, err := p.finish(response); err != nil {
		t.Fatal(err)
	}
	_, err := p.finish(response)
	refuses(t, err, "already been used")
	stolen := p.response(said{})
	p.begin()
	_, err = p.finish(stolen)
	refuses(t, err, "InResponseTo")
}

// The signature covers one element, and another is read (Somorovsky et al., On Breaking SAML, USENIX Security 2012).
// Numbers are those of SAML Raider.
func TestAWrappedSignatureSignsNobodyElseIn(t *testing.T) {
	p := newSAMLPeer(t)
	for name, test := range map[string]struct {
		signs string
		wrap  func(root *etree.Element) *etree.Element
	}{
		"XSW1": {"response", func(root *etree.Element) *etree.Element {
			evil, genuine := evilCopy(root), unsignedCopy(root)
			find(evil, "Signature").AddChild(genuine)
			return evil
		}},
		"XSW2": {"response", func(root *etree.Element) *etree.Element {
			evil, genuine := evilCopy(root), unsignedCopy(root)
			evil.InsertChildAt(find(evil, "Signature").Index(), genuine)
			return evil
		}},
		"XSW3": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			root.InsertChildAt(genuine.Index(), withoutSignature(evilCopy(genuine)))
			return root
		}},
		"XSW4": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			evil := withoutSignature(evilCopy(genuine))
			root.InsertChildAt(genuine.Index(), evil)
			root.RemoveChild(genuine)
			evil.AddChild(genuine)
			return root
		}},
		"XSW5": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			root.AddChild(unsignedCopy(genuine))
			turn(genuine)
			return root
		}},
		"XSW6": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			inner := unsignedCopy(genuine)
			turn(genuine)
			find(genuine, "Signature").AddChild(inner)
			return root
		}},
		"XSW7": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			extensions := etree.NewElement("samlp:Extensions")
			extensions.AddChild(withoutSignature(evilCopy(genuine)))
			root.InsertChildAt(genuine.Index(), extensions)
			return root
		}},
		"XSW8": {"assertion", func(root *etree.Element) *etree.Element {
			genuine := find(root, "Assertion")
			inner := unsignedCopy(genuine)
			turn(genuine)
			object := etree.NewElement("ds:Object")
			object.AddChild(inner)
			find(genuine, "Signature").AddChild(object)
			return root
		}},
	} {
		t.Run(name, func(t *testing.T) {
			document := p.response(said{signs: test.signs})
			document.SetRoot(test.wrap(document.Root()))
			text := must.Get(document.WriteToString())(t)
			if !strings.Contains(text, ">eve<") || !strings.Contains(text, ">ada<") {
				t.Fatalf("nothing is wrapped: %s", text)
			}
			who, err := p.finishText(text)
			if who.Subject == "eve" || err == nil && who.Subject != "ada" {
				t.Errorf("%q is signed in", who.Subject)
			}
			if err == nil && name != "XSW7" {
				t.Error("the response is accepted")
			}
		})
	}
}

// turn makes an element the attacker's: about eve, under another ID.
func turn(element *etree.Element) {
	element.CreateAttr("ID", "_evil")
	for _, id := range element.FindElements(".//NameID") {
		id.SetText("eve")
	}
}

func evilCopy(element *etree.Element) *etree.Element {
	evil := element.Copy()
	turn(evil)
	return evil
}

func withoutSignature(element *etree.Element) *etree.Element {
	element.RemoveChild(find(element, "Signature"))
	return element
}

func unsignedCopy(element *etree.Element) *etree.Element { return withoutSignature(element.Copy()) }

// A comment is not part of what is signed. A parser that reads a text up to it would read another one:
// https://duo.com/blog/duo-finds-saml-vulnerabilities-affecting-multiple-implementations
func TestACommentTruncatesNothing(t *testing.T) {
	const whole = "ada@example.com.evil.example"
	for _, comment := range []string{"<!---->", "<!-- x -->", "<?pi x?>"} {
		p := newSAMLPeer(t)
		document := p.response(said{
			nameID:     whole,
			attributes: strings.ReplaceAll(twice("custom"), "eve@example.com", whole),
		})
		text := must.Get(document.WriteToString())(t)
		text = strings.ReplaceAll(text, whole, "ada@example.com"+comment+".evil.example")
		if who, err := p.finishText(text); err == nil && (who.Subject != whole || who.Attributes["custom"] != whole) {
			t.Errorf("%s: got %+v; want the whole text, or a refusal", comment, who)
		}
	}
}

func TestXMLBombsAndEntitiesAreRefused(t *testing.T) {
	p := newSAMLPeer(t)
	fresh := func() string { return must.Get(p.response(said{nameID: "ada"}).WriteToString())(t) }
	laughs := `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">` +
		`<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, text := range map[string]string{
		"billion laughs": laughs + strings.Replace(fresh(), ">ada<", ">&c;<", 1),
		"external entity": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` +
			strings.Replace(fresh(), ">ada<", ">&e;<", 1),
		"parameter entity":   `<!DOCTYPE x [<!ENTITY % e SYSTEM "https://evil.example/x.dtd"> %e;]>` + fresh(),
		"a DOCTYPE at all":   `<!DOCTYPE Response>` + fresh(),
		"deep nesting":       strings.Repeat("<a>", 20_000) + strings.Repeat("</a>", 20_000),
		"too long":           fresh() + strings.Repeat(" ", maxAnswer),
		"no XML":             "{}",
		"nothing":            "",
		"two roots":          fresh() + fresh(),
		"an unknown charset": `<?xml version="1.0" encoding="UTF-7"?>` + fresh(),
	} {
		if who, err := p.finishText(text); err == nil {
			t.Errorf("%s: %q is signed in", name, who.Subject)
		}
	}
}

func TestASAMLProviderThatRefusesIsToldToTheApp(t *testing.T) {
	p := newSAMLPeer(t)
	document := p.response(said{signs: "response"})
	document.Root().RemoveChild(find(document.Root(), "Signature"))
	document.Root().RemoveChild(find(document.Root(), "Assertion"))
	find(find(document.Root(), "Status"), "StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
	p.sign(document.Root(), p.key)
	_, err := p.finish(document)
	refuses(t, err, "Responder")
}

func TestWhereTheTemplateWantsItAssertionsAreEncrypted(t *testing.T) {
	p := newSAMLPeer(t, func(s *deployed.Stage) { s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true" })
	_, err := p.finish(p.response(said{}))
	refuses(t, err, "not encrypted")
	document := p.response(said{})
	p.encrypt(document)
	if who, err := p.finish(document); err != nil || who.Subject != "ada" {
		t.Errorf("encrypted: got %+v, %v", who, err)
	}
	document = p.response(said{signs: "nothing"})
	p.encrypt(document)
	_, err = p.finish(document)
	refuses(t, err, "signature")
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
	_, err := p.finish(document)
	refuses(t, err, "CBC")
	p = newSAMLPeer(t)
	p.method = dsig.RSASHA1SignatureMethod
	_, err = p.finish(p.response(said{}))
	refuses(t, err, "SHA-1")
}

func TestMetadataThatAreOverCountNoMore(t *testing.T) {
	p := newSAMLPeer(t)
	p.metadata.ValidUntil = time.Now().Add(-time.Minute)
	p.publish(p.metadata)
	p.begin()
	_, err := p.finish(p.response(said{}))
	refuses(t, err, "xpired")
}
