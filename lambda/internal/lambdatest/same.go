package lambdatest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Same checks that something is as wanted, and shows each difference.
func Same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
