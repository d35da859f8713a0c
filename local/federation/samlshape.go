package federation

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/beevik/etree"
	"github.com/crewjam/saml/xmlenc"
)

// wellFormed refuses XML that SAML's schema forbids and that parsers read differently: a document type, which may
// define entities, more than one root, assertion, subject or name, and elements inside a text. It also refuses a plain
// assertion where the template requires encryption.
func (s *samlParty) wellFormed(response []byte) error {
	if err := oneElement(response); err != nil {
		return err
	}
	root, err := rootOf(response)
	if err != nil {
		return err
	}
	// An assertion in any place and namespace counts, because another parser may read it.
	plain, encrypted := descendants(root, "Assertion"), descendants(root, "EncryptedAssertion")
	if found := len(plain) + len(encrypted); found > 1 {
		return fmt.Errorf("the response has %d assertions; want one", found)
	}
	switch {
	case len(encrypted) == 1:
		return s.wellFormedInside(encrypted[0])
	case len(plain) == 0:
		return nil // The library reads the status, which gives the reason.
	case s.encrypted:
		return errors.New("the assertion is not encrypted")
	}
	return wellFormedAssertion(plain[0])
}

// wellFormedInside looks into an encrypted assertion.
func (s *samlParty) wellFormedInside(sealed *etree.Element) error {
	data := descendants(sealed, "EncryptedData")
	if s.pool.Key == nil || len(data) != 1 {
		return errors.New("the encrypted assertion cannot be read")
	}
	text, err := xmlenc.Decrypt(s.pool.Key, data[0])
	if err != nil {
		return fmt.Errorf("the assertion cannot be decrypted: %w", err)
	}
	if err := oneElement(text); err != nil {
		return err
	}
	assertion, err := rootOf(text)
	if err != nil {
		return err
	}
	return wellFormedAssertion(assertion)
}

func wellFormedAssertion(assertion *etree.Element) error {
	if found := len(descendants(assertion, "Assertion", "EncryptedAssertion")); found > 0 {
		return fmt.Errorf("the assertion has %d more inside", found)
	}
	subjects := descendants(assertion, "Subject")
	if len(subjects) != 1 {
		return fmt.Errorf("the assertion has %d elements Subject; want one", len(subjects))
	}
	names := 0
	for _, child := range subjects[0].ChildElements() {
		if child.Tag == "NameID" {
			names++
		}
	}
	if names != 1 {
		return fmt.Errorf("the subject has %d elements NameID; want one", names)
	}
	for _, text := range descendants(assertion, "NameID", "AttributeValue") {
		if len(text.ChildElements()) > 0 {
			return fmt.Errorf("the %s has elements inside; want a text", text.Tag)
		}
	}
	return nil
}

func rootOf(document []byte) (*etree.Element, error) {
	parsed := etree.NewDocument()
	if err := parsed.ReadFromBytes(document); err != nil {
		return nil, fmt.Errorf("the response cannot be read: %w", err)
	}
	return parsed.Root(), nil
}

// descendants returns the elements inside another one that have one of these local names.
func descendants(element *etree.Element, names ...string) []*etree.Element {
	var found []*etree.Element
	for _, child := range element.ChildElements() {
		if slices.Contains(names, child.Tag) {
			found = append(found, child)
		}
		found = append(found, descendants(child, names...)...)
	}
	return found
}

// oneElement refuses a document type, and a document without exactly one root element.
func oneElement(document []byte) error {
	depth, roots := 0, 0
	for tokens := xml.NewDecoder(bytes.NewReader(document)); ; {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the response cannot be read: %w", err)
		}
		switch token.(type) {
		case xml.Directive:
			return errors.New("the response has a document type")
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 {
		return fmt.Errorf("the response has %d elements; want one", roots)
	}
	return nil
}
