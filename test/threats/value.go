package threats

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// value is what stands at a path of a resource's properties, if anything.
type value struct {
	of   resource
	path []any
	got  any
}

// at returns the value at a path. Steps are property names and indexes.
func (r resource) at(path ...any) value { return value{r, path, dig(r.Properties, path...)} }

// at follows a path from here.
func (v value) at(more ...any) value {
	return value{v.of, append(slices.Clone(v.path), more...), dig(v.got, more...)}
}

// fail records a finding about the value.
func (v value) fail(format string, args ...any) {
	v.of.fail(written(v.path)+" "+format, args...)
}

// is expects the value to equal want, where numbers may be written as int.
func (v value) is(want any) {
	if !equal(v.got, want) {
		v.fail("is %s, want %s", shown(v.got), shown(want))
	}
}

// absent expects that the property is not set.
func (v value) absent() {
	if v.got != nil {
		v.fail("is %s, and must not be set", shown(v.got))
	}
}

// among expects one of the values.
func (v value) among(allowed ...any) {
	if !slices.ContainsFunc(allowed, func(want any) bool { return equal(v.got, want) }) {
		v.fail("is %s, want one of %s", shown(v.got), shown(allowed))
	}
}

// between expects a number of this range; a number that is not set leaves it to a default of AWS and is refused.
func (v value) between(least, most float64) {
	if n, isNumber := v.got.(float64); !isNumber || n < least || n > most {
		v.fail("is %s, want %v to %v", shown(v.got), least, most)
	}
}

// number is the value if it is a number. Another value is a finding.
func (v value) number() float64 {
	n, isNumber := v.got.(float64)
	if !isNumber {
		v.fail("is %s, want a number", shown(v.got))
	}
	return n
}

// each returns the elements of a list, which may not be empty or something else.
func (v value) each() []value {
	list, _ := v.got.([]any)
	if len(list) == 0 {
		v.fail("is %s, want a list with something in it", shown(v.got))
	}
	return v.elements()
}

// elements returns the elements of a list, none if it is empty or not set.
func (v value) elements() []value {
	list, _ := v.got.([]any)
	values := make([]value, 0, len(list))
	for i := range list {
		values = append(values, v.at(i))
	}
	return values
}

// keys are the sorted keys of an object, none if it is not set.
func (v value) keys() []string {
	object, _ := v.got.(map[string]any)
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// text is the value as Stage.Text writes it. What cannot be written is a finding.
func (v value) text() string {
	if text, isText := v.got.(string); isText {
		return text
	}
	text, err := v.of.in.Text(*v.of.stack, v.got)
	if err != nil {
		v.fail("cannot be judged: %v", err)
	}
	return text
}

// texts are the texts of a list that is not empty.
func (v value) texts() []string {
	var texts []string
	for _, element := range v.each() {
		texts = append(texts, element.text())
	}
	return texts
}

// reads expects the value to be written as want.
func (v value) reads(want string) {
	if got := v.text(); got != want {
		v.fail("is %q, want %q", got, want)
	}
}

// lists expects a list of exactly these texts, in any order.
func (v value) lists(want ...string) {
	got := v.texts()
	if sorted(got) != sorted(want) {
		v.fail("is %s, want %s", sorted(got), sorted(want))
	}
}

// within expects a list of some of these texts and of no others.
func (v value) within(allowed ...string) {
	if others := difference(v.texts(), allowed); len(others) > 0 {
		v.fail("holds %s, which nobody allowed", sorted(others))
	}
}

// contains reports whether a list holds the text, whatever else it holds.
func (v value) contains(text string) bool {
	return slices.ContainsFunc(v.elements(), func(element value) bool { return element.got == text })
}

func equal(got, want any) bool {
	if n, isInt := want.(int); isInt {
		want = float64(n)
	}
	return reflect.DeepEqual(got, want)
}

// shown writes a value for a finding: as JSON, or as what JSON cannot say.
func shown(v any) string {
	if v == nil {
		return "not set"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "what cannot be written"
	}
	return strings.TrimSpace(string(data))
}
