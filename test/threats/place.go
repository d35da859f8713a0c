package threats

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// place is the part of each selected resource that is weakened.
type place struct {
	in   selection
	path []any
}

// At names a place by its path. Its parts are property names, indexes, and steps, which stand for several of them.
func (sel selection) At(path ...any) place { return place{sel, path} }

// At follows a path from the place.
func (p place) At(more ...any) place { return place{p.in, append(slices.Clone(p.path), more...)} }

// grantsOf are the statements of the roles' policies, except inline ones; grants those of all roles.
func grantsOf(names ...string) place { return policiesOf(names...).At("PolicyDocument", "Statement") }

// trustOf is the statement by which each of the roles may be taken.
func trustOf(names ...string) place {
	return those(iamRole, func(r Resource) bool { return slices.Contains(names, r.Name()) }).
		At("AssumeRolePolicyDocument", "Statement", 0)
}

// step is a step of a path that matches several elements of a list, or values of an object.
type step func(any) bool

// all stands for every element of a list or value of an object.
var all step = func(any) bool { return true }

// having stands for the elements whose key has this value.
func having(key string, want any) step {
	return func(element any) bool { return equal(dig(element, key), want) }
}

// set stands for the elements that have the key, whatever its value.
func set(key string) step {
	return func(element any) bool { return dig(element, key) != nil }
}

// becomes puts each of the values at each place, one at a time. gone removes what is there.
func (p place) becomes(values ...any) weakening {
	return p.Each(values, func(_, v any) any { return v })
}

// gains adds each of the values to the list at each place, one at a time.
func (p place) gains(values ...any) weakening {
	return p.Each(values, func(old, v any) any {
		list, isList := old.([]any)
		if !isList && old != nil {
			list = []any{old}
		}
		return append(slices.Clone(list), v)
	})
}

// gone as a value removes what stands at the place.
var gone any = absence{}

type absence struct{}

func (absence) MarshalText() ([]byte, error) { return []byte("gone"), nil }

func (p place) Each(values []any, change func(old, v any) any) weakening {
	return func(s *Target) []Mutation {
		var mutations []Mutation
		for _, r := range p.in.of(s) {
			for _, path := range places(r.Properties, p.path) {
				for _, v := range values {
					mutations = append(mutations, putting(r, path, change(dig(r.Properties, path...), v)))
				}
			}
		}
		return mutations
	}
}

// putting is the mutation that puts a value at a path.
func putting(r Resource, path []any, after any) Mutation {
	return Mutation{
		name: func() string {
			return fmt.Sprintf("%s: %s becomes %s", r, written(path), strings.Trim(shown{after}.String(), `"`))
		},
		Place: short(r.Type) + "." + inAnyList(path), stack: r.stack.ID, id: r.id,
		edit: func(edited *assembly.Resource) {
			edited.Properties, _ = put(edited.Properties, path, after).(map[string]any)
		},
	}
}

// places are the paths that a path with steps stands for in a value.
func places(root any, path []any) [][]any {
	if len(path) == 0 {
		return [][]any{nil}
	}
	var found [][]any
	for _, next := range steps(root, path[0]) {
		for _, rest := range places(dig(root, next), path[1:]) {
			found = append(found, append([]any{next}, rest...))
		}
	}
	return found
}

// steps are the keys or indexes that one part of a path stands for.
func steps(root, part any) []any {
	wanted, isStep := part.(step)
	if !isStep {
		return []any{part}
	}
	var candidates []any
	switch v := root.(type) {
	case []any:
		for i := range v {
			candidates = append(candidates, i)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			candidates = append(candidates, key)
		}
	}
	return slices.DeleteFunc(candidates, func(next any) bool { return !wanted(dig(root, next)) })
}
