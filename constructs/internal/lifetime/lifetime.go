// Package lifetime decides whether resources are retained when their stack is deleted or they leave its template.
package lifetime

import "github.com/aws/aws-cdk-go/awscdk/v2"

// Policy retains the resource if retain is set, and deletes it otherwise. Every resource sets it, because the defaults
// of CloudFormation and the CDK differ from type to type.
//
// Retained resources use RetainExceptOnCreate, so a failed first deploy cleans up and its names are free for the next
// attempt. Pools and tables with deletion protection are an exception: their rollback fails. So the first deploy of a
// stage never rolls back; the next deploy repairs what it created (docs/operations.md, "A deploy that fails").
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
func Policy(retain bool) awscdk.RemovalPolicy {
	if retain {
		return awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	return awscdk.RemovalPolicy_DESTROY
}
