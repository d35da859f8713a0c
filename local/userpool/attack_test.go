package userpool

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
)

// zeroKeySignature signs for "jane" with the session key that follows from A = 0 modulo N, whatever the password.
func zeroKeySignature(t testing.TB, e exchange, block, timestamp string) []byte {
	t.Helper()
	key := must.Get(
		hkdf.Key(sha256.New, []byte{0}, padded(digest(padded(e.a), padded(e.b))), keyPurpose, sessionKeySize))(t)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("pool00001" + "jane" + block + timestamp))
	return mac.Sum(nil)
}
