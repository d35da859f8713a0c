// Package lifetime says what becomes of resources when their stack is deleted, or when they leave its template.
package lifetime

import "github.com/aws/aws-cdk-go/awscdk/v2"

// Policy keeps the resource where retain is set, and deletes it otherwise. Nothing is left to CloudFormation's or the
// CDK's defaults, which differ from type to type.
//
// Resources are kept from their successful creation on (RetainExceptOnCreate): a first deploy that rolls back deletes
// them, and their names are free for the next one. That does not hold for what Cognito and DynamoDB protect against
// deletion: the rollback of such a pool or table fails. So the first deploy of a stage never rolls back; what it has
// made stays and is repaired by the next one (docs/operations.md, "A deploy that fails").
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
func Policy(retain bool) awscdk.RemovalPolicy {
	if retain {
		return awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	return awscdk.RemovalPolicy_DESTROY
}
