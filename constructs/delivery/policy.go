package delivery

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/nag"
)

// newPolicy adds a managed policy called name.
func newPolicy(
	scope constructs.Construct, id, name, description string, statements []any,
) awsiam.CfnManagedPolicy {
	return awsiam.NewCfnManagedPolicy(scope, jsii.String(id), &awsiam.CfnManagedPolicyProps{
		ManagedPolicyName: jsii.String(name), Description: jsii.String(description),
		PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": statements},
	})
}

// acceptWildcards accepts ARNs that end in a wildcard: CloudFormation chooses the rest of a name, and AWS the ids of
// pools, keys and APIs. Where names cannot bound a statement, conditions on tags do. The stack holds nothing but such
// policies. A reason at each of them would make the template too long to be deployed without a bucket.
func acceptWildcards(scope constructs.Construct) {
	const reason = "CloudFormation and AWS choose names and ids at the first deploy. Each statement is bounded by the " +
		"stage's prefix or by its tag, or is among the limits in docs/delivery.md; test/delivery_bounds_test.go tries both " +
		"against another stage."
	nag.AcceptInStack(scope, nag.Finding("AwsSolutions-IAM5", "/.*/", reason))
}

// newPolicies adds the boundary of the stage's roles, the policies of CloudFormation, and the boundary of the
// bootstrap's roles, whose name it returns.
func (s stage) newPolicies(scope constructs.Construct, secrets []string) string {
	newPolicy(scope, "Boundary", BoundaryName(s.name), "The most that a role of "+s.id()+" can be given",
		s.boundary().Statements())
	for _, p := range s.grants() {
		grants := execution(p.grants)
		if p.name == "Users" && len(secrets) > 0 {
			// Templates refer to the secrets; CloudFormation reads them when it creates the providers.
			grants = append(grants, iamrole.Grant{
				Sid: "ProviderSecrets", Actions: []string{"secretsmanager:GetSecretValue"}, Resources: s.secrets(secrets),
			})
		}
		newPolicy(scope, p.name, Name(s.name)+"-"+p.name, "What CloudFormation may do for "+s.id(), grants.Statements())
	}
	ceiling := Name(s.name) + "-Bootstrap"
	policy := newPolicy(scope, "Ceiling", ceiling, "Keeps the bootstrap of "+s.id()+" to its own stacks", s.ceiling())
	const boundary = "A permissions boundary grants nothing; this one takes away from what the CDK grants."
	nag.Accept(policy, nag.InHIPAAAndPCI("IAMPolicyNoStatementsWithAdminAccess", boundary),
		nag.InHIPAAAndPCI("IAMPolicyNoStatementsWithFullAccess", boundary))
	return ceiling
}

// executionPolicies are the ARNs of CloudFormation's policies, in the form of `cdk bootstrap`.
func (s stage) executionPolicies() string {
	var arns []string
	for _, p := range s.grants() {
		arns = append(arns, s.policy(Name(s.name)+"-"+p.name))
	}
	return strings.Join(arns, ",")
}

// execution are the grants with which CloudFormation creates, updates and deletes resources.
func execution(all []grant) iamrole.Grants {
	grants := make(iamrole.Grants, 0, len(all))
	for _, g := range all {
		grants = append(grants, g.allowing(slices.Concat(g.read, g.write)))
	}
	return grants
}

// reading are the read-only grants of all parts.
func reading(parts []part) iamrole.Grants {
	var grants iamrole.Grants
	for _, p := range parts {
		for _, g := range p.grants {
			if len(g.read) > 0 {
				grants = append(grants, g.allowing(g.read))
			}
		}
	}
	return grants
}

func (g grant) allowing(actions []string) iamrole.Grant {
	return iamrole.Grant{Sid: g.sid, Actions: actions, Resources: g.resources, Conditions: g.conditions}
}
