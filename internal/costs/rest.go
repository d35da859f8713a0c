package costs

import (
	"fmt"
	"maps"
	"slices"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// Stage is what costs are computed from.
type Stage struct {
	Config config.Stage
	// Synthesized holds the templates, those of the stage's pipeline included.
	Synthesized assembly.Synthesized
}

// Rest returns what the stage costs in a month in which nobody uses it. The error names resource types that are neither
// priced nor free.
func (s Stage) Rest() (Bill, error) {
	var items []Item
	unknown := map[string]string{}
	for _, stack := range s.Synthesized.Stacks {
		for _, id := range stack.Template.IDs() {
			resource := stack.Template.Resources[id]
			kind, known := types[resource.Type]
			if !known {
				unknown[resource.Type] = stack.Name + "/" + id
				continue
			}
			if kind.rest != nil {
				items = append(items, kind.rest(resource)...)
			}
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(unknown)) {
		return nil, fmt.Errorf("%s has the type %s, which is neither priced nor free; add its line to types in "+
			"internal/costs/types.go", unknown[typ], typ)
	}
	for _, provider := range s.Config.Providers {
		if provider.SecretName != "" {
			items = append(items, Item{secret, 1})
		}
	}
	return billOf(items), nil
}

// count returns how many resources of a type the stage has.
func (s Stage) count(typ string) (number float64) {
	for _, stack := range s.Synthesized.Stacks {
		number += float64(len(stack.Template.OfType(typ)))
	}
	return number
}

// Kinds returns the resource types that cost nothing at rest, with what is charged instead and where AWS says so.
func Kinds() map[string][2]string {
	kinds := map[string][2]string{}
	for typ, kind := range types {
		if kind.rest == nil {
			kinds[typ] = [2]string{kind.Why, kind.Source}
		}
	}
	return kinds
}
