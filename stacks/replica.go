package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
)

// The outputs of the stack UserPool that the stacks of the replica read.
const (
	outputPool    = "UserPoolId"
	outputPoolKey = "UserPoolKeyArn"
)

// newReplica adds the stacks of the stage's replica, if it has one. Each needs the one before it:
//
//	ReplicaKey   the replica's Region   the pool's key, which Cognito needs there before it copies
//	Copy         the stage's Region     tells Cognito to copy the pool
//	Replica      the replica's Region   triggers, messages, logs, managed login and web ACL of the copy
//
// They are not part of the stage, like the stack of its pipeline: an administrator deploys them after it, and the
// pipeline can reach no second Region. They find the pool and its key by the outputs of the stack UserPool, because an
// export stays in its Region.
func newReplica(scope constructs.Construct, cfg config.Stage, builder *golambda.Builder) {
	if cfg.Replica == "" {
		return
	}
	pool := func() string { return fromUserPool(cfg, outputPool) }
	// These two have no files, so they need no bootstrap. A pipeline's bootstrap could not deploy them.
	key := newReplicaStack(scope, cfg, "ReplicaKey", cfg.Replica, "the key of the user pool's replica",
		awscdk.NewCliCredentialsStackSynthesizer(nil))
	userpool.NewReplicaKey(key, "Key", userpool.ReplicaKeyProps{
		Key: fromUserPool(cfg, outputPoolKey), Pool: pool(), Primary: cfg.Region,
	})
	copying := newReplicaStack(scope, cfg, "Copy", cfg.Region, "copies the user pool to "+cfg.Replica,
		awscdk.NewCliCredentialsStackSynthesizer(nil))
	userpool.NewCopy(copying, "Copy", userpool.CopyProps{Pool: pool(), Region: cfg.Replica})
	copying.AddStackDependency(key, jsii.String("Cognito copies only where the key is"))

	stack := newReplicaStack(scope, cfg, "Replica", cfg.Replica, "what the user pool's replica has of its own", nil)
	stack.AddStackDependency(copying, jsii.String("only a copy that exists has settings"))
	logs := logging.Settings{
		RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain,
		Key: logging.NewKey(stack, "LogKey", logging.KeyProps{Retain: cfg.Protection.Retain}),
	}
	replica := userpool.NewReplica(stack, "Users", userpool.ReplicaProps{
		Pool: pool(), Users: cfg.Users, Email: cfg.Email, Domain: cfg.Domain, Protection: cfg.Protection, Logs: cfg.Logs,
		Trigger: golambda.New(stack, "Trigger", golambda.Props{
			Builder: builder, Name: "replica", Description: "Takes all powers from tokens of the replica",
			Timeout: golambda.TriggerTimeout, Logs: logs,
		}),
	})
	webacl.NewForUserPool(stack, "Firewall", webacl.UserPoolProps{
		Pool: replica, WebACL: cfg.WebACL, Web: cfg.Web, Logs: logs,
	})
	if replica.LoginURL != "" {
		output(stack, "ManagedLoginUrl", replica.LoginURL, "Where the replica serves managed login once it is active")
	}
	output(stack, "UserPoolArn", replica.ARN, "The replica; it has the id of the user pool")
	// Copy has no tags: CloudFormation hands a stack's tags on to UserPoolTagsAtCreate, whose change replaces the copy.
	tagStack(key, cfg, "ReplicaKey")
	tagStack(stack, cfg, "Replica")
}

// newReplicaStack adds a stack called SecureCart-<Stage>-<name>, in its Region and outside of the stage.
func newReplicaStack(
	scope constructs.Construct, cfg config.Stage, name, region, description string, by awscdk.IReusableStackSynthesizer,
) awscdk.Stack {
	full := cfg.ID() + "-" + name
	props := stackProps(cfg, description)
	props.StackName, props.Synthesizer = jsii.String(full), by
	props.Env = &awscdk.Environment{Region: jsii.String(region), Account: jsii.String(cfg.Account)}
	return awscdk.NewStack(scope, jsii.String(full), props)
}

// fromUserPool is an output of the stage's stack UserPool, which CloudFormation reads when it deploys, by
// Fn::GetStackOutput.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func fromUserPool(cfg config.Stage, name string) string {
	return *awscdk.Fn_GetStackOutput(jsii.String(cfg.ID()+"-UserPool"), jsii.String(name), jsii.String(cfg.Region), nil)
}
