package threats

import (
	"maps"
	"slices"
)

// addedLater is the threat of whatever comes in beside what was judged: unlisted types, and templates that differ by account.
const addedLater = "U33"

// onSurface adds to a threat's check that the resources of its part of the surface are of the listed shapes.
func onSurface(t Threat) Threat {
	part := surface[t.ID]
	if len(part) == 0 {
		return t
	}
	check := t.check
	t.check = func(in *Inspection) {
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
	return t
}

// sets expects every resource of a type to have properties of this shape, and to be there as it stands, always: a condition
// leaves it out where nobody looks, and the two policies run what nobody judged.
func (in *Inspection) sets(typ string, listed *shape) {
	for _, r := range in.Any(typ) {
		r.judged(listed)
		if r.Condition != "" {
			r.Fail("is there on condition of %s only", r.Condition)
		}
		if r.CreationPolicy != nil || r.UpdatePolicy != nil {
			r.Fail("has a creation or update policy")
		}
	}
}

// listsTypes expects every resource to be of a type of the surface.
func (in *Inspection) listsTypes() {
	in.asked[everyType] = true
	in.None(difference(slices.Collect(maps.Keys(in.byType)), listedTypes())...)
}

// listedTypes are the types of the surface, sorted.
func listedTypes() []string {
	var types []string
	for _, part := range surface {
		types = slices.AppendSeq(types, maps.Keys(part))
	}
	slices.Sort(types)
	return types
}

// tellsApart expects no two resources of a stack to have one name but for the CDK's hash, which checks leave out, and so do the
// texts of references: the one that was judged would stand for both.
func (in *Inspection) tellsApart() {
	for _, stack := range in.Stacks {
		called := map[string]string{}
		for _, id := range stack.Template.IDs() {
			name := unhashed(id)
			if other, taken := called[name]; taken {
				in.Fail(stack.ID+"/"+id, "is called %s like %s: give its construct another id", name, other)
			}
			called[name] = id
		}
	}
}

// isPlain expects templates to say themselves what is deployed: nothing chosen by a parameter, condition or mapping, nothing
// written by a macro. The one parameter is the CDK's own, by which it knows that it has been bootstrapped.
func (in *Inspection) isPlain() {
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

// Stale names what the surface lists and none of the stages has: types, and properties by their paths. What is listed without
// need could come back unjudged.
func Stale(stages ...*Target) []string {
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
