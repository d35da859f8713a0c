package cursor

import (
	"context"
	"encoding/json"
	"fmt"
)

// A Key encrypts with authentication: no bit of a ciphertext can be changed, and it can be decrypted only in the
// context in which it was encrypted. The context itself is not secret.
type Key interface {
	Encrypt(ctx context.Context, plain []byte, within map[string]string) ([]byte, error)
	// Decrypt returns [ErrInvalid] for a text that Encrypt did not return within this context, and another error if the
	// check failed.
	Decrypt(ctx context.Context, sealed []byte, within map[string]string) ([]byte, error)
}

// A Sealer makes cursors that only their customer can use, and that nobody can read or change.
type Sealer struct {
	key     Key
	purpose string
}

// NewSealer returns a Sealer for one list. The purpose makes its cursors invalid for other lists, even for the same
// customer and key.
func NewSealer(key Key, purpose string) *Sealer {
	return &Sealer{key: key, purpose: purpose}
}

// Seal returns the customer's cursor for a position.
func Seal[P any](ctx context.Context, s *Sealer, customer string, position P) (string, error) {
	plain, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("encode a position: %w", err)
	}
	sealed, err := s.key.Encrypt(ctx, plain, s.within(customer))
	if err != nil {
		return "", fmt.Errorf("seal a cursor: %w", err)
	}
	return written(sealed)
}

// Open returns the position of a cursor that [Seal] made for this customer. The error is [ErrInvalid] for any other
// text, and another error if the check failed.
func Open[P any](ctx context.Context, s *Sealer, customer, text string) (P, error) {
	sealed, err := read(text)
	if err != nil {
		return *new(P), err
	}
	plain, err := s.key.Decrypt(ctx, sealed, s.within(customer))
	if err != nil {
		return *new(P), fmt.Errorf("open a cursor: %w", err)
	}
	return parse[P](plain)
}

func (s *Sealer) within(customer string) map[string]string {
	return map[string]string{"purpose": s.purpose, "customer": customer}
}
