package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/cursor/cursortest"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

var (
	plain  = []byte(`{"id":"o-1"}`)
	within = map[string]string{"purpose": "orders-cursor", "customer": "alice"}
)

func keyAt(t *testing.T, url, arn string) *kmsKey {
	t.Helper()
	return newKMSKey(kms.NewFromConfig(lambdatest.AWSConfig(url)), arn)
}

func TestKeyOpensWhatItSealed(t *testing.T) {
	key := keyAt(t, serveKMS(t, cursortest.NewKey(t)), keyARN)
	sealed, err := key.Encrypt(t.Context(), plain, within)
	if err != nil {
		t.Fatalf("Encrypt: %v", err)
	}
	got, err := key.Decrypt(t.Context(), sealed, within)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("Decrypt = %q, %v; want %q", got, err, plain)
	}
}

func TestKeyRefusesAnotherContextAndAChangedByte(t *testing.T) {
	key := keyAt(t, serveKMS(t, cursortest.NewKey(t)), keyARN)
	sealed, err := key.Encrypt(t.Context(), plain, within)
	if err != nil {
		t.Fatalf("Encrypt: %v", err)
	}
	for name, other := range map[string]map[string]string{
		"another customer": {"purpose": "orders-cursor", "customer": "mallory"},
		"another purpose":  {"purpose": "invoices-cursor", "customer": "alice"},
		"less":             {"customer": "alice"},
		"none":             nil,
	} {
		if got, err := key.Decrypt(t.Context(), sealed, other); !errors.Is(err, cursor.ErrInvalid) {
			t.Errorf("context %s: Decrypt = %q, %v; want ErrInvalid", name, got, err)
		}
	}
	sealed[len(sealed)/2] ^= 1
	if got, err := key.Decrypt(t.Context(), sealed, within); !errors.Is(err, cursor.ErrInvalid) {
		t.Errorf("one bit changed: Decrypt = %q, %v; want ErrInvalid", got, err)
	}
}

func TestKeyIsTheOneOfTheARN(t *testing.T) {
	service := serveKMS(t, cursortest.NewKey(t))
	sealed, err := keyAt(t, service, keyARN).Encrypt(t.Context(), plain, within)
	if err != nil {
		t.Fatalf("Encrypt: %v", err)
	}
	other := keyAt(t, service, "arn:aws:kms:eu-central-1:111122223333:key/another")
	if _, err := other.Encrypt(t.Context(), plain, within); err == nil {
		t.Error("Encrypt took a key that does not exist: the ARN is not sent")
	}
	if got, err := other.Decrypt(t.Context(), sealed, within); err == nil {
		t.Errorf("Decrypt = %q with a key that does not exist: the ARN is not sent", got)
	}
}

func TestOnlyAVerdictOfKMSMakesACursorInvalid(t *testing.T) {
	// Maps each error code to whether it is a verdict on the cursor.
	for code, verdict := range map[string]bool{
		"InvalidCiphertextException": true,
		"IncorrectKeyException":      true,
		"ThrottlingException":        false,
		"KMSInternalException":       false,
		"DependencyTimeoutException": false,
		"AccessDeniedException":      false,
		"DisabledException":          false,
		"KMSInvalidStateException":   false,
		"NotFoundException":          false,
	} {
		key := keyAt(t, lambdatest.Refusing(t, 400, code).URL, keyARN)
		_, err := key.Decrypt(t.Context(), []byte("sealed"), within)
		if err == nil || errors.Is(err, cursor.ErrInvalid) != verdict {
			t.Errorf("Decrypt, KMS saying %s: %v; want ErrInvalid %t", code, err, verdict)
		}
		_, err = key.Encrypt(t.Context(), plain, within)
		if got, _, found := function.Fault(err); !found || got != code {
			t.Errorf("Encrypt, KMS saying %s: %v, whose fault is %q", code, err, got)
		}
	}
}

// kmsMessage has the fields of all requests and answers, and of the errors, that KMS exchanges over HTTP.
type kmsMessage struct {
	KeyID             string            `json:"KeyId,omitempty"`
	Plaintext         []byte            `json:",omitempty"`
	CiphertextBlob    []byte            `json:",omitempty"`
	EncryptionContext map[string]string `json:",omitempty"`
	Type              string            `json:"__type,omitempty"`
}

// keyARN is the name of the key.
const keyARN = "arn:aws:kms:eu-central-1:111122223333:key/0d1e2f3a-4b5c-6d7e-8f90-a1b2c3d4e5f6"

// serveKMS returns the URL of a server that speaks KMS's JSON protocol for a key.
func serveKMS(t testing.TB, key *cursortest.Key) string {
	t.Helper()
	return lambdatest.Answering(t, func(r *http.Request, request kmsMessage) (int, any) {
		answer := answerByKMS(r.Context(), key, r.Header.Get("X-Amz-Target"), request)
		if answer.Type != "" {
			return http.StatusBadRequest, answer
		}
		return http.StatusOK, answer
	}).URL
}

func answerByKMS(ctx context.Context, k *cursortest.Key, target string, request kmsMessage) kmsMessage {
	if request.KeyID != keyARN {
		return kmsMessage{Type: "NotFoundException"}
	}
	answer := kmsMessage{KeyID: keyARN}
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
