// Package delivery provisions what a pipeline needs in a stage's account, and bounds what it can do there.
//
// A workflow of GitHub Actions proves who it is by a token of GitHub's, so that no key of AWS stands at GitHub. Its
// role may assume two roles of the stage's own CDK bootstrap: one starts deployments, one uploads functions.
// CloudFormation then acts with the bootstrap's execution role, which holds the policies written here instead of
// AdministratorAccess. Every role that the stage makes has the boundary written here, so that it cannot be given more.
//
//	workflow ── Deploy ──> cdk-<qualifier>-deploy-role ──> CloudFormation ── execution policies ──> the stage
//	                  └──> cdk-<qualifier>-file-publishing-role ──> bucket of functions
//	workflow ── Review ──> reads configuration: differences, drift, preflight
//
// An administrator deploys this once per stage, before the bootstrap. The pipeline can change none of it.
// https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
package delivery

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
)

// Props configures the Delivery of one stage.
type Props struct {
	// Stage is the stage's name, such as "Prod". Its resources are those whose names begin with SecureCart-<Stage>-, or
	// that are tagged stage=<Stage>. Required.
	Stage string
	// Account and Region are where the stage is. Required.
	Account, Region string
	// Qualifier is that of the stage's own bootstrap. Required.
	Qualifier string
	// Workflow says which workflow is trusted. Required.
	Workflow Workflow
	// OwnsGitHubProvider makes this stage provision GitHub's OpenID Connect provider, of which an account has one.
	OwnsGitHubProvider bool
	// Verified adds a role with which the pipeline may run the end-to-end suite: it makes customers and sets their
	// passwords. Never where there are customers.
	Verified bool
	// Secrets are the names of the providers' client secrets, which CloudFormation reads for the stage. None if empty.
	Secrets []string
}

// Delivery is what people enter elsewhere.
type Delivery struct {
	// Deploy is the role with which the pipeline deploys; Review the one with which it looks; Verify the one with which it
	// tries what it has deployed, nil unless Props.Verified.
	Deploy, Review, Verify *iamrole.Role
	// Bootstrap are the arguments with which `cdk bootstrap` makes the stage's own bootstrap.
	Bootstrap string
}

// New adds the Delivery of a stage to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *Delivery {
	check.Props(scope, id,
		check.Given(props.Stage != "", "Stage"),
		check.Given(props.Account != "", "Account"),
		check.Given(props.Region != "", "Region"),
		check.Given(props.Qualifier != "", "Qualifier"),
		props.Workflow.check(),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	in := stage{name: props.Stage, account: props.Account, region: props.Region, qualifier: props.Qualifier}
	d := &Delivery{
		Deploy: in.newRole(self, "Deploy", "Deploys "+in.id()+" by its bootstrap, and does nothing else",
			props.Workflow.deployer(in.name), in.deploy()),
		Review: in.newRole(self, "Review", "Reads how "+in.id()+" is configured, and changes nothing",
			props.Workflow.reviewer(in.name+"-review"), in.review(), reading(in.grants()), in.findSecrets(props.Secrets)),
	}
	roles := []*iamrole.Role{d.Deploy, d.Review}
	if props.Verified {
		d.Verify = in.newRole(self, "Verify", "Makes customers of its own in "+in.id()+", tries all that they may do, and "+
			"removes them", props.Workflow.deployer(in.name), in.verify())
		roles = append(roles, d.Verify)
	}
	if props.OwnsGitHubProvider {
		provider := awsiam.NewCfnOIDCProvider(self, jsii.String("GitHub"), &awsiam.CfnOIDCProviderProps{
			Url: jsii.String("https://" + issuer), ClientIdList: jsii.Strings(audience),
		})
		for _, role := range roles {
			role.Resource().Node().AddDependency(provider)
		}
	}
	d.Bootstrap = "--qualifier " + in.qualifier + " --toolkit-stack-name " + Name(in.name) + "-Bootstrap" +
		" --custom-permissions-boundary " + in.newPolicies(self, props.Secrets) +
		" --apply-permissions-boundary-to-all-roles --cloudformation-execution-policies " + in.executionPolicies()
	return d
}

// newRole adds a role that jobs assume by GitHub's token, for an hour at most.
func (s stage) newRole(
	scope constructs.Construct, id, description string, trust map[string]any, grants ...iamrole.Grants,
) *iamrole.Role {
	return iamrole.New(scope, id, iamrole.Props{
		Name: Name(s.name) + "-" + id, Description: description, Grants: acceptedOnce(grants),
		AssumedBy: awsiam.NewWebIdentityPrincipal(jsii.String(s.gitHubProvider()), &trust),
	})
}

// deploy is all that the role Deploy may do: assume two roles of the bootstrap, and find out what an earlier deploy
// left. A stolen session deploys another state of this stage until its hour is over, and so reads what customers have.
// The environment and the ref in the role's trust keep others from getting such a session.
func (s stage) deploy() iamrole.Grants {
	return iamrole.Grants{
		{
			Sid: "AssumeBootstrapRoles", Actions: []string{"sts:AssumeRole"},
			Resources: []string{s.bootstrap("deploy-role"), s.bootstrap("file-publishing-role")},
		},
		{
			Sid: "FindStacks", Actions: []string{"cloudformation:DescribeStacks"},
			Resources: []string{s.stacks()},
		},
	}
}
