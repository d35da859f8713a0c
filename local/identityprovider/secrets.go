package identityprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"regexp"
	"sync"
)

// Secrets stand in for AWS Secrets Manager. A secret that a template refers to is made at its first use, and is the
// same for the user pool and its provider. The zero value has no secrets yet.
type Secrets struct {
	mu    sync.Mutex
	texts map[string]string
	keys  map[string]*ecdsa.PrivateKey
}

// reference matches a dynamic reference,
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
var reference = regexp.MustCompile(`^\{\{resolve:secretsmanager:[^{}]+\}\}$`)

// Text returns the secret of a dynamic reference. It refuses other values: a literal in a template is no secret.
func (s *Secrets) Text(detail, value string) (string, error) {
	if err := refer(detail, value); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[value] == "" {
		if s.texts == nil {
			s.texts = map[string]string{}
		}
		s.texts[value] = rand.Text()
	}
	return s.texts[value], nil
}

// Key returns the private key of a dynamic reference, such as that of Sign in with Apple.
func (s *Secrets) Key(detail, value string) (*ecdsa.PrivateKey, error) {
	if err := refer(detail, value); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[value] == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		if s.keys == nil {
			s.keys = map[string]*ecdsa.PrivateKey{}
		}
		s.keys[value] = key
	}
	return s.keys[value], nil
}

func refer(detail, value string) error {
	if value == "" {
		return fmt.Errorf("%s is missing; refer to a secret", detail)
	}
	if !reference.MatchString(value) {
		return fmt.Errorf("%s is no dynamic reference; write {{resolve:secretsmanager:<name>:SecretString}}", detail)
	}
	return nil
}
