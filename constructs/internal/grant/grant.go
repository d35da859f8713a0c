// Package grant adds permissions to roles, one statement at a time, in the one policy that belongs to each.
package grant

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/securecart/identity/constructs/internal/nag"
)

// Allow adds one statement to the role's own policy. No resource has a policy that grants roles anything.
func Allow(role awsiam.Role, statement *awsiam.PolicyStatementProps) {
	first := !nag.HasGrants(role)
	role.AddToPolicy(awsiam.NewPolicyStatement(statement))
	if first {
		nag.AcceptGrants(role, Inline()...)
	}
}

// Inline are the findings that every policy inside its role meets, and why they stay.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
func Inline() []nag.Accepted {
	return nag.InHIPAAAndPCI("IAMNoInlinePolicy",
		"The policy belongs to exactly one role and goes with it; a managed policy could be attached to whatever else there is.")
}
