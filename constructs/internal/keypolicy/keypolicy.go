// Package keypolicy adds KMS keys, and statements to their policies.
package keypolicy

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// NewKey adds a symmetric key that rotates every year. encrypts names its data.
func NewKey(scope constructs.Construct, id, encrypts string, retain bool) awskms.Key {
	return awskms.NewKey(scope, jsii.String(id), &awskms.KeyProps{
		Description:       jsii.String("SecureCart: encrypts " + encrypts),
		EnableKeyRotation: jsii.Bool(true),
		RotationPeriod:    duration.Days(365),
		PendingWindow:     duration.Days(30),
		RemovalPolicy:     lifetime.Policy(retain),
	})
}

// AllowService lets an AWS service, such as "cloudwatch.amazonaws.com", use a key under conditions.
func AllowService(key awskms.Key, sid, service string, conditions map[string]any, actions ...string) {
	key.AddToResourcePolicy(awsiam.PolicyStatement_FromJson(resourcepolicy.Statement{
		Sid: sid, Effect: "Allow", Resource: "*", Principal: resourcepolicy.Service(service), Action: actions,
		Condition: conditions,
	}.JSON()), jsii.Bool(false))
}
