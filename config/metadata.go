package config

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxMetadata is the number of characters that CreateIdentityProvider takes as a value of ProviderDetails.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
const maxMetadata = 131072

// entityDescriptor is what Cognito needs of a SAML provider's metadata.
// https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
type entityDescriptor struct {
	XMLName  xml.Name
	EntityID string `xml:"entityID,attr"`
	IDP      *struct {
		Keys []struct {
			Use          string   `xml:"use,attr"`
			Certificates []string `xml:"http://www.w3.org/2000/09/xmldsig# KeyInfo>X509Data>X509Certificate"`
		} `xml:"urn:oasis:names:tc:SAML:2.0:metadata KeyDescriptor"`
		SignOn  []samlEndpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleSignOnService"`
		SignOut []samlEndpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleLogoutService"`
	} `xml:"urn:oasis:names:tc:SAML:2.0:metadata IDPSSODescriptor"`
}

// samlEndpoint is one of a provider's endpoints.
type samlEndpoint struct {
	Binding  string `xml:",attr"`
	Location string `xml:",attr"`
}

// redirectBinding is the binding by which Cognito sends customers to a SAML provider. Of the endpoints, Cognito keeps
// only SSORedirectBindingURI and SLORedirectBindingURI.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IdentityProviderType.html
const redirectBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

// byRedirect are the endpoints to which Cognito can send a customer.
func byRedirect(endpoints []samlEndpoint) []samlEndpoint {
	return slices.DeleteFunc(slices.Clone(endpoints), func(e samlEndpoint) bool { return e.Binding != redirectBinding })
}

// checkMetadata refuses metadata with which no customer could sign in, or out, at p.now.
func checkMetadata(field string, saml SAMLSettings, p *problems) {
	text := saml.Metadata
	const wayOut = "; download it from the provider anew"
	if utf8.RuneCountInString(text) > maxMetadata {
		p.add(field, "Cognito takes at most %d characters, got %d; use MetadataURL, or leave out what is not the "+
			"provider's", maxMetadata, utf8.RuneCountInString(text))
		return
	}
	entity, err := readMetadata(text)
	if err != nil {
		p.add(field, "must be SAML metadata, got %v"+wayOut, err)
		return
	}
	if entity.EntityID == "" {
		p.add(field, "must have an entityID, got none"+wayOut)
	}
	if entity.IDP == nil {
		p.add(field, "must describe an identity provider (IDPSSODescriptor), got none; take the provider's metadata, not "+
			"that of an application")
		return
	}
	signOn, signOut := byRedirect(entity.IDP.SignOn), byRedirect(entity.IDP.SignOut)
	for _, endpoint := range slices.Concat(signOn, signOut) {
		providerURL(field, endpoint.Location, p)
	}
	if len(signOn) == 0 {
		p.add(field, "must have a SingleSignOnService with the binding HTTP-Redirect, got none"+wayOut)
	}
	if len(signOut) == 0 && !saml.StaysSignedIn {
		p.add(field, "must have a SingleLogoutService with the binding HTTP-Redirect, got none; set StaysSignedIn: true, or "+
			"add single logout at the provider")
	}
	expires, err := entity.signsUntil()
	switch {
	case err != nil:
		p.add(field, "must have a signing certificate, got %v"+wayOut, err)
	case !p.now.Before(expires):
		p.add(field, "must have a signing certificate that is still valid, got one until %s"+wayOut,
			expires.Format(time.DateOnly))
	}
}

// readMetadata refuses everything that two parsers may read differently: a DOCTYPE, entities of the document's own, and
// a second root.
func readMetadata(text string) (entityDescriptor, error) {
	if err := oneRoot(text); err != nil {
		return entityDescriptor{}, err
	}
	var entity entityDescriptor
	if err := xml.Unmarshal([]byte(text), &entity); err != nil {
		return entityDescriptor{}, err
	}
	if entity.XMLName != (xml.Name{Space: "urn:oasis:names:tc:SAML:2.0:metadata", Local: "EntityDescriptor"}) {
		return entityDescriptor{}, fmt.Errorf("the element %s in place of one EntityDescriptor", entity.XMLName.Local)
	}
	return entity, nil
}

// oneRoot refuses the parts that xml.Unmarshal ignores: a DOCTYPE, and elements after the first root.
func oneRoot(text string) error {
	tokens := xml.NewDecoder(strings.NewReader(text))
	for depth, roots := 0, 0; ; {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.Directive:
			return errors.New("a document with a DOCTYPE")
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
		if roots > 1 {
			return errors.New("a second document behind the first")
		}
	}
}

// entityIDOf is the name that metadata gives to the provider, or empty if it cannot be read.
func entityIDOf(metadata string) string {
	entity, err := readMetadata(metadata)
	if err != nil {
		return ""
	}
	return entity.EntityID
}

// signsUntil is when the last of the signing certificates expires.
func (e entityDescriptor) signsUntil() (time.Time, error) {
	var last time.Time
	for _, key := range e.IDP.Keys {
		if key.Use != "" && key.Use != "signing" {
			continue
		}
		for _, text := range key.Certificates {
			expires, err := expiry(text)
			if err != nil {
				return time.Time{}, err
			}
			if expires.After(last) {
				last = expires
			}
		}
	}
	if last.IsZero() {
		return time.Time{}, errors.New("none")
	}
	return last, nil
}

// expiry is when a certificate expires. Metadata holds certificates as base64, without header, with any line breaks.
func expiry(text string) (time.Time, error) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return time.Time{}, fmt.Errorf("one that is not base64: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return time.Time{}, err
	}
	return certificate.NotAfter, nil
}

// MetadataNotice is how long before its last certificate expires embedded metadata should be replaced.
const MetadataNotice = 60 * 24 * time.Hour

// SignsUntil is when the last signing certificate in the embedded metadata expires. It returns false if the metadata is
// published elsewhere, or cannot be read.
func (p Provider) SignsUntil() (time.Time, bool) {
	entity, err := readMetadata(p.SAML.Metadata)
	if err != nil || entity.IDP == nil {
		return time.Time{}, false
	}
	expires, err := entity.signsUntil()
	return expires, err == nil
}
