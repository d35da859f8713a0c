package identityprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// algorithm is one that the user pool accepts, and whose keys are fast to make.
const algorithm = jose.ES256

// rotation is how long a key signs. It stays published while the next key signs.
const rotation = time.Hour

// keys sign ID tokens. The last key signs, and the one before it is still published.
type keys struct {
	mu    sync.Mutex
	since time.Time
	made  []signingKey
}

// signingKey implements op.SigningKey, and publicKey op.Key.
type (
	signingKey struct {
		id      string
		private *ecdsa.PrivateKey
	}
	publicKey struct{ signingKey }
)

func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) Key() any                                    { return k.private }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return algorithm }
func (k publicKey) Key() any                                     { return k.private.Public() }
func (k publicKey) Algorithm() jose.SignatureAlgorithm           { return algorithm }
func (k publicKey) Use() string                                  { return "sig" }

func (k *keys) signing() (signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := time.Now(); len(k.made) == 0 || now.Sub(k.since) >= rotation {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return signingKey{}, fmt.Errorf("key of an identity provider: %w", err)
		}
		k.made = append(k.made[max(len(k.made)-1, 0):], signingKey{rand.Text(), private})
		k.since = now
	}
	return k.made[len(k.made)-1], nil
}

func (k *keys) published() ([]op.Key, error) {
	if _, err := k.signing(); err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	var published []op.Key
	for _, key := range k.made {
		published = append(published, publicKey{key})
	}
	return published, nil
}
