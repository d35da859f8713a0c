package lambdatest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/securecart/identity/lambda/internal/cursor"
)

// KeyARN is the name of the key.
const KeyARN = "arn:aws:kms:eu-central-1:111122223333:key/0d1e2f3a-4b5c-6d7e-8f90-a1b2c3d4e5f6"

// A KMSKey stands in for a symmetric key of AWS KMS. As there, a ciphertext is AES-256-GCM with the encryption context
// as additional data, so that a test of tampering tests real authentication.
type KMSKey struct {
	sealing cipher.AEAD
	calls   atomic.Int64
}

// NewKMSKey returns a Key with random key material.
func NewKMSKey(t testing.TB) *KMSKey {
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
	return &KMSKey{sealing: sealing}
}

// Calls returns how often the Key was used.
func (k *KMSKey) Calls() int {
	return int(k.calls.Load())
}

// Encrypt seals plain within a context.
func (k *KMSKey) Encrypt(_ context.Context, plain []byte, within map[string]string) ([]byte, error) {
	k.calls.Add(1)
	data, err := json.Marshal(within)
	if err != nil {
		return nil, err
	}
	return k.sealing.Seal(nil, nil, plain, data), nil
}

// Decrypt opens what Encrypt has sealed.
func (k *KMSKey) Decrypt(_ context.Context, sealed []byte, within map[string]string) ([]byte, error) {
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

// kmsMessage has the fields of all requests and answers, and of the errors, that KMS exchanges over HTTP.
type kmsMessage struct {
	KeyID             string            `json:"KeyId,omitempty"`
	Plaintext         []byte            `json:",omitempty"`
	CiphertextBlob    []byte            `json:",omitempty"`
	EncryptionContext map[string]string `json:",omitempty"`
	Type              string            `json:"__type,omitempty"`
}

// Serve returns the URL of a server that speaks KMS's JSON protocol for the Key.
func (k *KMSKey) Serve(t testing.TB) string {
	t.Helper()
	return Answering(t, func(r *http.Request, request kmsMessage) (int, any) {
		answer := k.answer(r.Context(), r.Header.Get("X-Amz-Target"), request)
		if answer.Type != "" {
			return http.StatusBadRequest, answer
		}
		return http.StatusOK, answer
	}).URL
}

func (k *KMSKey) answer(ctx context.Context, target string, request kmsMessage) kmsMessage {
	if request.KeyID != KeyARN {
		return kmsMessage{Type: "NotFoundException"}
	}
	answer := kmsMessage{KeyID: KeyARN}
	var err error
	switch target {
	case "TrentService.Encrypt":
		answer.CiphertextBlob, err = k.Encrypt(ctx, request.Plaintext, request.EncryptionContext)
	case "TrentService.Decrypt":
		answer.Plaintext, err = k.Decrypt(ctx, request.CiphertextBlob, request.EncryptionContext)
	default:
		return kmsMessage{Type: "UnknownOperationException"}
	}
	if err != nil {
		return kmsMessage{Type: "InvalidCiphertextException"}
	}
	return answer
}
