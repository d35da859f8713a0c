package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
)

// newDelivery adds the stack with the roles of the stage's pipeline, if a pipeline deploys the stage. The stack is not
// part of the stage: an administrator deploys it with their own credentials, and the pipeline cannot change it.
func newDelivery(scope constructs.Construct, cfg config.Stage) {
	if !cfg.Delivery.Pipeline() {
		return
	}
	name := delivery.Name(cfg.Name)
	stack := awscdk.NewStack(scope, jsii.String(name), &awscdk.StackProps{
		StackName:             jsii.String(name),
		Description:           jsii.String("SecureCart " + cfg.Name + ": whom a pipeline may be, and all that it may do"),
		TerminationProtection: jsii.Bool(true),
		Env:                   environment(cfg),
		// The stack has no files and is deployed before the bootstrap, so it must not need one.
		Synthesizer: awscdk.NewCliCredentialsStackSynthesizer(nil),
	})
	d := delivery.New(stack, "Delivery", delivery.Props{
		Stage: cfg.Name, Account: cfg.Account, Region: cfg.Region, Qualifier: cfg.Delivery.Qualifier,
		Workflow: delivery.Workflow{
			Repository: cfg.Delivery.Repository, OwnerID: cfg.Delivery.OwnerID,
			RepositoryID: cfg.Delivery.RepositoryID, Ref: cfg.Delivery.Ref,
		},
		OwnsGitHubProvider: cfg.Delivery.OwnsGitHubProvider,
		Verified:           verified(cfg),
		Secrets:            secretNames(cfg.Providers),
		Replicated:         cfg.Replica != "",
	})
	output(stack, "DeployRoleArn", d.Deploy.ARN(), "Role of the workflow that deploys")
	output(stack, "ReviewRoleArn", d.Review.ARN(), "Role of the workflow that shows differences and drift")
	if d.Verify != nil {
		output(stack, "VerifyRoleArn", d.Verify.ARN(), "Role of the workflow that tries what it has deployed")
	}
	output(stack, "Bootstrap", d.Bootstrap, "Arguments of cdk bootstrap for this stage")
}

// verified tells whether the pipeline may try the end-to-end suite against the stage, as customers of its own.
func verified(cfg config.Stage) bool {
	return cfg.Delivery.Pipeline() && cfg.Purpose != config.Production
}

// secretNames are the names of the secrets that hold what providers gave the shop.
func secretNames(providers []config.Provider) []string {
	var names []string
	for _, provider := range providers {
		if provider.SecretName != "" {
			names = append(names, provider.SecretName)
		}
	}
	return names
}
