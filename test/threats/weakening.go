package threats

import (
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// weakening derives the mutations of a published move from what a stage has.
type weakening func(*Target) []Mutation

// inProduction limits a weakening to stages with real customers: other stages may choose the cheaper setting.
func inProduction(parts ...weakening) weakening {
	return func(s *Target) []Mutation {
		if !s.production() {
			return nil
		}
		return joined(parts...)(s)
	}
}

// joined is several weakenings as one.
func joined(parts ...weakening) weakening {
	return func(s *Target) []Mutation {
		var mutations []Mutation
		for _, weaken := range parts {
			mutations = append(mutations, weaken(s)...)
		}
		return mutations
	}
}

// selection is a set of resources.
type selection struct {
	typ   string
	match func(Resource) bool
}

// Each selects every resource of a type.
func each(typ string) selection { return selection{typ, func(Resource) bool { return true }} }

// one selects the resource of a type that is called name, such as "UserPool.StepUpClient".
func one(typ, name string) selection {
	return selection{typ, func(r Resource) bool { return r.Name() == name }}
}

// those selects the resources of a type for which match holds.
func those(typ string, match func(Resource) bool) selection { return selection{typ, match} }

// policiesOf selects the policies of the roles with these names, except inline ones.
func policiesOf(names ...string) selection {
	return those(iamPolicy, func(r Resource) bool {
		id, _ := dig(r.Properties, "Roles", 0, "Ref").(string)
		return slices.Contains(names, r.stack.ID+"."+assembly.Unhashed(id))
	})
}

// of are the selected resources of a stage.
func (sel selection) of(s *Target) []Resource {
	var selected []Resource
	for _, r := range s.byType[sel.typ] {
		if sel.match(r) {
			selected = append(selected, r)
		}
	}
	return selected
}

// edited changes each resource.
func (sel selection) edited(how string, edit func(*assembly.Resource)) weakening {
	return func(s *Target) []Mutation {
		var mutations []Mutation
		for _, r := range sel.of(s) {
			mutations = append(mutations, Mutation{
				name: named(r.String() + ": " + how), stack: r.stack.ID, id: r.id, edit: edit,
			})
		}
		return mutations
	}
}

// named is the name of a mutation.
func named(name string) func() string { return func() string { return name } }

// removed takes each resource out of its template.
func (sel selection) removed() weakening { return sel.edited("removed", nil) }

// added adds an unexpected resource to a stack.
func added(stack, typ string, properties map[string]any) weakening {
	return func(*Target) []Mutation {
		return []Mutation{{
			name: named(stack + ": another " + typ), stack: stack, id: "Another0A0A0A0A",
			edit: func(r *assembly.Resource) { r.Type, r.Properties = typ, properties },
		}}
	}
}

// allowing gives each role one more statement. Resources may be references.
func (sel selection) allowing(resources any, actions ...string) weakening {
	var parts []weakening
	for _, action := range actions {
		parts = append(parts, sel.stating(map[string]any{"Effect": "Allow", "Action": action, "Resource": resources}))
	}
	return joined(parts...)
}

// stating gives each role one more statement, in an inline policy.
func (sel selection) stating(statement map[string]any) weakening {
	return sel.edited("one more statement "+shown{statement}.String(), func(r *assembly.Resource) {
		policies, _ := r.Properties["Policies"].([]any)
		another := map[string]any{
			"PolicyName": "Another", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{statement}},
		}
		r.Properties, _ = put(r.Properties, []any{"Policies"}, append(slices.Clone(policies), another)).(map[string]any)
	})
}
