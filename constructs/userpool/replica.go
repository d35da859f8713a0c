package userpool

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
)

// CopyProps configures the copying of a pool to another Region.
type CopyProps struct {
	// Pool is the id of the pool, and Region where its replica will be. Required.
	Pool, Region string
}

// NewCopy has Cognito copy a pool to another Region, and keep the copy current. The copy is inactive, so it issues no
// token. The stack must be in the pool's own Region. Its only resource has no tags: a changed one would replace the
// copy, of which there can be only one. It panics if props are invalid.
func NewCopy(scope constructs.Construct, id string, props CopyProps) {
	check.Props(scope, id, check.Given(props.Pool != "", "Pool"), check.Given(props.Region != "", "Region"))
	awscognito.NewCfnUserPoolReplica(scope, jsii.String(id), &awscognito.CfnUserPoolReplicaProps{
		UserPoolId: jsii.String(props.Pool), RegionName: jsii.String(props.Region),
	})
}

// ReplicaProps configures what a replica has of its own: "All other settings are set in the primary user pool and
// automatically synchronized to the secondary."
type ReplicaProps struct {
	// Pool is the id of the pool. Required.
	Pool string
	// Users, Email, Domain, Protection and Logs are those of the pool. Users, Domain and Logs are required.
	Users      config.Users
	Email      config.Email
	Domain     config.Domain
	Protection config.Protection
	Logs       config.Logs
	// Trigger is the function lambda/replica, in the replica's Region. Required.
	Trigger *golambda.Function
}

// NewReplica gives the inactive copy of a pool its triggers, messages, logs and managed login, in a stack of the copy's
// Region. The copy stays inactive: nobody can sign in until an operator activates it, with the triggers in place
// (docs/runbooks/region-down.md). CloudFormation could set both at once, in an order that AWS does not document, and
// between them tokens would carry Cognito's scope admin (threat U55). It panics if props are invalid.
func NewReplica(scope constructs.Construct, id string, props ReplicaProps) *UserPool {
	check.Props(scope, id,
		check.Given(props.Pool != "", "Pool"),
		check.Given(props.Users.Plan != "", "Users"),
		check.Given(props.Domain != config.Domain{}, "Domain"),
		check.Given(props.Logs.RetentionDays > 0, "Logs.RetentionDays"),
		check.Given(props.Trigger != nil, "Trigger"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	stack := awscdk.Stack_Of(self)
	pool := &UserPool{ID: props.Pool, ARN: PoolARN(*stack.Region(), *stack.Account(), props.Pool)}
	invoke := letCall(self, "InvokeTrigger", pool, props.Trigger)
	settings := awscognito.NewCfnUserPoolRegionalConfigurationAttachment(self, jsii.String("Settings"),
		&awscognito.CfnUserPoolRegionalConfigurationAttachmentProps{
			UserPoolId:         jsii.String(pool.ID),
			Status:             jsii.String("INACTIVE"),
			LambdaConfig:       replicaTriggers(props.Trigger),
			EmailConfiguration: replicaEmail(props.Email, *stack.Region()),
			SmsConfiguration:   replicaSMS(self, props.Users),
		})
	settings.Node().AddDependency(invoke)
	// Deleting it would take the triggers from a copy that may be active. Retained, they point to a function that is gone,
	// and Cognito refuses every sign-in.
	settings.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	if props.Domain.Custom == "" {
		// A custom domain moves as a whole (docs/operations.md, "A replica"): "You can't configure a different custom domain
		// with replica user pools."
		pool.LoginURL = newDomain(self, pool.ID, props.Domain)
	}
	pool.Log = newLogDelivery(self, pool.ID, props.Logs, props.Protection.Retain)
	return pool
}

// replicaTriggers are one function for all that a replica asks: it takes powers from tokens, and refuses sign-ups.
func replicaTriggers(
	trigger *golambda.Function,
) *awscognito.CfnUserPoolRegionalConfigurationAttachment_LambdaConfigProperty {
	return &awscognito.CfnUserPoolRegionalConfigurationAttachment_LambdaConfigProperty{
		PreTokenGenerationConfig: &awscognito.CfnUserPoolRegionalConfigurationAttachment_PreTokenGenerationConfigProperty{
			LambdaArn: jsii.String(trigger.ARN), LambdaVersion: jsii.String(tokenEvents),
		},
		PreSignUp: jsii.String(trigger.ARN),
	}
}

// replicaEmail sends through the same identity in the replica's Region, which must be verified there, too.
func replicaEmail(
	email config.Email, region string,
) *awscognito.CfnUserPoolRegionalConfigurationAttachment_EmailConfigurationProperty {
	if email.SES() {
		identity := strings.Split(email.IdentityARN, ":")
		identity[3] = region
		email.IdentityARN = strings.Join(identity, ":")
	}
	settings := awscognito.CfnUserPoolRegionalConfigurationAttachment_EmailConfigurationProperty(
		*emailConfiguration(email))
	return &settings
}

func replicaSMS(scope constructs.Construct, users config.Users) any {
	if !users.SendsSMS() {
		return nil
	}
	sms := newSMS(scope)
	return &awscognito.CfnUserPoolRegionalConfigurationAttachment_SmsConfigurationProperty{
		SnsCallerArn: sms.SnsCallerArn, ExternalId: sms.ExternalId, SnsRegion: sms.SnsRegion,
	}
}
