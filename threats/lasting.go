package threats

import (
	"slices"

	"github.com/securecart/identity/assembly"
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

// forgetful lets a resource wait for no other.
func forgetful(r *assembly.Resource) { r.DependsOn = nil }
