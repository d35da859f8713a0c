// Package keypolicy adds statements to the policies of KMS keys.
package keypolicy

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"
)

// AllowService lets an AWS service, such as "cloudwatch.amazonaws.com", use a key under conditions.
func AllowService(key awskms.Key, sid, service string, conditions map[string]any, actions ...string) {
	key.AddToResourcePolicy(awsiam.PolicyStatement_FromJson(map[string]any{
		"Sid": sid, "Effect": "Allow", "Principal": map[string]any{"Service": service},
		"Action": actions, "Resource": "*", "Condition": conditions,
	}), jsii.Bool(false))
}
