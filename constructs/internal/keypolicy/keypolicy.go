// Package keypolicy adds statements to the policies of KMS keys.
package keypolicy

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// AllowService lets an AWS service, such as "cloudwatch.amazonaws.com", use a key under conditions.
func AllowService(key awskms.Key, sid, service string, conditions map[string]any, actions ...string) {
	key.AddToResourcePolicy(awsiam.PolicyStatement_FromJson(resourcepolicy.Statement{
		Sid: sid, Effect: "Allow", Resource: "*", Principal: resourcepolicy.Service(service), Action: actions,
		Condition: conditions,
	}.JSON()), jsii.Bool(false))
}
