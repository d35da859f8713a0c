// Package delivery provisions the roles and policies with which a pipeline deploys a stage, and bounds what it can do.
//
// A workflow of GitHub Actions authenticates by a token that GitHub signs, so that GitHub holds no AWS key. The
// workflow's role may assume two roles of the stage's own CDK bootstrap: one starts deployments, one uploads functions.
// CloudFormation then acts with the bootstrap's execution role, which holds this package's policies instead of
// AdministratorAccess. Every role of the stage has this package's permissions boundary, which limits its
// grants.
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
	// Account and Region are those of the stage. Required.
	Account, Region string
	// Qualifier is the qualifier of the stage's own bootstrap. Required.
	Qualifier string
	// Workflow says which workflow is trusted. Required.
	Workflow Workflow
	// OwnsGitHubProvider makes this stage provision GitHub's OpenID Connect provider. An account has only one.
	OwnsGitHubProvider bool
	// Verified adds a role with which the pipeline may run the end-to-end suite, which creates customers and sets their
	// passwords. Never set it for a stage with real customers.
	Verified bool
	// Secrets are the names of the providers' client secrets, which CloudFormation reads for the stage. None if empty.
	Secrets []string
	// Replicated is true if the stage's user pool has a replica, whose status `make drift` looks at.
	Replicated bool
}

// deployID is the construct id of the role Deploy, and ends its name.
const deployID = "Deploy"

// Delivery holds the values that people enter at GitHub and in `cdk bootstrap`.
type Delivery struct {
	// Deploy is the role with which the pipeline deploys. Review reads configuration. Verify runs the end-to-end suite; it
	// is nil unless Props.Verified.
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
		Deploy: in.newRole(self, deployID, "Deploys "+in.id()+" by its bootstrap, and does nothing else",
			props.Workflow.deployer(in.name), in.deploy()),
		Review: in.newRole(self, "Review", "Reads how "+in.id()+" is configured, and changes nothing",
			props.Workflow.reviewer(in.name+"-review"), in.review(), reading(in.grants()), in.findSecrets(props.Secrets),
			in.findReplicas(props.Replicated)),
	}
	acceptWildcards(self)
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

// newRole adds a role that jobs assume with a token of GitHub's, for an hour at most.
func (s stage) newRole(
	scope constructs.Construct, id, description string, trust map[string]any, grants ...iamrole.Grants,
) *iamrole.Role {
	return iamrole.New(scope, id, iamrole.Props{
		Name: Name(s.name) + "-" + id, Description: description, Grants: grants,
		AssumedBy: awsiam.NewWebIdentityPrincipal(jsii.String(s.gitHubProvider()), &trust),
	})
}

// deploy is all that the role Deploy may do: assume two roles of the bootstrap, and read the state that an earlier
// deploy left. A stolen session can deploy other code to this stage for up to an hour, and so read customers' data. The
// environment and the ref in the role's trust policy prevent others from obtaining a session.
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
