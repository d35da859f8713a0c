package userpool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// KeepWhole retains every resource already in the stack that sets no policy of its own. A retained user pool needs
// them: without its triggers it refuses every sign-in, and without its SMS role every update.
//
// When such a resource is replaced, the old one is deleted: an old role or permission would still grant access. A
// resource that leaves the template stays in the account and is deleted by hand (docs/operations.md, "What leaves a
// template").
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
