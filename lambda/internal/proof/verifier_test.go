package proof_test

import (
	"crypto/sha256"
	"encoding/base64"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/proof"
)

func TestChallengeIsTheHashOfTheVerifiersCharacters(t *testing.T) {
	for made, from := range map[string]string{challenge: verifier, anotherChallenge: anotherVerifier} {
		if got, found := proof.ChallengeOf(from); !found || got != made {
			t.Errorf("ChallengeOf(%s) = %q, %t; want %s", from, got, found, made)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		verifier := base64.RawURLEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes"))
		hash := sha256.Sum256([]byte(verifier))
		want := base64.RawURLEncoding.EncodeToString(hash[:])
		got, found := proof.ChallengeOf(verifier)
		if !found || got != want || !proof.IsChallenge(got) {
			t.Fatalf("ChallengeOf(%s) = %q, %t; want %s", verifier, got, found, want)
		}
	})
}

func TestVerifierAndChallengeHaveExactlyOneForm(t *testing.T) {
	for name, text := range map[string]string{
		"empty":             "",
		"42":                verifier[:42],
		"44":                verifier + "A",
		"padded":            verifier + "=",
		"31 bytes":          strings.Repeat("A", 42),
		"33 bytes":          strings.Repeat("A", 44),
		"standard alphabet": "+" + verifier[1:],
		"slash":             "/" + verifier[1:],
		"space":             " " + verifier[1:],
		"line end":          verifier + "\n",
		"line end inside":   verifier[:20] + "\n" + verifier[20:],
		"line end at 43":    verifier[:42] + "\n",
		"carriage return":   verifier[:20] + "\r" + verifier[21:],
		"bits left over":    strings.Repeat("A", 42) + "B",
		"not ASCII":         "é" + verifier[2:],
		"hexadecimal":       strings.Repeat("a0", 32),
		"zero byte":         verifier[:42] + "\x00",
		"megabyte":          strings.Repeat("A", 1<<20),
	} {
		if made, found := proof.ChallengeOf(text); found || made != "" {
			t.Errorf("%s: %q is taken for a verifier", name, text)
		}
		if proof.IsChallenge(text) {
			t.Errorf("%s: %q is taken for a challenge", name, text)
		}
	}
	for _, text := range []string{verifier, challenge, anotherVerifier, strings.Repeat("_", 42) + "8"} {
		if !proof.IsChallenge(text) {
			t.Errorf("%q is not taken for a challenge", text)
		}
	}
}

// No test can measure the time of a comparison on a busy machine, so the test reads the source: only crypto/subtle may
// compare challenges.
func TestChallengesAreComparedInConstantTime(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "verifier.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constant := 0
	ast.Inspect(file, func(node ast.Node) bool {
		function, found := node.(*ast.FuncDecl)
		if !found || function.Name.Name != "matches" {
			return true
		}
		ast.Inspect(function, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				pkg, isName := node.X.(*ast.Ident)
				if isName && pkg.Name == "subtle" && node.Sel.Name == "ConstantTimeCompare" {
					constant++
				} else {
					t.Errorf("matches uses %s", node.Sel.Name)
				}
			case *ast.BinaryExpr:
				_, withNumber := node.Y.(*ast.BasicLit)
				if (node.Op == token.EQL || node.Op == token.NEQ) && !withNumber {
					t.Error("matches compares with ==")
				}
			}
			return true
		})
		return false
	})
	if constant != 1 {
		t.Errorf("%d comparisons in constant time, want 1", constant)
	}
}
