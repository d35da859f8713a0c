// Package iamrole makes roles that are complete: a role is made together with everything that it may do, and nothing
// can be granted to it afterwards. No resource has a policy that grants roles anything.
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
	// Sid names the statement. IAM refuses a policy in which two statements have the same. None if empty.
	Sid string
	// Actions and Resources are what is allowed, and on which ARNs. Required.
	Actions, Resources []string
	// Conditions are those of the statement. None if nil.
	Conditions map[string]any
	// Accepted are the cdk-nag findings that the statement meets.
	Accepted []nag.Accepted
}

// Props configures a Role.
type Props struct {
	// AssumedBy is who may take the role. Required.
	AssumedBy awsiam.IPrincipal
	// Trust are further statements of the trust policy. None if empty.
	Trust []awsiam.PolicyStatement
	// Name is the role's name; CloudFormation's choice if empty.
	Name string
	// Description says what the role is for. Required.
	Description string
	// MaxSessionHours is how long a session may last; AWS's default of one hour if zero.
	MaxSessionHours int
	// Grants are all that the role may do, in this order. What is granted twice stands in the policy once.
	Grants []Grants
}

// Role is a role that holds exactly what it was made with.
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
		// The id is the one that the CDK gives to the policy of a role's grants.
		addPolicy(role.resource, "DefaultPolicy", role, grants)
	}
	return role
}

// ARN is the role's ARN.
func (r *Role) ARN() string { return *r.resource.RoleArn() }

// Resource is the role as the CDK's own constructs take it. None of them must grant it anything.
func (r *Role) Resource() awsiam.Role { return r.resource }

// PolicyProps configures a policy beside that of its role.
type PolicyProps struct {
	// Role is the role that holds the policy. Required.
	Role *Role
	// Grants are what the policy allows. Required.
	Grants []Grants
}

// NewPolicy adds a second policy to a role: for grants on a resource that itself waits for the role, which would close
// a circle in the role's own policy. It panics if props are invalid.
func NewPolicy(scope constructs.Construct, id string, props PolicyProps) {
	grants, broken := merge(props.Grants)
	check.Props(scope, id,
		check.Given(props.Role != nil, "Role"),
		check.Given(len(grants) > 0, "Grants"),
		broken,
	)
	addPolicy(scope, id, props.Role, grants)
}

// merge lists each grant once. Two that differ must not have the same name.
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

// addPolicy writes the whole policy in one call to the jsii kernel, where a call per statement would take most of
// synth.
func addPolicy(scope constructs.Construct, id string, role *Role, grants Grants) {
	accepted := []nag.Accepted{nag.InlinePolicy()}
	statements := make([]any, 0, len(grants))
	for _, grant := range grants {
		statements = append(statements, grant.statement())
		accepted = append(accepted, grant.Accepted...)
	}
	policy := awsiam.NewPolicy(scope, jsii.String(id), &awsiam.PolicyProps{
		Document: awsiam.PolicyDocument_FromJson(map[string]any{"Statement": statements}),
		Roles:    &[]awsiam.IRole{role.resource},
	})
	nag.Accept(policy, accepted...)
}

func (g Grant) statement() map[string]any {
	statement := map[string]any{"Effect": "Allow", "Action": g.Actions, "Resource": g.Resources}
	if g.Sid != "" {
		statement["Sid"] = g.Sid
	}
	if g.Conditions != nil {
		statement["Condition"] = g.Conditions
	}
	return statement
}
