package threats

import (
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// outlives expects the resource to stay when its stack is deleted or it is replaced. RetainExceptOnCreate removes only what a
// failed creation leaves behind.
func (r resource) outlives() {
	if !slices.Contains([]string{"Retain", "RetainExceptOnCreate"}, r.DeletionPolicy) {
		r.fail("on deletion of its stack is %q, want Retain", r.DeletionPolicy)
	}
	if r.UpdateReplacePolicy != "Retain" {
		r.fail("on replacement is %q, want Retain", r.UpdateReplacePolicy)
	}
}

// perishable lets resources go with their stack, or when they are replaced.
func perishable(which selection) weakening {
	deletion := func(policy string) func(*assembly.Resource) {
		return func(r *assembly.Resource) { r.DeletionPolicy = policy }
	}
	replacement := func(policy string) func(*assembly.Resource) {
		return func(r *assembly.Resource) { r.UpdateReplacePolicy = policy }
	}
	return joined(
		which.edited("DeletionPolicy gone", deletion("")),
		which.edited("DeletionPolicy becomes Delete", deletion("Delete")),
		which.edited("UpdateReplacePolicy gone", replacement("")),
		which.edited("UpdateReplacePolicy becomes Delete", replacement("Delete")),
	)
}

// keepsWhole expects every resource of the stacks to stay when its stack is deleted: what is kept is no use without what it
// works with.
func (in *inspection) keepsWhole(stacks ...string) {
	in.asked[everyType] = true
	for _, stack := range in.Stacks {
		for _, id := range stack.Template.IDs() {
			policy := stack.Template.Resources[id].DeletionPolicy
			if slices.Contains(stacks, stack.ID) && policy != "Retain" && policy != "RetainExceptOnCreate" {
				in.fail(stack.ID+"/"+id, "on deletion of its stack is %q, want Retain", policy)
			}
		}
	}
}

// expendable lets each resource of the stacks go with its stack.
func expendable(stacks ...string) weakening {
	return func(s *Stage) []Mutation {
		var mutations []Mutation
		for _, stack := range s.Stacks {
			for _, id := range stack.Template.IDs() {
				if slices.Contains(stacks, stack.ID) {
					mutations = append(mutations, Mutation{
						Name: stack.ID + "/" + id + ": DeletionPolicy gone", stack: stack.ID, id: id,
						edit: func(r *assembly.Resource) { r.DeletionPolicy = "" },
					})
				}
			}
		}
		return mutations
	}
}

// forgetful lets a resource wait for no other.
func forgetful(r *assembly.Resource) { r.DependsOn = nil }
