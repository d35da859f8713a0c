package lambdatest

import (
	"flag"
	"testing"

	"pgregory.net/rapid"
)

// Check is [rapid.Check] with 25 cases, unless the flag -rapid.checks gives another number. It is for properties whose
// every case calls the engine many times, and which show a mistake in one of the first cases or not at all.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	if given := flag.Lookup("rapid.checks"); given.Value.String() == given.DefValue {
		if err := given.Value.Set("25"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = given.Value.Set(given.DefValue) }() // its own
	}
	rapid.Check(t, property)
}
