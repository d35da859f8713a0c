// Package iamrole provisions roles together with all their permissions: nothing can be granted to a role afterwards. No
// resource policy grants a role anything.
package iamrole

import (
	"reflect"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
)

// Grants are statements that are granted together, such as reading a table and using its key for that.
type Grants []Grant

// Grant is one statement that allows actions on resources.
type Grant struct {
	// Sid names the statement. IAM refuses a policy with the same Sid twice. None if empty.
	Sid string
	// Actions and Resources are what is allowed, and on which ARNs. Required.
	Actions, Resources []string
	// Conditions are the statement's conditions. None if nil.
	Conditions map[string]any
	// Accepted are the cdk-nag findings of the statement that are accepted.
	Accepted []nag.Accepted
}

// Props configures a Role.
type Props struct {
	// AssumedBy is the principal that may assume the role. Required.
	AssumedBy awsiam.IPrincipal
	// Trust are further statements of the trust policy. None if empty.
	Trust []awsiam.PolicyStatement
	// Name is the role's name; CloudFormation's choice if empty.
	Name string
	// Description says what the role is for. Required.
	Description string
	// MaxSessionHours is how long a session may last; AWS's default of one hour if zero.
	MaxSessionHours int
	// Grants are all the role's permissions, in the order of its policy. A repeated grant is written once.
	Grants []Grants
}

// Role is a role with exactly the permissions of its props.
type Role struct{ resource awsiam.Role }

// New adds a Role to scope, and its one policy if there are grants. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *Role {
	grants, broken := merge(props.Grants)
	check.Props(scope, id,
		check.Given(props.AssumedBy != nil, "AssumedBy"),
		check.Given(props.Description != "", "Description"),
		broken,
	)
	own := &awsiam.RoleProps{AssumedBy: props.AssumedBy, Description: jsii.String(props.Description)}
	if props.Name != "" {
		own.RoleName = jsii.String(props.Name)
	}
	if props.MaxSessionHours > 0 {
		own.MaxSessionDuration = duration.Hours(props.MaxSessionHours)
	}
	role := &Role{awsiam.NewRole(scope, jsii.String(id), own)}
	if len(props.Trust) > 0 {
		role.resource.AssumeRolePolicy().AddStatements(props.Trust...)
	}
	if len(grants) > 0 {
		// The CDK uses this id for the policy of a role's grants.
		addPolicy(role.resource, "DefaultPolicy", role, grants)
	}
	return role
}

// ARN is the role's ARN.
func (r *Role) ARN() string { return *r.resource.RoleArn() }

// Resource is the role for the CDK's own constructs. None of them may grant it anything.
func (r *Role) Resource() awsiam.Role { return r.resource }

// PolicyProps configures a policy beside that of its role.
type PolicyProps struct {
	// Role is the role that holds the policy. Required.
	Role *Role
	// Grants are what the policy allows. Required.
	Grants []Grants
}

// NewPolicy adds a second policy to a role, for grants on a resource that itself depends on the role: in the role's own
// policy they would make a circular dependency. It panics if props are invalid.
func NewPolicy(scope constructs.Construct, id string, props PolicyProps) {
	grants, broken := merge(props.Grants)
	check.Props(scope, id,
		check.Given(props.Role != nil, "Role"),
		check.Given(len(grants) > 0, "Grants"),
		broken,
	)
	addPolicy(scope, id, props.Role, grants)
}

// merge lists each grant once. Two different grants must not have the same Sid.
func merge(all []Grants) (Grants, check.Broken) {
	var merged Grants
	var broken check.Broken
	named := map[string]Grant{}
	for _, grants := range all {
		for _, grant := range grants {
			earlier, taken := named[grant.Sid]
			if !taken || grant.Sid == "" {
				named[grant.Sid] = grant
				merged = append(merged, grant)
				continue
			}
			broken = append(broken, check.Require(reflect.DeepEqual(earlier, grant), "Grants",
				"must have names of their own, got %q for two that differ", grant.Sid)...)
		}
	}
	return merged, broken
}

// addPolicy writes the whole policy in one call to the jsii kernel. One call per statement would take most of the time
// of a synth.
func addPolicy(scope constructs.Construct, id string, role *Role, grants Grants) {
	accepted := []nag.Accepted{nag.InlinePolicy()}
	for _, grant := range grants {
		accepted = append(accepted, grant.Accepted...)
	}
	policy := awsiam.NewPolicy(scope, jsii.String(id), &awsiam.PolicyProps{
		Document: awsiam.PolicyDocument_FromJson(map[string]any{"Statement": grants.Statements()}),
		Roles:    &[]awsiam.IRole{role.resource},
	})
	nag.Accept(policy, accepted...)
}

// Statements are the grants as a policy's document has them.
func (g Grants) Statements() []any {
	statements := make([]any, 0, len(g))
	for _, grant := range g {
		statements = append(statements, grant.Statement())
	}
	return statements
}

// Statement is the grant as a policy's document has it.
func (g Grant) Statement() map[string]any {
	statement := map[string]any{"Effect": "Allow", "Action": g.Actions, "Resource": g.Resources}
	if g.Sid != "" {
		statement["Sid"] = g.Sid
	}
	if g.Conditions != nil {
		statement["Condition"] = g.Conditions
	}
	return statement
}
