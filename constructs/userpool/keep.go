package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// KeepWhole keeps every resource that the stack has by now, where it says nothing of its own: what holds something is
// no use without what it works with. A user pool without its triggers refuses every sign-in, and one without its SMS
// role every update.
//
// What such a resource is replaced by is not kept beside it: an old role or permission would go on granting. What
// leaves the template stays in the account, and is deleted by hand (docs/operations.md, "What leaves a template").
func KeepWhole(stack awscdk.Stack) {
	for _, construct := range *stack.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		resource, ok := construct.(awscdk.CfnResource)
		if !ok {
			continue
		}
		if options := resource.CfnOptions(); options.DeletionPolicy() == "" {
			options.SetDeletionPolicy(awscdk.CfnDeletionPolicy_RETAIN_EXCEPT_ON_CREATE)
			options.SetUpdateReplacePolicy(awscdk.CfnDeletionPolicy_DELETE)
		}
	}
}
