package threats

import (
	"slices"

	"github.com/securecart/identity/internal/assembly"
)

// retained are the policies with which a resource stays. RetainExceptOnCreate removes only what a failed creation
// leaves behind.
var retained = []string{"Retain", "RetainExceptOnCreate"}

// outlives expects the resource to stay when its stack is deleted or it is replaced.
func (r Resource) outlives() {
	if !slices.Contains(retained, r.DeletionPolicy) {
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
	in.alone(func(stack *assembly.Stack, id string, r assembly.Resource) {
		if slices.Contains(stacks, stack.ID) && !slices.Contains(retained, r.DeletionPolicy) {
			in.Fail(stack.ID+"/"+id, "on deletion of its stack is %q, want Retain", r.DeletionPolicy)
		}
	})
}
