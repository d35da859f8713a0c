package threats

import (
	"maps"
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// addedLater is the threat of whatever comes in beside what was judged: unlisted types, and templates that differ by account.
const addedLater = "U33"

// onSurface adds to a threat's check that the resources of its part of the surface are of the listed shapes, and to its
// mutations one property too many for each object in them.
func onSurface(t Threat) Threat {
	part := surface[t.ID]
	if len(part) == 0 {
		return t
	}
	check := t.check
	t.check = func(in *inspection) {
		check(in)
		for _, typ := range slices.Sorted(maps.Keys(part)) {
			in.sets(typ, part[typ])
		}
		if t.ID == addedLater {
			in.listsTypes()
			in.tellsApart()
			in.isPlain()
		}
	}
	t.weakened = slices.Clone(t.weakened)
	for _, typ := range slices.Sorted(maps.Keys(part)) {
		t.weakened = append(t.weakened, overfull(typ, part[typ]))
	}
	t.weakened = append(t.weakened, conditional(slices.Sorted(maps.Keys(part))))
	if t.ID == addedLater {
		t.weakened = append(t.weakened, unlistedType, namesake, variable)
	}
	return t
}

// sets expects every resource of a type to have properties of this shape, and to be there as it stands, always: a condition
// leaves it out where nobody looks, and the two policies run what nobody judged.
func (in *inspection) sets(typ string, listed *shape) {
	for _, r := range in.any(typ) {
		r.judged(listed)
		if r.Condition != "" {
			r.fail("is there on condition of %s only", r.Condition)
		}
		if r.CreationPolicy != nil || r.UpdatePolicy != nil {
			r.fail("has a creation or update policy")
		}
	}
}

// listsTypes expects every resource to be of a type of the surface.
func (in *inspection) listsTypes() {
	in.asked[everyType] = true
	known := map[string]bool{}
	for _, part := range surface {
		for typ := range part {
			known[typ] = true
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(in.byType)) {
		if !known[typ] {
			in.none(typ)
		}
	}
}

// tellsApart expects no two resources of a stack to have one name but for the CDK's hash, which checks leave out, and so do the
// texts of references: the one that was judged would stand for both.
func (in *inspection) tellsApart() {
	for _, stack := range in.Stacks {
		called := map[string]string{}
		for _, id := range stack.Template.IDs() {
			name := unhashed(id)
			if other, taken := called[name]; taken {
				in.fail(stack.ID+"/"+id, "is called %s like %s: give its construct another id", name, other)
			}
			called[name] = id
		}
	}
}

// isPlain expects templates to say themselves what is deployed: nothing chosen by a parameter, condition or mapping, nothing
// written by a macro. The one parameter is the CDK's own, by which it knows that it has been bootstrapped.
func (in *inspection) isPlain() {
	for _, stack := range in.Stacks {
		t := stack.Template
		if len(t.Conditions)+len(t.Mappings) > 0 || t.Transform != nil {
			in.fail(stack.ID, "has conditions, mappings or a transform: what is deployed is not what was judged")
		}
		for _, name := range difference(slices.Collect(maps.Keys(t.Parameters)), []string{"BootstrapVersion"}) {
			in.fail(stack.ID, "takes the parameter %s", name)
		}
	}
}

// overfull gives each object of a type one property too many, one at a time, where the first resource has such an object.
func overfull(typ string, listed *shape) weakening {
	return func(s *Stage) []Mutation {
		var mutations []Mutation
		seen := map[*shape]bool{}
		for _, r := range each(typ).of(s) {
			listed.visit(nil, r.Properties, func(path []any, _ any, part *shape) {
				if part.fields != nil && !seen[part] {
					seen[part] = true
					mutations = append(mutations, putting(r, append(slices.Clone(path), "UnlistedProperty"), true))
				}
			})
		}
		return mutations
	}
}

// first keeps a weakening to the first thing that it meets.
func first(weaken weakening) weakening {
	return func(s *Stage) []Mutation {
		mutations := weaken(s)
		return mutations[:min(1, len(mutations))]
	}
}

// conditional puts a condition, and then each of the two policies, on every resource of the types.
func conditional(types []string) weakening {
	var parts []weakening
	for _, typ := range types {
		parts = append(parts,
			each(typ).edited("on condition of Wanted", func(r *assembly.Resource) { r.Condition = "Wanted" }),
			first(each(typ).edited("with a creation policy", func(r *assembly.Resource) { r.CreationPolicy = map[string]any{} })),
			first(each(typ).edited("with an update policy", func(r *assembly.Resource) { r.UpdatePolicy = map[string]any{} })),
		)
	}
	return joined(parts...)
}

// unlistedType puts a resource of a type that nobody listed into every stack.
func unlistedType(s *Stage) []Mutation {
	var mutations []Mutation
	for _, stack := range s.Stacks {
		for _, typ := range []string{"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "Custom::Unlisted", "AWS::Unlisted::Resource"} {
			mutations = append(mutations, added(stack.ID, typ, map[string]any{})(s)...)
		}
	}
	return mutations
}

// namesake repeats the first resource of every stack under the same name, but for the hash.
func namesake(s *Stage) []Mutation {
	var mutations []Mutation
	for _, stack := range s.Stacks {
		ids := stack.Template.IDs()
		for _, id := range ids[:min(1, len(ids))] {
			first := stack.Template.Resources[id]
			mutations = append(mutations, Mutation{
				Name: stack.ID + "/" + id + ": another one of the same name", stack: stack.ID, id: unhashed(id) + "0A0A0A0A",
				edit: func(r *assembly.Resource) { *r = first },
			})
		}
	}
	return mutations
}

// variable has every template depend on what stands elsewhere, in each of the ways that there are.
func variable(s *Stage) []Mutation {
	some := map[string]any{"Wanted": map[string]any{}}
	ways := map[string]func(*assembly.Template){
		"Conditions": func(t *assembly.Template) { t.Conditions = some },
		"Mappings":   func(t *assembly.Template) { t.Mappings = some },
		"Parameters": func(t *assembly.Template) { t.Parameters = some },
		"Transform":  func(t *assembly.Template) { t.Transform = "AWS::Serverless-2016-10-31" },
	}
	var mutations []Mutation
	for _, stack := range s.Stacks {
		for _, way := range slices.Sorted(maps.Keys(ways)) {
			mutations = append(mutations, Mutation{Name: stack.ID + ": its template gets " + way, stack: stack.ID, template: ways[way]})
		}
	}
	return mutations
}

// Stale names what the surface lists and none of the stages has: types, and properties by their paths. What is listed without
// need could come back unjudged.
func Stale(stages ...*Stage) []string {
	seen := map[*shape]bool{}
	var stale []string
	for _, part := range surface {
		for typ, listed := range part {
			for _, s := range stages {
				for _, r := range each(typ).of(s) {
					listed.visit(nil, r.Properties, func(_ []any, _ any, part *shape) { seen[part] = true })
				}
			}
			stale = append(stale, listed.unseen(typ, seen)...)
		}
	}
	slices.Sort(stale)
	return stale
}

// unseen are the outermost parts of a shape that are not among those seen, by their paths below this one.
func (s *shape) unseen(path string, seen map[*shape]bool) []string {
	if !seen[s] {
		return []string{path}
	}
	var paths []string
	for name, field := range s.fields {
		paths = append(paths, field.unseen(path+"."+name, seen)...)
	}
	if s.list {
		paths = append(paths, s.of.unseen(path+"[]", seen)...)
	}
	return paths
}
