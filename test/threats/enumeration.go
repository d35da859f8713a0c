package threats

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// Enumerate returns every change of one thing in the stage's templates. Each value is removed, or becomes another of
// its kind: flags flip, numbers become ten times as large and as small, texts others, a reference names another
// resource of the type, a statement allows everything. Each list gets a foreign element, each resource a twin and the
// properties of others of its type, each stack a resource of every type, each template a condition.
func Enumerate(s *Target) []Mutation {
	var all []Mutation
	for i := range s.Stacks {
		stack := &s.Stacks[i]
		e := enumeration{stage: s}
		for _, id := range stack.Template.IDs() {
			e.Resource = resourceOf(stack, id, stack.Template.Resources[id])
			e.wholeResource()
			e.siblingsProperties()
			for _, name := range slices.Sorted(maps.Keys(e.Properties)) {
				e.value([]any{name}, e.Properties[name])
			}
		}
		all = append(all, append(e.mutations, wholeTemplate(stack)...)...)
	}
	return all
}

// Change is a kind of change.
type Change string

// The kinds of changes.
const (
	Removed   Change = "removed"
	Exchanged Change = "exchanged"
	TenTimes  Change = "ten times"
	Tenth     Change = "a tenth"
	OneMore   Change = "one more"
)

// enumeration collects the mutations of the resources of one stack, one after the other.
type enumeration struct {
	Resource
	stage     *Target
	mutations []Mutation
}

// wholeResource changes a resource beside its properties.
func (e *enumeration) wholeResource() {
	twin := e.Resource.Resource
	copied := func(r *assembly.Resource) { *r = twin }
	e.add("", Removed, "", nil)
	e.add("", OneMore, "Another0A0A0A0A", copied)
	e.add("", OneMore, assembly.Unhashed(e.id)+"0A0A0A0A", copied)
	e.add("Condition", Exchanged, e.id, func(r *assembly.Resource) { r.Condition = "Wanted" })
	e.add("CreationPolicy", Exchanged, e.id, func(r *assembly.Resource) { r.CreationPolicy = map[string]any{} })
	e.add("UpdatePolicy", Exchanged, e.id, func(r *assembly.Resource) { r.UpdatePolicy = map[string]any{} })
	for i := range e.DependsOn {
		e.add("DependsOn[]", Removed, e.id, func(r *assembly.Resource) {
			r.DependsOn = slices.Concat(r.DependsOn[:i], r.DependsOn[i+1:])
		})
	}
	for policy, set := range map[string]func(*assembly.Resource, string){
		"DeletionPolicy":      func(r *assembly.Resource, to string) { r.DeletionPolicy = to },
		"UpdateReplacePolicy": func(r *assembly.Resource, to string) { r.UpdateReplacePolicy = to },
	} {
		now := map[string]string{
			"DeletionPolicy": e.DeletionPolicy, "UpdateReplacePolicy": e.UpdateReplacePolicy,
		}[policy]
		if now != "" {
			e.add(policy, Removed, e.id, func(r *assembly.Resource) { set(r, "") })
		}
		if now != "" && now != "Delete" {
			e.add(policy, Exchanged, e.id, func(r *assembly.Resource) { set(r, "Delete") })
		}
	}
}

// wholeTemplate adds a template's other parts, and resources of every known and of unknown types.
func wholeTemplate(stack *assembly.Stack) []Mutation {
	var mutations []Mutation
	some := map[string]any{"Wanted": map[string]any{}}
	for part, edit := range map[string]func(*assembly.Template){
		"Conditions": func(t *assembly.Template) { t.Conditions = some },
		"Mappings":   func(t *assembly.Template) { t.Mappings = some },
		"Parameters": func(t *assembly.Template) { t.Parameters = some },
		"Transform":  func(t *assembly.Template) { t.Transform = "AWS::Serverless-2016-10-31" },
	} {
		mutations = append(mutations, Mutation{
			Place: part, Change: OneMore, stack: stack.ID, template: edit,
			name: named(stack.ID + ": its template gets " + part),
		})
	}
	unknown := []string{
		"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "Custom::Unlisted", "AWS::Unlisted::Resource",
	}
	for _, typ := range slices.Concat(unknown, knownTypes) {
		for _, m := range added(stack.ID, typ, map[string]any{})(nil) {
			m.Place, m.Change = short(typ), OneMore
			mutations = append(mutations, m)
		}
	}
	return mutations
}

// value changes the value at a path, and everything in it.
func (e *enumeration) value(path []any, v any) {
	e.put(path, Removed, gone)
	e.exchange(path, v)
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			e.value(append(slices.Clone(path), i), element)
		}
	case map[string]any:
		if refers(v) {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			e.value(append(slices.Clone(path), key), v[key])
		}
	}
}

// siblingsProperties gives the resource each property that another one of its type has in the stage.
func (e *enumeration) siblingsProperties() {
	theirs := map[string]any{}
	for _, other := range e.stage.byType[e.Type] {
		maps.Copy(theirs, other.Properties)
	}
	for name, v := range theirs {
		if e.Properties[name] == nil {
			e.put([]any{name}, OneMore, v)
		}
	}
}

// exchange replaces a value by others of its kind.
func (e *enumeration) exchange(path []any, v any) {
	switch path[len(path)-1] {
	case "Action", "Resource", "Principal":
		e.put(path, Exchanged, "*")
	}
	switch v := v.(type) {
	case bool:
		e.put(path, Exchanged, !v)
	case float64:
		e.put(path, TenTimes, max(10, v*10))
		e.put(path, Tenth, math.Floor(v/10))
	case string:
		e.put(path, Exchanged, opposite(v))
	case []any:
		e.put(path, OneMore, append(slices.Clone(v), foreign(path, v)))
	case map[string]any:
		if refers(v) {
			e.put(path, Exchanged, foreignText)
			e.references(path, v)
		}
	}
}

// references exchanges each reference in a value for one to another resource of the type, if the stack has one.
func (e *enumeration) references(path []any, v any) {
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			e.references(append(slices.Clone(path), i), element)
		}
	case map[string]any:
		for _, function := range slices.Sorted(maps.Keys(v)) {
			switch function {
			case "Ref":
				e.sibling(append(slices.Clone(path), "Ref"), v["Ref"])
			case "Fn::GetAtt":
				e.sibling(append(slices.Clone(path), "Fn::GetAtt", 0), dig(v, "Fn::GetAtt", 0))
			default:
				e.references(append(slices.Clone(path), function), v[function])
			}
		}
	}
}

func (e *enumeration) sibling(path []any, id any) {
	referred, _ := id.(string)
	typ := e.stack.Template.Resources[referred].Type
	for _, other := range e.stack.Template.IDs() {
		if typ != "" && other != referred && e.stack.Template.Resources[other].Type == typ {
			e.put(path, Exchanged, other)
			return
		}
	}
}

// put adds the mutation that puts a value at a path.
func (e *enumeration) put(path []any, change Change, after any) {
	m := putting(e.Resource, path, after)
	m.Change = change
	if !equal(after, dig(e.Properties, path...)) {
		e.mutations = append(e.mutations, m)
	}
}

// add adds the mutation that edits the resource, or one with another id.
func (e *enumeration) add(attribute string, change Change, id string, edit func(*assembly.Resource)) {
	place := strings.TrimSuffix(short(e.Type)+"."+attribute, ".")
	name := e.String() + ": " + strings.TrimSpace(attribute+" "+string(change))
	if edit == nil {
		id = e.id
	}
	if id != e.id {
		name += " as " + id
	}
	e.mutations = append(e.mutations, Mutation{
		name: named(name), Place: place, Change: change, stack: e.stack.ID, id: id, edit: edit,
	})
}

// short is a type without the vendor: "Cognito::UserPool".
func short(typ string) string { return strings.TrimPrefix(typ, "AWS::") }
