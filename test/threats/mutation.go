package threats

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// Mutation weakens a stage in one way.
type Mutation struct {
	// Place is the type and the property that is changed, without the numbers of elements:
	// "Cognito::UserPool.Schema[].Name".
	Place  string
	Change Change

	stack, id string
	// name says what is weakened and how, such as "UserPool/StepUpClientBB387F6B: GenerateSecret becomes true". Of most
	// mutations nobody reads it.
	name func() string
	// edit changes a copy of the resource, by other values in place of its own, which the stage still has. A mutation with
	// neither edit nor template removes the resource.
	edit func(*assembly.Resource)
	// template, if set, changes a copy of the stack's template beside its resources, and no resource.
	template func(*assembly.Template)
}

func (m Mutation) String() string { return m.name() }

// Apply returns the weakened stage and leaves the stage itself unchanged. The stage must be as it was read: a mutation
// does not see what another has edited. The error says that the mutation changes nothing.
func (m Mutation) Apply(s *Target) (*Target, error) {
	i := slices.IndexFunc(s.Stacks, func(stack assembly.Stack) bool { return stack.ID == m.stack })
	if i < 0 {
		return nil, fmt.Errorf("mutation %s: %s has no stack %s", m, s.ID, m.stack)
	}
	if weakened := m.apply(s, i); weakened != nil {
		return weakened, nil
	}
	return nil, fmt.Errorf("mutation %s changes nothing of %s", m, s.ID)
}

// apply returns the stage with another stack of this index, or nil if that is the same.
func (m Mutation) apply(s *Target, i int) *Target {
	before := s.Stacks[i].Template
	old, existed := before.Resources[m.id]
	switch {
	case m.template != nil:
		after := before
		if m.template(&after); reflect.DeepEqual(before, after) {
			return nil
		}
		return NewTarget(s.exchanged(i, after), s.Config)
	case m.edit == nil && !existed:
		return nil
	case m.edit == nil:
		after := s.exchanged(i, withResources(before, func(all map[string]assembly.Resource) { delete(all, m.id) }))
		return s.without(after, resourceOf(&after.Stacks[i], m.id, old))
	}
	edited := old
	m.edit(&edited)
	switch {
	case existed && reflect.DeepEqual(old, edited):
		return nil
	case existed && old.Type == edited.Type:
		return s.with(resourceOf(&s.Stacks[i], m.id, edited))
	}
	after := s.exchanged(i, withResources(before, func(all map[string]assembly.Resource) { all[m.id] = edited }))
	if existed {
		return NewTarget(after, s.Config)
	}
	return s.plus(after, resourceOf(&after.Stacks[i], m.id, edited))
}

// withResources is a template with other resources.
func withResources(t assembly.Template, change func(map[string]assembly.Resource)) assembly.Template {
	resources := map[string]assembly.Resource{}
	maps.Copy(resources, t.Resources)
	change(resources)
	t.Resources = resources
	return t
}

// exchanged is the synthesized stage with another template of one stack.
func (s *Target) exchanged(i int, template assembly.Template) assembly.Synthesized {
	after := s.Synthesized
	after.Stacks = slices.Clone(s.Stacks)
	after.Stacks[i].Template = template
	return after
}

// put returns the value with v at the path, making objects where there is nothing yet; gone removes what is there. What
// is on the way is copied, and everything else shared with the value.
func put(root any, path []any, v any) any {
	if len(path) == 0 || (root == nil && v == gone) {
		return v
	}
	switch holder := root.(type) {
	case nil:
		return put(map[string]any{}, path, v)
	case map[string]any:
		key := fmt.Sprint(path[0])
		inner, edited := put(holder[key], path[1:], v), map[string]any{}
		maps.Copy(edited, holder)
		if edited[key] = inner; inner == gone {
			delete(edited, key)
		}
		return edited
	case []any:
		i, isIndex := path[0].(int)
		if !isIndex || i >= len(holder) {
			return root
		}
		inner, edited := put(holder[i], path[1:], v), slices.Clone(holder)
		if edited[i] = inner; inner == gone {
			return slices.Delete(edited, i, i+1)
		}
		return edited
	}
	return root
}
