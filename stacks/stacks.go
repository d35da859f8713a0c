// Package stacks composes the constructs: the parts of each stage, and all grants.
//
// A stage has six stacks, split by lifetime and by order of deployment:
//
//	UserPool           who customers are, what they have proven   stateful
//	IdentityProviders  Google, Facebook, …; the Web client        re-creatable
//	Data               key, tables, buckets                       stateful
//	Api                routes and their handlers                  re-creatable
//	IdentityPool       AWS credentials for guests and customers   stateful
//	Operations         who helps customers, who is told of alarms re-creatable
//
// A replica of the user pool has stacks of its own, see newReplica.
//
// In a stage that retains data, IdentityProviders is retained, too: the user pool needs the clients and the parameter
// with their ids.
package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/userpool"
)

// Synthesis configures where an app is synthesized from and to.
type Synthesis struct {
	// Root is the folder of go.mod, from which functions are built. Required.
	Root string
	// Outdir is where templates go. If empty the CDK CLI decides, by environment variable.
	Outdir string
	// Context holds the CDK's feature flags. If nil, the CLI passes those of cdk.json.
	Context map[string]any
	// Only is the name of the one stage to synthesize, such as "Dev". All if empty.
	Only string
}

// NewApp returns the app with the chosen stages, ready to synthesize. The error joins every problem in the
// configuration of all stages, or says that the chosen stage does not exist. Then there is no app, and so no template.
func NewApp(stages []config.Stage, to Synthesis) (awscdk.App, error) {
	if err := config.Validate(stages); err != nil {
		return nil, err
	}
	stages, err := config.Choose(stages, to.Only)
	if err != nil {
		return nil, err
	}
	builder := &golambda.Builder{Root: to.Root}
	builder.Start()
	props := &awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false), Context: &to.Context,
		// The construct tree is a file for editors, which would take a twentieth of a synth.
		TreeMetadata: jsii.Bool(false),
	}
	if to.Outdir != "" {
		props.Outdir = jsii.String(to.Outdir)
	}
	app := awscdk.NewApp(props)
	for _, stage := range stages {
		add(app, stage, builder)
	}
	return app, nil
}

// add adds the stacks of one stage to scope. The stage must be valid by config.Validate.
func add(scope constructs.Construct, cfg config.Stage, builder *golambda.Builder) {
	props := &awscdk.StageProps{Env: environment(cfg)}
	if cfg.Delivery.Pipeline() {
		// The boundary limits every role that the pipeline deploys, whatever the templates grant.
		props.PermissionsBoundary = awscdk.PermissionsBoundary_FromName(jsii.String(delivery.BoundaryName(cfg.Name)))
	}
	stage := awscdk.NewStage(scope, jsii.String(cfg.ID()), props)

	users := newUserPool(stage, cfg, builder)
	web := newIdentityProviders(stage, cfg, users)
	data := newData(stage, cfg)
	api := newAPI(stage, cfg, users, data, builder)
	identityPool := newIdentityPool(stage, cfg, users, web, data, api)
	newOperations(stage, cfg, builder, all{users, web, data, api, identityPool})
	newDelivery(scope, cfg)
	newReplica(scope, cfg, builder)
	if cfg.Protection.Retain {
		// The user pool is retained, and so are the resources that it needs.
		userpool.KeepWhole(users.stack)
		userpool.KeepWhole(web.stack)
	}
}

// environment is the stage's account and Region. If the configuration names no account, the CLI's credentials decide.
func environment(cfg config.Stage) *awscdk.Environment {
	env := &awscdk.Environment{Region: jsii.String(cfg.Region)}
	if cfg.Account != "" {
		env.Account = jsii.String(cfg.Account)
	}
	return env
}

// newStack adds a stack called SecureCart-<Stage>-<name>.
func newStack(stage awscdk.Stage, cfg config.Stage, name, description string) awscdk.Stack {
	props := stackProps(cfg, description)
	if cfg.Delivery.Pipeline() {
		props.Synthesizer = awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
			Qualifier: jsii.String(cfg.Delivery.Qualifier),
		})
	}
	stack := awscdk.NewStack(stage, jsii.String(name), props)
	tagStack(stack, cfg, name)
	return stack
}

// stackProps are those of every stack of a stage and of its replica.
func stackProps(cfg config.Stage, description string) *awscdk.StackProps {
	return &awscdk.StackProps{
		Description:           jsii.Sprintf("SecureCart %s: %s", cfg.Name, description),
		TerminationProtection: jsii.Bool(cfg.Protection.TerminationProtection),
	}
}

// appTag is the value of the tag "app" on every resource.
const appTag = "securecart"

// tagStack marks a stack and all its resources, so that costs and owners are found.
func tagStack(stack awscdk.Stack, cfg config.Stage, name string) {
	all, own := awscdk.Tags_Of(stack), stack.Tags()
	for _, t := range [][2]string{{"app", appTag}, {"stage", cfg.Name}, {"stack", name}} {
		key, value := jsii.String(t[0]), jsii.String(t[1])
		all.Add(key, value, nil)
		// The stack itself, which CloudFormation would otherwise show without tags.
		own.SetTag(key, value, nil, nil)
	}
}

// output adds a stack output, for people and front ends, with exactly this name.
func output(stack awscdk.Stack, name, value, description string) {
	awscdk.NewCfnOutput(stack, jsii.String(name), &awscdk.CfnOutputProps{
		Value: jsii.String(value), Description: jsii.String(description),
	})
}

// deployer is the name of the role with which CloudFormation changes the stack.
func deployer(stack awscdk.Stack, cfg config.Stage) string {
	return cfg.ExecutionRole(*stack.Account())
}
