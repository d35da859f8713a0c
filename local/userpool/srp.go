package userpool

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"math/big"
)

// Cognito's SRP-6a (RFC 5054, section 2.5 and 2.6) in the group of 3072 bits of RFC 3526, section 4, with generator 2.
// Numbers are hashed as unsigned big-endian bytes, with a zero byte before one that begins with a 1 bit.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
var (
	groupN = number("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
		"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
		"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
		"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
		"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
		"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
		"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF")
	groupG     = big.NewInt(2)
	multiplier = digest(padded(groupN), padded(groupG))
)

const (
	// secretBits is how long the server's secret exponent is; RFC 5054 wants 256 at least.
	secretBits = 256
	// sessionKeySize is in bytes, and keyPurpose the info of the derivation (HKDF, RFC 5869).
	sessionKeySize = 16
	keyPurpose     = "Caldera Derived Key"
)

func number(digits string) *big.Int {
	n, ok := new(big.Int).SetString(digits, 16)
	if !ok {
		panic("not a hexadecimal number")
	}
	return n
}

// padded returns the bytes of a number as they are hashed.
func padded(n *big.Int) []byte {
	text := n.Bytes()
	if len(text) == 0 || text[0] >= 0x80 {
		return append([]byte{0}, text...)
	}
	return text
}

func digest(parts ...[]byte) *big.Int {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write(part)
	}
	return new(big.Int).SetBytes(hash.Sum(nil))
}

// random returns a number of at most so many bits.
func random(bits uint) *big.Int {
	// crypto/rand does not fail: the program ends if the system has no randomness.
	n, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), bits))
	return n
}

// verifier is what the pool stores of a password.
type verifier struct{ salt, v *big.Int }

// newVerifier makes the verifier of a user's password. A user pool goes into it by the part of its id after the Region.
func newVerifier(pool, userID, password string) verifier {
	salt := random(128)
	return verifier{salt, verifierOf(pool, userID, password, salt)}
}

func verifierOf(pool, userID, password string, salt *big.Int) *big.Int {
	identity := sha256.Sum256([]byte(pool + userID + ":" + password))
	x := digest(padded(salt), identity[:])
	return new(big.Int).Exp(groupG, x, groupN)
}

// matches tells whether a password has this verifier.
func (k verifier) matches(pool, userID, password string) bool {
	want, got := make([]byte, len(groupN.Bytes())), make([]byte, len(groupN.Bytes()))
	k.v.FillBytes(want)
	verifierOf(pool, userID, password, k.salt).FillBytes(got)
	return subtle.ConstantTimeCompare(want, got) == 1
}

// readSRPA reads the client's public value. With a value that is 0 modulo N, the session key would be known without the
// password.
func readSRPA(text string) (*big.Int, error) {
	// Leading zeros and a sign byte are tolerated, as long as the number itself is not longer than N.
	if len(text) > len(groupN.Text(16))+2 {
		return nil, invalidParameter("SRP_A is too long.")
	}
	if _, err := hex.DecodeString(text + text); err != nil || text == "" {
		return nil, invalidParameter("SRP_A is not a hexadecimal number.")
	}
	a := number(text)
	if new(big.Int).Mod(a, groupN).Sign() == 0 {
		return nil, invalidParameter("SRP_A must not be 0 modulo N.")
	}
	return a, nil
}

// exchange is the server's half of one sign-in.
type exchange struct {
	key verifier
	// a and b are the public values of client and server, secret is the server's own.
	a, b, secret *big.Int
}

func newExchange(key verifier, a *big.Int) exchange {
	kv := new(big.Int).Mul(multiplier, key.v)
	for {
		secret := random(secretBits)
		b := new(big.Int).Exp(groupG, secret, groupN)
		if b.Add(b, kv).Mod(b, groupN).Sign() != 0 {
			return exchange{key: key, a: a, b: b, secret: secret}
		}
	}
}

// proves tells whether a signature proves the password. It is the HMAC, by the session key, of the pool, the user, the
// secret block and the client's timestamp.
func (e exchange) proves(signature []byte, pool, userID string, secretBlock []byte, timestamp string) bool {
	u := digest(padded(e.a), padded(e.b))
	if u.Sign() == 0 {
		return false
	}
	s := new(big.Int).Exp(e.key.v, u, groupN)
	s.Mul(s, e.a).Exp(s, e.secret, groupN)
	key, err := hkdf.Key(sha256.New, padded(s), padded(u), keyPurpose, sessionKeySize)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(pool + userID))
	mac.Write(secretBlock)
	mac.Write([]byte(timestamp))
	return hmac.Equal(mac.Sum(nil), signature)
}
