package userpool

import (
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"

	"github.com/securecart/identity/local/localtest/must"
)

// prove plays the client of cognito-srp against an exchange and tells whether it proved the password.
func prove(t testing.TB, key verifier, userID, typed string) bool {
	t.Helper()
	client := must.Get(cognitosrp.NewCognitoSRP("jane", typed, poolID, webID, nil))(t)
	a := must.Get(readSRPA(client.GetAuthParams()["SRP_A"]))(t)
	e := newExchange(key, a)
	block := []byte("a secret block")
	responses := must.Get(client.PasswordVerifierChallenge(map[string]string{
		"USER_ID_FOR_SRP": userID, "SALT": key.salt.Text(16), "SRP_B": e.b.Text(16),
		"SECRET_BLOCK": base64.StdEncoding.EncodeToString(block),
	}, time.Unix(0, 0)))(t)
	signature := must.Get(base64.StdEncoding.DecodeString(responses["PASSWORD_CLAIM_SIGNATURE"]))(t)
	return e.proves(signature, "pool00001", userID, block, responses["TIMESTAMP"])
}

func TestPasswordsAreProvedByThemselvesAndByNoOther(t *testing.T) {
	for right, wrong := range map[string]string{
		password: another, "a": "A", "pass:word": "pass", "ünïcödé 密码 🔑 P1": "u",
		strings.Repeat("long", 64): strings.Repeat("long", 63), " leading": "leading", "x\x00y": "x", "zero\n": "zero",
	} {
		key := newVerifier("pool00001", "some-sub", right)
		if !prove(t, key, "some-sub", right) {
			t.Errorf("%q does not prove itself", right)
		}
		if prove(t, key, "some-sub", wrong) {
			t.Errorf("%q passes for %q", wrong, right)
		}
		if !key.matches("pool00001", "some-sub", right) || key.matches("pool00001", "some-sub", wrong) ||
			key.matches("pool00001", "another-sub", right) {
			t.Errorf("the verifier of %q matches what it is not of, or not what it is of", right)
		}
	}
}

// Salts whose text is odd in length, or whose first bit is 1, are where implementations disagree about padding.
func TestSaltsAreHashedAsClientsHashThem(t *testing.T) {
	for _, salt := range []string{"1", "7f", "80", "ff", "fff", "8000", "0", "f0e1d2c3b4a5968778695a4b3c2d1e0f",
		"7" + strings.Repeat("0", 31)} {
		key := verifier{salt: number(salt)}
		key.v = verifierOf("pool00001", "jane", password, key.salt)
		if !prove(t, key, "jane", password) {
			t.Errorf("salt %s: the right password does not prove itself", salt)
		}
	}
}

// The library's authors publish this k; it takes all of N, g and the padding to get it.
func TestGroupIsCognitos(t *testing.T) {
	k, _ := new(big.Int).SetString("37772559067617796309459009502931177628717927509759535181635788491848250400486", 10)
	if multiplier.Cmp(k) != 0 {
		t.Errorf("k is %v, want %v", multiplier, k)
	}
	if !groupN.ProbablyPrime(0) || groupN.BitLen() != 3072 {
		t.Errorf("N is no prime of 3072 bits")
	}
}

func TestPublicValuesThatAreNoneAreRefused(t *testing.T) {
	n := func(factor int64) string { return new(big.Int).Mul(groupN, big.NewInt(factor)).Text(16) }
	for name, text := range map[string]string{
		"missing": "", "0": "0", "many zeros": strings.Repeat("0", 768), "N": n(1), "N with a sign byte": "00" + n(1),
		"2N": n(2), "too long": strings.Repeat("1", 771), "10 MB": strings.Repeat("a", 10<<20), "no hexadecimal": "xyz",
		"negative": "-1", "a sign": "+1", "a prefix": "0x10", "a space": " 10", "an underscore": "1_0", "no ASCII": "１０",
	} {
		if a, err := readSRPA(text); err == nil {
			t.Errorf("%s: read as a number of %d bits", name, a.BitLen())
		} else {
			wantRefusal(t, name, err, "InvalidParameterException")
		}
	}
	for _, text := range []string{"1", "abc", "ABC", "00abc", new(big.Int).Sub(groupN, big.NewInt(1)).Text(16)} {
		if _, err := readSRPA(text); err != nil {
			t.Errorf("%s is refused: %v", text, err)
		}
	}
}

// With A = 0 modulo N the session key would be known to everybody. This proves that the check above is what keeps it
// out.
func TestWithoutTheCheckAZeroWouldSignEverybodyIn(t *testing.T) {
	key := newVerifier("pool00001", "jane", password)
	for _, a := range []*big.Int{groupN, new(big.Int).Mul(groupN, big.NewInt(2))} {
		e := newExchange(key, a)
		if !e.proves(zeroKeySignature(t, e, "block", "then"), "pool00001", "jane", []byte("block"), "then") {
			t.Error("the attack does not work, so this test proves nothing")
		}
	}
}
