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
	// Name says what is weakened and how, such as "UserPool/StepUpClientBB387F6B: GenerateSecret becomes true".
	Name string
	// Place is the type and the property that is changed, without the numbers of elements:
	// "Cognito::UserPool.Schema[].Name".
	Place  string
	Change Change
	// Threat is the id of the threat whose check must notice.
	Threat string

	stack, id string
	// edit changes a copy of the resource; a mutation with neither edit nor template removes the resource.
	edit func(*assembly.Resource)
	// template, if set, changes a copy of the stack's template beside its resources, and no resource.
	template func(*assembly.Template)
}

// Apply returns the weakened stage and leaves the stage itself unchanged. The error says that the mutation changes
// nothing.
func (m Mutation) Apply(s *Target) (*Target, error) {
	i := slices.IndexFunc(s.Stacks, func(stack assembly.Stack) bool { return stack.ID == m.stack })
	if i < 0 {
		return nil, fmt.Errorf("mutation %s: %s has no stack %s", m.Name, s.ID, m.stack)
	}
	before, after := s.Stacks[i].Template, s.Stacks[i].Template
	var changed bool
	if m.template != nil {
		m.template(&after)
		changed = !reflect.DeepEqual(before, after)
	} else {
		after.Resources = m.editOne(before.Resources)
		old, was := before.Resources[m.id]
		edited, is := after.Resources[m.id]
		changed = was != is || !reflect.DeepEqual(old, edited)
	}
	if !changed {
		return nil, fmt.Errorf("mutation %s changes nothing of %s", m.Name, s.ID)
	}
	weakened := s.Synthesized
	weakened.Stacks = slices.Clone(s.Stacks)
	weakened.Stacks[i].Template = after
	old, existed := before.Resources[m.id]
	edited, exists := after.Resources[m.id]
	r := Resource{Resource: edited, id: m.id, stack: &weakened.Stacks[i]}
	switch {
	case m.template != nil || (existed && exists && old.Type != edited.Type):
		return NewTarget(weakened, s.Config), nil
	case !existed:
		return s.plus(weakened, r), nil
	case !exists:
		r.Resource = old
		return s.without(weakened, r), nil
	}
	return s.with(weakened, r), nil
}

// editOne returns the resources with the one that the mutation is about edited, added or removed.
func (m Mutation) editOne(resources map[string]assembly.Resource) map[string]assembly.Resource {
	edited := maps.Clone(resources)
	if m.edit == nil {
		delete(edited, m.id)
		return edited
	}
	one := edited[m.id]
	one.Properties, _ = deepCopy(one.Properties).(map[string]any)
	one.DependsOn = slices.Clone(one.DependsOn)
	m.edit(&one)
	if edited == nil {
		edited = map[string]assembly.Resource{}
	}
	edited[m.id] = one
	return edited
}

// deepCopy copies a decoded JSON value.
func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, inner := range v {
			object[key] = deepCopy(inner)
		}
		return object
	case []any:
		list := make([]any, 0, len(v))
		for _, inner := range v {
			list = append(list, deepCopy(inner))
		}
		return list
	default:
		return v
	}
}

// put returns the value with v at the path, making objects where there is nothing yet; gone removes what is there. It
// changes what it is given.
func put(root any, path []any, v any) any {
	if len(path) == 0 || (root == nil && v == gone) {
		return v
	}
	switch holder := root.(type) {
	case nil:
		return put(map[string]any{}, path, v)
	case map[string]any:
		key := fmt.Sprint(path[0])
		holder[key] = put(holder[key], path[1:], v)
		if holder[key] == gone {
			delete(holder, key)
		}
	case []any:
		i, isIndex := path[0].(int)
		if !isIndex || i >= len(holder) {
			return root
		}
		holder[i] = put(holder[i], path[1:], v)
		if holder[i] == gone {
			return slices.Delete(holder, i, i+1)
		}
	}
	return root
}
