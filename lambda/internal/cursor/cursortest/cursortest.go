// Package cursortest provides a key for tests of cursors.
package cursortest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"sync/atomic"
	"testing"

	"github.com/securecart/identity/lambda/internal/cursor"
)

// A Key stands in for a symmetric key of AWS KMS. As there, a ciphertext is AES-256-GCM with the encryption context
// as additional data, so that a test of tampering tests real authentication.
type Key struct {
	sealing cipher.AEAD
	calls   atomic.Int64
}

// NewKey returns a Key with random key material.
func NewKey(t testing.TB) *Key {
	t.Helper()
	material := make([]byte, 32)
	// It never fails: since Go 1.24 a failure ends the program.
	_, _ = rand.Read(material)
	block, err := aes.NewCipher(material)
	if err != nil {
		t.Fatalf("make an AES key: %v", err)
	}
	sealing, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatalf("make an AES-GCM key: %v", err)
	}
	return &Key{sealing: sealing}
}

// Calls returns how often the Key was used.
func (k *Key) Calls() int {
	return int(k.calls.Load())
}

// Encrypt seals plain within a context.
func (k *Key) Encrypt(_ context.Context, plain []byte, within map[string]string) ([]byte, error) {
	k.calls.Add(1)
	data, err := json.Marshal(within)
	if err != nil {
		return nil, err
	}
	return k.sealing.Seal(nil, nil, plain, data), nil
}

// Decrypt opens what Encrypt has sealed.
func (k *Key) Decrypt(_ context.Context, sealed []byte, within map[string]string) ([]byte, error) {
	k.calls.Add(1)
	data, err := json.Marshal(within)
	if err != nil {
		return nil, err
	}
	plain, err := k.sealing.Open(nil, nil, sealed, data)
	if err != nil {
		return nil, cursor.ErrInvalid
	}
	return plain, nil
}
