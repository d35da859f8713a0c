package threats

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Value is the value at a path of a resource's properties, if set.
type Value struct {
	of   Resource
	path []any
	Got  any
}

// At returns the value at a path. Steps are property names and indexes.
func (r Resource) At(path ...any) Value { return Value{r, path, dig(r.Properties, path...)} }

// At follows a path from here.
func (v Value) At(more ...any) Value {
	return Value{v.of, append(slices.Clone(v.path), more...), dig(v.Got, more...)}
}

// Fail records a finding about the value.
func (v Value) Fail(format string, args ...any) {
	v.of.stopUnread()
	v.of.Fail(written(v.path)+" "+format, args...)
}

// Is expects the value to equal want, where numbers may be written as int.
func (v Value) Is(want any) {
	if !equal(v.Got, want) {
		v.Fail("is %s, want %s", shown{v.Got}, shown{want})
	}
}

// Absent expects that the property is not set.
func (v Value) Absent() {
	if v.Got != nil {
		v.Fail("is %s, and must not be set", shown{v.Got})
	}
}

// Among expects one of the values.
func (v Value) Among(allowed ...any) {
	if !slices.ContainsFunc(allowed, func(want any) bool { return equal(v.Got, want) }) {
		v.Fail("is %s, want one of %s", shown{v.Got}, shown{allowed})
	}
}

// Between expects a number of this range; a number that is not set leaves it to a default of AWS and is refused.
func (v Value) Between(least, most float64) {
	if n, isNumber := v.Got.(float64); !isNumber || n < least || n > most {
		v.Fail("is %s, want %v to %v", shown{v.Got}, least, most)
	}
}

// Number is the value, which must be a number; anything else is a finding.
func (v Value) Number() float64 {
	n, isNumber := v.Got.(float64)
	if !isNumber {
		v.Fail("is %s, want a number", shown{v.Got})
	}
	return n
}

// Each returns the elements of a list, which may not be empty or something else.
func (v Value) Each() []Value {
	list, _ := v.Got.([]any)
	if len(list) == 0 {
		v.Fail("is %s, want a list with something in it", shown{v.Got})
	}
	return v.Elements()
}

// Elements returns the elements of a list, none if it is empty or not set.
func (v Value) Elements() []Value {
	list, _ := v.Got.([]any)
	values := make([]Value, 0, len(list))
	for i := range list {
		values = append(values, v.At(i))
	}
	return values
}

// Keys are the sorted keys of an object, none if it is not set.
func (v Value) Keys() []string {
	object, _ := v.Got.(map[string]any)
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Text is the value in the form of Stage.Text. A value without such a form is a finding.
func (v Value) Text() string {
	if text, isText := v.Got.(string); isText {
		return text
	}
	text, err := v.of.in.text(v.of.stack, v.Got)
	if err != nil {
		v.Fail("cannot be judged: %v", err)
	}
	return text
}

// Texts are the texts of a list that is not empty.
func (v Value) Texts() []string {
	var texts []string
	for _, element := range v.Each() {
		texts = append(texts, element.Text())
	}
	return texts
}

// Reads expects the value to be written as want.
func (v Value) Reads(want string) {
	if got := v.Text(); got != want {
		v.Fail("is %q, want %q", got, want)
	}
}

// Lists expects a list of exactly these texts, in any order.
func (v Value) Lists(want ...string) {
	got := v.Texts()
	if sorted(got) != sorted(want) {
		v.Fail("is %s, want %s", sorted(got), sorted(want))
	}
}

// Within expects a list of some of these texts and of no others.
func (v Value) Within(allowed ...string) {
	if others := difference(v.Texts(), allowed); len(others) > 0 {
		v.Fail("holds %s, which nobody allowed", sorted(others))
	}
}

// Contains reports whether a list holds the text, whatever else it holds.
func (v Value) Contains(text string) bool {
	return slices.ContainsFunc(v.Elements(), func(element Value) bool { return element.Got == text })
}

func equal(got, want any) bool {
	if n, isInt := want.(int); isInt {
		want = float64(n)
	}
	return same(got, want)
}

// same reports whether two decoded JSON values are equal, in a fraction of the time of reflect.DeepEqual.
func same(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, isObject := b.(map[string]any)
		return isObject && maps.EqualFunc(a, b, same)
	case []any:
		b, isList := b.([]any)
		return isList && slices.EqualFunc(a, b, same)
	}
	return a == b
}

// shown is a value as findings show it, as JSON if possible. It is written only where the finding is.
type shown struct{ value any }

func (s shown) String() string {
	if s.value == nil {
		return "not set"
	}
	data, err := json.Marshal(s.value)
	if err != nil {
		return "what cannot be written"
	}
	return strings.TrimSpace(string(data))
}

// consistsOf expects the value to equal want, where references are written as Stage.Text writes them.
func (v Value) consistsOf(want any) {
	if !v.agrees(v.Got, want) {
		v.of.stopUnread()
		v.Fail("is %s, want %s", shown{v.written(v.Got)}, shown{want})
	}
}

// agrees reports whether a value with its references as texts equals want. It makes no copy, because mutations ask it
// a million times.
func (v Value) agrees(got, want any) bool {
	switch got := got.(type) {
	case object:
		if refers(got) {
			return Value{v.of, v.path, got}.Text() == want
		}
		wanted, isObject := want.(object)
		if !isObject || len(got) != len(wanted) {
			return false
		}
		for key, inner := range got {
			if expected, has := wanted[key]; !has || !v.agrees(inner, expected) {
				return false
			}
		}
		return true
	case []any:
		wanted, isList := want.([]any)
		return isList && slices.EqualFunc(got, wanted, v.agrees)
	}
	return got == want
}

// written is a value with its references as texts.
func (v Value) written(value any) any {
	switch value := value.(type) {
	case object:
		if refers(value) {
			return Value{v.of, v.path, value}.Text()
		}
		out := object{}
		for key, inner := range value {
			out[key] = v.written(inner)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, inner := range value {
			out[i] = v.written(inner)
		}
		return out
	}
	return value
}
