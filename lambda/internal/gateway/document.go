package gateway

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxProblems is how many mistakes a response lists.
const maxProblems = 20

// A Document is a body and the mistakes in its content. Read each field of the route by one of the methods of [Object],
// then call Err, which reports all other fields as unknown.
type Document struct {
	// Object is the body. It is nil, and has no fields, if the body is not an object.
	*Object
	objects  []*Object
	problems []string
}

// An Object is an object in a body.
type Object struct {
	document *Document
	path     string
	fields   map[string]any
	known    []string
}

func newDocument(root any) *Document {
	d := &Document{}
	d.Object = d.object("", root)
	return d
}

// object returns nil if value is not an object.
func (d *Document) object(path string, value any) *Object {
	fields, found := value.(map[string]any)
	if !found {
		d.refuse(named(path) + " must be an object")
		return nil
	}
	o := &Object{document: d, path: path, fields: fields}
	d.objects = append(d.objects, o)
	return o
}

// Err returns a 422 Problem with all mistakes, or nil.
func (d *Document) Err() error {
	problems := slices.Clone(d.problems)
	for _, o := range d.objects {
		problems = append(problems, o.unknown()...)
	}
	if len(problems) == 0 {
		return nil
	}
	if more := len(problems) - maxProblems; more > 0 {
		problems = append(problems[:maxProblems], fmt.Sprintf("%d more", more))
	}
	return Unprocessable(strings.Join(problems, "; "))
}

func (d *Document) refuse(text string) {
	d.problems = append(d.problems, text)
}

// Text returns a required string field that valid must accept. The rule describes valid in words. The response does not
// quote the string.
func (o *Object) Text(name, rule string, valid func(string) bool) string {
	value, given := o.get(name)
	if !given {
		o.Refuse(name, "is missing")
		return ""
	}
	text, isText := value.(string)
	if !isText || !valid(text) {
		o.Refuse(name, "must be "+rule)
		return ""
	}
	return text
}

// Optional is [Object.Text] for a field that may be missing; given says whether it is there.
func (o *Object) Optional(name, rule string, valid func(string) bool) (text string, given bool) {
	if _, given := o.get(name); !given {
		return "", false
	}
	return o.Text(name, rule, valid), true
}

// Whole returns a required field that must be a whole number within bounds, not written as 1.0 or 1e0.
func (o *Object) Whole(name string, low, high int64) int64 {
	value, given := o.get(name)
	if !given {
		o.Refuse(name, "is missing")
		return low
	}
	number, _ := value.(json.Number)
	whole, err := number.Int64()
	// Int64 also accepts "-0".
	if err != nil || strconv.FormatInt(whole, 10) != number.String() || whole < low || whole > high {
		o.Refuse(name, fmt.Sprintf("must be a whole number from %d to %d", low, high))
		return low
	}
	return whole
}

// Objects returns the entries of a required field that must be a list of low to high objects; none if it is not.
func (o *Object) Objects(name string, low, high int) []*Object {
	value, given := o.get(name)
	if !given {
		o.Refuse(name, "is missing")
		return nil
	}
	list, isList := value.([]any)
	if !isList || len(list) < low || len(list) > high {
		o.Refuse(name, fmt.Sprintf("must be a list of %d to %d entries", low, high))
		return nil
	}
	var entries []*Object
	for i, value := range list {
		if one := o.document.object(element(field(o.path, name), i), value); one != nil {
			entries = append(entries, one)
		}
	}
	return entries
}

// Path returns the path of a field in the body, such as "items[3].sku".
func (o *Object) Path(name string) string {
	return field(o.path, name)
}

// Refuse adds a mistake that a handler finds in a field, such as "must be unique". A nil object has already been
// refused, so its fields are not reported.
func (o *Object) Refuse(name, why string) {
	if o != nil {
		o.document.refuse(field(o.path, name) + " " + why)
	}
}

func (o *Object) get(name string) (value any, given bool) {
	if o == nil {
		return nil, false
	}
	o.known = append(o.known, name)
	value, given = o.fields[name]
	return value, given
}

func (o *Object) unknown() []string {
	var problems []string
	for name := range o.fields {
		if !slices.Contains(o.known, name) {
			problems = append(problems, field(o.path, name)+" is unknown")
		}
	}
	slices.Sort(problems)
	return problems
}
