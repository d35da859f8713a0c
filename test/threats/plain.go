package threats

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// listsTypes expects every resource to be of a type that checks know.
func (in *Inspection) listsTypes() {
	in.asked[everyType] = true
	in.None(difference(slices.Collect(maps.Keys(in.byType)), knownTypes)...)
}

// tellsApart expects no two resources of a stack to have the same name without the CDK's hash, which checks and texts
// of references leave out: a check of one would count for both.
func (in *Inspection) tellsApart() {
	if in.edited != nil {
		return // an edit keeps all ids
	}
	for _, stack := range in.Stacks {
		called := map[string]string{}
		for _, id := range stack.Template.IDs() {
			name := assembly.Unhashed(id)
			if other, taken := called[name]; taken {
				in.Fail(stack.ID+"/"+id, "is called %s like %s: give its construct another id", name, other)
			}
			called[name] = id
		}
	}
}

// isPlain expects templates to be literal: no value chosen by a parameter, condition or mapping, nothing written by a
// macro, no policy by which CloudFormation runs unchecked code. The only parameter is the CDK's own, the version of the
// bootstrap.
func (in *Inspection) isPlain() {
	in.alone(func(stack *assembly.Stack, id string, r assembly.Resource) {
		if r.Condition != "" || r.CreationPolicy != nil || r.UpdatePolicy != nil {
			in.Fail(stack.ID+"/"+id, "has a condition, or a creation or update policy")
		}
		if function := choosing(r.Properties); function != "" {
			in.Fail(stack.ID+"/"+id, "has %s, which chooses or makes up what is deployed", function)
		}
	})
	if in.mutated {
		return // the templates are what they were, but for the one resource
	}
	for _, stack := range in.Stacks {
		t := stack.Template
		if len(t.Conditions)+len(t.Mappings) > 0 || t.Transform != nil {
			in.Fail(stack.ID, "has conditions, mappings or a transform: what is deployed is not what was judged")
		}
		for _, name := range difference(slices.Collect(maps.Keys(t.Parameters)), []string{"BootstrapVersion"}) {
			in.Fail(stack.ID, "takes the parameter %s", name)
		}
	}
}

// references are the functions with which a template refers to other values. Their result is text.
var references = []string{"Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::Join", "Fn::Sub"}

// choosing is a function in a value that is no reference, such as Fn::If or Fn::Transform, or that has something beside
// it.
func choosing(v any) string {
	switch v := v.(type) {
	case []any:
		return choosingIn(slices.Values(v))
	case map[string]any:
		for key := range v {
			isFunction := key == "Ref" || strings.HasPrefix(key, "Fn::")
			if isFunction && (len(v) > 1 || !slices.Contains(references, key)) {
				return key
			}
		}
		return choosingIn(maps.Values(v))
	}
	return ""
}

func choosingIn(values iter.Seq[any]) string {
	for v := range values {
		if function := choosing(v); function != "" {
			return function
		}
	}
	return ""
}

// refers reports whether a value is a reference.
func refers(v any) bool {
	object, _ := v.(map[string]any)
	for function := range object {
		return len(object) == 1 && slices.Contains(references, function)
	}
	return false
}
