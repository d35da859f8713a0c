// Package lifetime says what becomes of a resource that holds something when its stack is deleted.
package lifetime

import "github.com/aws/aws-cdk-go/awscdk/v2"

// Policy is RETAIN where retain is set and DESTROY otherwise. Nothing is left to CloudFormation's or the CDK's defaults,
// which differ from type to type.
func Policy(retain bool) awscdk.RemovalPolicy {
	if retain {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}
