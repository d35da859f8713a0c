package threats

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// shape is what properties a value may have, whatever they are set to. It is written as names in alphabetical order, apart
// from those that are deeper in the value:
//
//	Name          a text, number or flag, or a reference to one
//	Name(A B)     an object with no other properties than these; Name() with none
//	Name[]        a list of texts, numbers or flags; Name[](A B) of such objects
//	Name{}        an object whose keys somebody chose, such as tags
//	Name*         whatever it is
type shape struct {
	// fields are the properties of an object, by their names; nil if it is none.
	fields map[string]*shape
	// names are those of the fields, sorted.
	names []string
	// of is the shape of a list's elements, or of the values of an object whose keys somebody chose.
	of             *shape
	list, anything bool
}

var (
	shapeToken = regexp.MustCompile(`[A-Za-z0-9]+|\S`)
	shapeName  = regexp.MustCompile(`^[A-Za-z0-9]+$`)
)

// shaped reads the shape of an object's properties. It panics if the text, which stands in this package, is not written as said.
func shaped(text string) *shape {
	r := shapeReader{tokens: shapeToken.FindAllString(text, -1)}
	s := r.fields()
	if len(r.tokens) > 0 {
		panic(fmt.Sprintf("threats: %s stands where a name is expected, in the shape %s", r.tokens[0], text))
	}
	return s
}

// shapeReader holds what is still to be read.
type shapeReader struct{ tokens []string }

// took reports whether these tokens come next, and if so goes on behind them.
func (r *shapeReader) took(tokens ...string) bool {
	if len(r.tokens) < len(tokens) || !slices.Equal(r.tokens[:len(tokens)], tokens) {
		return false
	}
	r.tokens = r.tokens[len(tokens):]
	return true
}

func (r *shapeReader) fields() *shape {
	s, last := &shape{fields: map[string]*shape{}}, ""
	for len(r.tokens) > 0 && shapeName.MatchString(r.tokens[0]) {
		name := r.tokens[0]
		if name <= last {
			panic(fmt.Sprintf("threats: %s stands behind %s in a shape, want alphabetical order and each name once", name, last))
		}
		r.took(name)
		s.fields[name], s.names, last = r.value(), append(s.names, name), name
	}
	return s
}

func (r *shapeReader) value() *shape {
	switch {
	case r.took("*"):
		return &shape{anything: true}
	case r.took("{", "}"):
		return &shape{of: &shape{}}
	case r.took("[", "]"):
		return &shape{of: r.object(), list: true}
	default:
		return r.object()
	}
}

func (r *shapeReader) object() *shape {
	if !r.took("(") {
		return &shape{}
	}
	s := r.fields()
	if !r.took(")") {
		panic(fmt.Sprintf("threats: a parenthesis is not closed in a shape before %v", r.tokens))
	}
	return s
}

// visit shows every place of a value that the shape has, outermost first, with its path, which changes afterwards, and with the
// part of the shape that is for it.
func (s *shape) visit(path []any, v any, see func(path []any, v any, part *shape)) {
	if v == nil {
		return
	}
	see(path, v, s)
	switch v := v.(type) {
	case []any:
		for i := range v {
			if s.list {
				s.of.visit(append(path, i), v[i], see)
			}
		}
	case map[string]any:
		for _, name := range s.known(v) {
			s.field(name).visit(append(path, name), v[name], see)
		}
	}
}

// known are the names, sorted, of the properties that the shape has and the object may have.
func (s *shape) known(object map[string]any) []string {
	if s.of != nil && !s.list {
		return slices.Sorted(maps.Keys(object))
	}
	return s.names
}

// field is the shape of a property that the shape has.
func (s *shape) field(name string) *shape {
	if s.of != nil {
		return s.of
	}
	return s.fields[name]
}

// wayOut is what to do about something that the surface does not list.
const wayOut = "nobody judged: judge it in a check and list it in test/threats/properties.go, or take it back"

// judged expects the properties of a resource, and all that is in them, to be of this shape.
func (r Resource) judged(listed *shape) {
	listed.visit(nil, r.Properties, func(path []any, v any, part *shape) {
		if !part.fits(v) {
			r.At(path...).Fail("is %s, which %s", shown(v), wayOut)
			return
		}
		for _, name := range part.unlisted(v) {
			r.At(path...).At(name).Fail("is set, which %s", wayOut)
		}
	})
}

// unlisted are the properties of an object that the shape does not have, sorted.
func (s *shape) unlisted(v any) []string {
	object, isObject := v.(map[string]any)
	if !isObject || s.fields == nil {
		return nil
	}
	var names []string
	for name := range object {
		if s.fields[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fits reports whether a value is of the shape's kind, whatever is in it.
func (s *shape) fits(v any) bool {
	_, isList := v.([]any)
	_, isObject := v.(map[string]any)
	switch {
	case s.anything:
		return true
	case s.list:
		return isList
	case s.fields == nil && s.of == nil:
		return plain(v)
	default:
		return isObject && !refers(v)
	}
}

// references are the functions with which a template refers to what it does not write out. What they yield is text. Others, such
// as Fn::If and Fn::Transform, choose or make up what is deployed.
var references = []string{"Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::Join", "Fn::Sub"}

// refers reports whether a value is a reference, and nothing beside it.
func refers(v any) bool {
	object, _ := v.(map[string]any)
	for function, argument := range object {
		return len(object) == 1 && slices.Contains(references, function) && argues(argument)
	}
	return false
}

// argues reports whether a value can be the argument of a reference: texts, or lists of them and of further references.
func argues(v any) bool {
	list, isList := v.([]any)
	return (isList && !slices.ContainsFunc(list, func(inner any) bool { return !argues(inner) })) || (!isList && plain(v))
}

// plain reports whether a value is a text, number or flag, or a reference.
func plain(v any) bool {
	switch v.(type) {
	case []any:
		return false
	case map[string]any:
		return refers(v)
	default:
		return true
	}
}
