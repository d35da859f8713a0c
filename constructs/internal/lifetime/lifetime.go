// Package lifetime says what becomes of a resource that holds something when its stack is deleted.
package lifetime

import "github.com/aws/aws-cdk-go/awscdk/v2"

// Policy keeps the resource where retain is set, and deletes it otherwise. Nothing is left to CloudFormation's or the
// CDK's defaults, which differ from type to type.
//
// What is kept is kept from its first successful creation on (RetainExceptOnCreate): a first deploy that fails and rolls
// back leaves nothing behind whose name would be in the way of the second.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
func Policy(retain bool) awscdk.RemovalPolicy {
	if retain {
		return awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	return awscdk.RemovalPolicy_DESTROY
}
