package userpool

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"math/big"
	"regexp"

	smithyrand "github.com/aws/smithy-go/rand"
)

// decoy stands for users who do not exist. It answers alike for the same name, and cannot be told from an existing user
// (RFC 5054, section 2.5.1.3).
type decoy struct {
	key []byte
	v   *big.Int
}

func newDecoy() decoy {
	key := make([]byte, sha256.Size)
	// crypto/rand does not fail.
	_, _ = rand.Read(key)
	// Nobody knows a password of this verifier. The server's public value hides that all decoys share it.
	return decoy{key: key, v: new(big.Int).Exp(groupG, random(secretBits), groupN)}
}

func (d decoy) derive(what, name string) []byte {
	mac := hmac.New(sha256.New, d.key)
	mac.Write([]byte(what + " " + name))
	return mac.Sum(nil)
}

func (d decoy) verifier(name string) verifier {
	return verifier{salt: new(big.Int).SetBytes(d.derive("salt", name)[:16]), v: d.v}
}

var uuidFormat = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// sub returns a random UUID (RFC 9562, version 4), as real users have it, unless the name is a UUID already.
func (d decoy) sub(name string) string {
	if uuidFormat.MatchString(name) {
		return name
	}
	return uuid(bytes.NewReader(d.derive("sub", name)))
}

// delivery returns where a code would go. A name that is no address gets a destination of its own, as if it were a sub.
func (d decoy) delivery(name string) Delivery {
	if emailFormat.MatchString(name) {
		return delivery("email", name)
	}
	letters := d.derive("email", name)
	letter := func(i int) string { return string('a' + rune(letters[i]%26)) }
	return delivery("email", letter(0)+"@"+letter(1))
}

func newUUID() string { return uuid(rand.Reader) }

// uuid makes a UUID of version 4 from 16 random bytes. Reading them does not fail.
func uuid(random io.Reader) string {
	id, _ := smithyrand.NewUUID(random).GetUUID()
	return id
}
