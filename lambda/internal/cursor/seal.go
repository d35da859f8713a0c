package cursor

import (
	"context"
	"encoding/json"
	"fmt"
)

// A Key encrypts with authentication: of what it returns no bit can be changed, and it can be decrypted only in the
// context it was encrypted in. The context itself is no secret.
type Key interface {
	Encrypt(ctx context.Context, plain []byte, within map[string]string) ([]byte, error)
	// Decrypt returns [ErrInvalid] for what Encrypt did not return, or not within this context, and another error if that
	// could not be found out.
	Decrypt(ctx context.Context, sealed []byte, within map[string]string) ([]byte, error)
}

// A Sealer makes cursors that only the customer they were made for can use, that show nothing, and in which nothing can
// be changed.
type Sealer struct {
	key     Key
	purpose string
}

// NewSealer returns a Sealer for one list. The purpose keeps the cursors of two lists apart, even those of one customer
// under one key.
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

// Open returns the position of a cursor that [Seal] made for this customer. The error is [ErrInvalid] if it did not,
// and another if that could not be found out.
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
