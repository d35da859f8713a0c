package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"
)

// at is when the metadata of these tests is looked at.
var at = time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)

const (
	signing  = `<md:KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>`
	redirect = ` Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.partner.example/`
	signOut  = `<md:SingleLogoutService` + redirect + `slo"/>`
	signOn   = `<md:SingleSignOnService` + redirect + `sso"/>`
)

// metadataOf is the metadata of a provider whose certificate is valid until a time.
func metadataOf(t *testing.T, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.AddDate(-1, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := base64.StdEncoding.EncodeToString(der)
	return `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.partner.example">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
		signing + `<X509Certificate>` + certificate[:40] + "\n" + certificate[40:] +
		`</X509Certificate></X509Data></KeyInfo></md:KeyDescriptor>` +
		signOut + signOn + `</md:IDPSSODescriptor></md:EntityDescriptor>`
}

func TestMetadataMayBeEmbedded(t *testing.T) {
	s, tomorrow := own(), at.AddDate(0, 0, 1)
	partner(func(p *Provider) { p.SAML = SAMLSettings{Metadata: metadataOf(t, tomorrow)} })(&s)
	if err := s.ValidateAt(at); err != nil {
		t.Error(err)
	}
	if got, known := s.Providers[0].SignsUntil(); !known || !got.Equal(tomorrow) {
		t.Errorf("it signs until %v (known: %t), want %v", got, known, tomorrow)
	}
	if _, known := own().Providers[0].SignsUntil(); known {
		t.Error("Google has a certificate")
	}
	partner(func(p *Provider) {
		p.SAML = SAMLSettings{Metadata: strings.Replace(metadataOf(t, tomorrow), signOut, "", 1), StaysSignedIn: true}
	})(&s)
	if err := s.ValidateAt(at); err != nil {
		t.Errorf("without single logout: %v", err)
	}
}

func TestRefusesMetadataWithWhichNobodyCouldSignIn(t *testing.T) {
	fine := metadataOf(t, at.AddDate(1, 0, 0))
	const anew = "; download it from the provider anew"
	for name, c := range map[string]struct{ metadata, want string }{
		"not XML":      {"{}", "must be SAML metadata, got EOF" + anew},
		"cut off":      {fine[:400], "must be SAML metadata, got XML syntax error on line 4: unexpected EOF" + anew},
		"another page": {"<html/>", "must be SAML metadata, got the element html in place of one EntityDescriptor" + anew},
		"a federation of several": {
			`<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">` + fine[21:] + `</EntitiesDescriptor>`,
			"must be SAML metadata, got the element EntitiesDescriptor in place of one EntityDescriptor" + anew,
		},
		"entities of its own": {
			strings.Replace(fine, "\n", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>`, 1),
			"must be SAML metadata, got a document with a DOCTYPE" + anew,
		},
		"nobody's": {
			strings.Replace(fine, `entityID="https://idp.partner.example"`, "", 1), "must have an entityID, got none" + anew,
		},
		"an application's": {
			strings.ReplaceAll(fine, "IDPSSODescriptor", "SPSSODescriptor"),
			"must describe an identity provider (IDPSSODescriptor), got none; take the provider's metadata, not that of an " +
				"application",
		},
		"no place to sign in, but by POST": {
			strings.Replace(fine, signOn, strings.Replace(signOn, ":HTTP-Redirect", ":HTTP-POST", 1), 1),
			"must have a SingleSignOnService with the binding HTTP-Redirect, got none" + anew,
		},
		"no place to sign out": {
			strings.Replace(fine, signOut, "", 1),
			"must have a SingleLogoutService with the binding HTTP-Redirect, got none; set StaysSignedIn: true, or add single " +
				"logout at the provider",
		},
		"two documents": {
			fine + strings.Replace(fine, `<?xml version="1.0"?>`, "", 1),
			"must be SAML metadata, got a second document behind the first" + anew,
		},
		"a place in the clear": {
			strings.Replace(fine, "https://idp.partner.example/sso", "http://idp.test/sso", 1),
			`must use https (http only for localhost), got "http://idp.test/sso"; write "https://idp.test/sso"`,
		},
		"a place to sign out in the clear": {
			strings.Replace(fine, "https://idp.partner.example/slo", "http://idp.test/slo", 1),
			`must use https (http only for localhost), got "http://idp.test/slo"; write "https://idp.test/slo"`,
		},
		"encrypts only": {
			strings.Replace(fine, `use="signing"`, `use="encryption"`, 1), "must have a signing certificate, got none" + anew,
		},
		"a certificate that is none": {
			strings.Replace(fine, "<X509Certificate>", "<X509Certificate>!", 1),
			"must have a signing certificate, got one that is not base64: illegal base64 data at input byte 0" + anew,
		},
		"a certificate of yesterday": {
			metadataOf(t, at),
			"must have a signing certificate that is still valid, got one until 2026-11-29" + anew,
		},
		"more than Cognito takes": {
			fine + strings.Repeat(" ", maxMetadata),
			"Cognito takes at most 131072 characters, got ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := own()
			partner(func(p *Provider) { p.SAML = SAMLSettings{Metadata: c.metadata} })(&s)
			err := s.ValidateAt(at)
			if err == nil {
				t.Fatal("accepted")
			}
			want := "SecureCart-Dev: Providers[0].SAML.Metadata: " + c.want
			if got := err.Error(); got != want && (len(c.metadata) <= maxMetadata || !strings.HasPrefix(got, want)) {
				t.Errorf("message differs\n got: %s\nwant: %s", got, want)
			}
		})
	}
}
