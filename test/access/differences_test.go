package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// byName holds an entry for each role, caller or function, by its name.
type byName map[string]map[string][]string

// eachStageIsAsListed compares the grants of each stage's policies with the lists of this package. It reports a
// difference once, with its stages and the right entry, to be reviewed and pasted.
func eachStageIsAsListed(t *testing.T, what string, of func(*testing.T, *Subject) (listed, got byName)) {
	t.Helper()
	eachStageIsWritten(t, what, literal, of)
}

// writer writes what is right of an entry, in the form of its list. listed is nil for an entry that is missing.
type writer func(name string, listed, got map[string][]string) string

// eachStageIsWritten is eachStageIsAsListed for lists that are not Go.
func eachStageIsWritten(t *testing.T, what string, write writer, of func(*testing.T, *Subject) (listed, got byName)) {
	t.Helper()
	var mutex sync.Mutex
	stages := map[string][]string{}
	t.Run("stages", func(t *testing.T) {
		eachStage(t, func(t *testing.T, s *Subject) {
			listed, got := of(t, s)
			mutex.Lock()
			defer mutex.Unlock()
			for _, text := range differences(listed, got, write) {
				stages[text] = append(stages[text], s.ID)
			}
		})
	})
	for _, text := range slices.Sorted(maps.Keys(stages)) {
		in := strings.Join(slices.Sorted(slices.Values(stages[text])), ", ")
		if len(stages[text]) == len(config.Stages()) {
			in = "every stage"
		}
		t.Errorf("%s, in %s: %s", what, in, text)
	}
}

// differences describes each entry that differs.
func differences(listed, got byName, write writer) []string {
	var all []string
	names := maps.Clone(got)
	maps.Copy(names, listed)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		expected, isListed := listed[name]
		evaluated, exists := got[name]
		switch {
		case !exists:
			all = append(all, name+" is listed, and no template has it")
		case !isListed:
			all = append(all, name+" is not listed. It comes to\n"+write(name, nil, evaluated))
		case !cmp.Equal(expected, evaluated):
			all = append(all, fmt.Sprintf("%s (-listed +evaluated)\n%s\nIt comes to\n%s",
				name, cmp.Diff(expected, evaluated), write(name, expected, evaluated)))
		}
	}
	return all
}

// literal is an entry as Go source, without the parts that are listed as they are. A list literal has no name.
func literal(name string, listed, got map[string][]string) string {
	if list, ok := got[""]; ok {
		return fmt.Sprintf("%q: %s", name, quoted(list))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%q: {\n", name)
	for _, on := range sorted(got) {
		if was, isListed := listed[on]; !isListed || !slices.Equal(was, got[on]) {
			fmt.Fprintf(&text, "\t%q: %s\n", on, quoted(got[on]))
		}
	}
	for _, on := range sorted(listed) {
		if _, exists := got[on]; !exists {
			fmt.Fprintf(&text, "\t// remove %q\n", on)
		}
	}
	return text.String() + "},"
}

// quoted is a list as Go source: on one line if it is short.
func quoted(list []string) string {
	items := strings.Trim(fmt.Sprintf("%q", list), "[]")
	if len(items) < 60 {
		return "{" + strings.ReplaceAll(items, `" "`, `", "`) + "},"
	}
	return "{\n\t\t" + strings.ReplaceAll(items, `" "`, "\",\n\t\t\"") + ",\n\t},"
}

func TestADifferenceIsReportedWhole(t *testing.T) {
	listed := byName{"guest": {"a": {"s3:GetObject"}, "same": {"x"}, "old": {"x"}}, "gone": {}}
	got := byName{"guest": {"a": {"s3:GetObject", "s3:PutObject"}, "same": {"x"}}, "new": {"b": {"x"}}}
	all := strings.Join(differences(listed, got, literal), "\n")
	for _, want := range []string{
		"gone is listed, and no template has it", "new is not listed. It comes to\n\"new\": {\n\t\"b\": {\"x\"},\n},",
		"guest (-listed +evaluated)", "\"guest\": {\n\t\"a\": {\"s3:GetObject\", \"s3:PutObject\"},\n\t// remove \"old\"\n},",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("got %s\nwant it to have %s", all, want)
		}
	}
}
