package proof

import "testing"

// An item without a challenge holds an empty one, and a malformed verifier has an empty challenge: the two must not
// match.
func TestNothingDoesNotMatchNothing(t *testing.T) {
	for _, verifier := range []string{"", "nonsense"} {
		if matches(verifier, "") {
			t.Errorf("%q matches the challenge of an item that has none", verifier)
		}
	}
}
