package threats

import (
	"slices"
)

// outlives expects the resource to stay when its stack is deleted or it is replaced. RetainExceptOnCreate removes only
// what a failed creation leaves behind.
func (r Resource) outlives() {
	if !slices.Contains([]string{"Retain", "RetainExceptOnCreate"}, r.DeletionPolicy) {
		r.Fail("on deletion of its stack is %q, want Retain", r.DeletionPolicy)
	}
	if r.UpdateReplacePolicy != "Retain" {
		r.Fail("on replacement is %q, want Retain", r.UpdateReplacePolicy)
	}
}

// keepsWhole expects every resource of the stacks to be retained when its stack is deleted: a retained pool needs its
// other resources.
func (in *Inspection) keepsWhole(stacks ...string) {
	in.asked[everyType] = true
	for _, stack := range in.Stacks {
		for _, id := range stack.Template.IDs() {
			policy := stack.Template.Resources[id].DeletionPolicy
			if slices.Contains(stacks, stack.ID) && policy != "Retain" && policy != "RetainExceptOnCreate" {
				in.Fail(stack.ID+"/"+id, "on deletion of its stack is %q, want Retain", policy)
			}
		}
	}
}
