package userpool

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const keyBits = 2048

// Keys sign the tokens of a user pool. As on AWS, one key signs ID tokens and another one access tokens.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
type Keys struct {
	// mutex is locked while the keys are replaced.
	mutex      sync.RWMutex
	id, access signingKey
}

type signingKey struct {
	public jose.JSONWebKey
	signer jose.Signer
}

// NewKeys makes keys, which takes some tenths of a second.
func NewKeys() (*Keys, error) {
	var keys Keys
	var errs [2]error
	var both sync.WaitGroup
	both.Go(func() { keys.id, errs[0] = newSigningKey() })
	both.Go(func() { keys.access, errs[1] = newSigningKey() })
	both.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("make the keys of the user pool: %w", err)
	}
	return &keys, nil
}

// replace makes new keys. They do not verify what the old keys signed.
func (k *Keys) replace() error {
	other, err := NewKeys()
	if err != nil {
		return err
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.id, k.access = other.id, other.access
	return nil
}

// both returns the current keys.
func (k *Keys) both() (id, access signingKey) {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	return k.id, k.access
}

func newSigningKey() (signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return signingKey{}, err
	}
	public := jose.JSONWebKey{Key: &private.PublicKey, Algorithm: string(jose.RS256), Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return signingKey{}, err
	}
	public.KeyID = base64.StdEncoding.EncodeToString(thumbprint)
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: private, KeyID: public.KeyID}}, nil)
	return signingKey{public, signer}, err
}

func (k *Keys) public() jose.JSONWebKeySet {
	id, access := k.both()
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{id.public, access.public}}
}

func (k signingKey) sign(claims map[string]any) (string, error) {
	return jwt.Signed(k.signer).Claims(claims).Serialize()
}

// algorithms are the accepted signature algorithms. The header of a token does not choose.
var algorithms = []jose.SignatureAlgorithm{jose.RS256}

// errSignature refuses a token that the pool has not signed.
var errSignature = errors.New("the signature is not of this user pool")

// verify returns the claims of a token that one of the keys has signed.
func (k *Keys) verify(token string) (map[string]any, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return nil, errSignature
	}
	var claims map[string]any
	if err := parsed.Claims(k.public(), &claims); err != nil {
		return nil, errSignature
	}
	return claims, nil
}
