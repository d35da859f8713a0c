package cursor_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/cursor/cursortest"
)

const (
	alice   = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	mallory = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
	purpose = "orders-cursor"
)

func sealed(t *testing.T, s *cursor.Sealer, customer string) string {
	t.Helper()
	text, err := cursor.Seal(t.Context(), s, customer, end)
	if err != nil {
		t.Fatalf("Seal: %v", err)
	}
	return text
}

func TestSealedPositionComesBackToItsCustomer(t *testing.T) {
	sealer := cursor.NewSealer(cursortest.NewKey(t), purpose)
	text := sealed(t, sealer, alice)
	got, err := cursor.Open[position](t.Context(), sealer, alice, text)
	if err != nil || got != end {
		t.Errorf("Open = %+v, %v; want %+v", got, err, end)
	}
}

func TestSealedCursorShowsNothing(t *testing.T) {
	text := sealed(t, cursor.NewSealer(cursortest.NewKey(t), purpose), alice)
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("the cursor is not base64url without padding: %v", err)
	}
	for _, secret := range []string{end.ID, end.At, alice} {
		if strings.Contains(string(content), secret) {
			t.Errorf("the cursor shows %q", secret)
		}
	}
}

func TestSealedCursorIsRefusedToAnyoneAndAnythingElse(t *testing.T) {
	key := cursortest.NewKey(t)
	text := sealed(t, cursor.NewSealer(key, purpose), alice)
	for name, test := range map[string]struct {
		sealer   *cursor.Sealer
		customer string
	}{
		"another customer": {cursor.NewSealer(key, purpose), mallory},
		"no customer":      {cursor.NewSealer(key, purpose), ""},
		"another list":     {cursor.NewSealer(key, "invoices-cursor"), alice},
		"another key":      {cursor.NewSealer(cursortest.NewKey(t), purpose), alice},
	} {
		got, err := cursor.Open[position](t.Context(), test.sealer, test.customer, text)
		if !errors.Is(err, cursor.ErrInvalid) || got != (position{}) {
			t.Errorf("%s: Open = %+v, %v; want ErrInvalid", name, got, err)
		}
	}
}

func TestSealedCursorIsRefusedIfOneBitOrCharacterIsChanged(t *testing.T) {
	sealer := cursor.NewSealer(cursortest.NewKey(t), purpose)
	text := sealed(t, sealer, alice)
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	changed := []string{text[:len(text)-1], text + "A", text + "AAAA", text[4:]}
	for i := range content {
		for bit := range 8 {
			flipped := slices.Clone(content)
			flipped[i] ^= 1 << bit
			changed = append(changed, base64.RawURLEncoding.EncodeToString(flipped))
		}
	}
	for i := range text {
		other := "A"
		if text[i] == 'A' {
			other = "B"
		}
		changed = append(changed, text[:i]+other+text[i+1:], text[:i]+"\n"+text[i:])
	}
	for _, forged := range changed {
		if got, err := cursor.Open[position](t.Context(), sealer, alice, forged); !errors.Is(err, cursor.ErrInvalid) {
			t.Fatalf("Open(%q) = %+v, %v; want ErrInvalid (the original is %q)", forged, got, err, text)
		}
	}
}

func TestSealedCursorOfAnotherShapeIsRefused(t *testing.T) {
	sealer := cursor.NewSealer(cursortest.NewKey(t), purpose)
	text, err := cursor.Seal(t.Context(), sealer, alice, map[string]string{"id": "o-1"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := cursor.Open[position](t.Context(), sealer, alice, text); !errors.Is(err, cursor.ErrInvalid) {
		t.Errorf("Open = %+v, %v; want ErrInvalid", got, err)
	}
}

func TestKeyIsNotAskedAboutWhatCannotBeACursor(t *testing.T) {
	key := cursortest.NewKey(t)
	sealer := cursor.NewSealer(key, purpose)
	for _, text := range []string{"", "not base64url!", "A", strings.Repeat("A", cursor.MaxLength+1)} {
		if _, err := cursor.Open[position](t.Context(), sealer, alice, text); !errors.Is(err, cursor.ErrInvalid) {
			t.Errorf("Open(%.20q…) = %v, want ErrInvalid", text, err)
		}
	}
	if key.Calls() != 0 {
		t.Errorf("the key was used %d times, want never: KMS is paid by the call", key.Calls())
	}
}

func TestSealRefusesWhatOpenWouldNotTakeBack(t *testing.T) {
	sealer := cursor.NewSealer(cursortest.NewKey(t), purpose)
	text, err := cursor.Seal(t.Context(), sealer, alice, position{ID: strings.Repeat("o", cursor.MaxLength)})
	if err == nil {
		t.Errorf("Seal made a cursor of %d characters, which no request may send", len(text))
	}
}

// brokenKey fails for a reason that is not the cursor's.
type brokenKey struct{}

var errBroken = errors.New("out of order")

func (brokenKey) Encrypt(context.Context, []byte, map[string]string) ([]byte, error) {
	return nil, errBroken
}

func (brokenKey) Decrypt(context.Context, []byte, map[string]string) ([]byte, error) {
	return nil, errBroken
}

func TestFailureOfTheKeyBlamesNoCursor(t *testing.T) {
	sealer := cursor.NewSealer(brokenKey{}, purpose)
	_, err := cursor.Open[position](t.Context(), sealer, alice, "QUJD")
	if !errors.Is(err, errBroken) || errors.Is(err, cursor.ErrInvalid) {
		t.Errorf("Open: %v, want the failure of the key", err)
	}
	if text, err := cursor.Seal(t.Context(), sealer, alice, end); !errors.Is(err, errBroken) || text != "" {
		t.Errorf("Seal = %q, %v; want the failure of the key", text, err)
	}
}
