package test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
)

// TestRowsOfTheDocumentationNameTheirProof: a row of docs/aws.md that depends on a template names the threat whose
// check proves it, or a test of this package with the row's number.
func TestRowsOfTheDocumentationNameTheirProof(t *testing.T) {
	rows, tests := read(t, root+"/docs/aws.md"), read(t, "retention_test.go")
	documented := submatches("`Test([BCDR][0-9]+)…`", rows)
	proven := submatches(`(?m)^func Test([BCDR][0-9]+)[A-Z]`, tests)
	if len(proven) == 0 || !slices.Equal(documented, proven) {
		t.Errorf("docs/aws.md names template tests of %v, and there are tests of %v", documented, proven)
	}
	named := submatches(`threats? ([UIA][0-9]+(?:, [UIA][0-9]+)*)`, rows)
	for _, ids := range named {
		for id := range strings.SplitSeq(ids, ", ") {
			if threat, found := threats.ByID(id); !found || !threat.Checked() {
				t.Errorf("docs/aws.md names threat %s, which no template is checked for", id)
			}
		}
	}
	if len(named) < 10 {
		t.Errorf("docs/aws.md names threats in %d rows only", len(named))
	}
}

// submatches are what the parentheses of a pattern match, sorted.
func submatches(pattern, text string) []string {
	var all []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}
