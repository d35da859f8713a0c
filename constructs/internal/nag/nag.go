// Package nag accepts cdk-nag findings beside the resource that they concern, with a reason that a reviewer can judge.
//
// It writes the metadata that cdk-nag reads from templates, and does not import cdk-nag: loading that module into every
// synth would cost seconds, while only test/ runs its rules.
package nag

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Accepted is one finding that stays, and why.
type Accepted struct {
	// Rule is the rule's id, such as "AwsSolutions-IAM5".
	Rule string
	// Finding narrows Rule to one finding, such as "Resource::*", or to those that match a regular expression between
	// slashes. Rules that report single findings require it.
	Finding string
	// Reason says why the finding is no problem here.
	Reason string
}

// InHIPAAAndPCI accepts a rule that both packs, HIPAA Security and PCI DSS 3.2.1, have under the same name, such as
// "LambdaInsideVPC".
func InHIPAAAndPCI(rule, reason string) []Accepted {
	return []Accepted{{Rule: "HIPAA.Security-" + rule, Reason: reason}, {Rule: "PCI.DSS.321-" + rule, Reason: reason}}
}

// metadata is the key under which cdk-nag looks.
const metadata = "cdk_nag"

// Accept records findings on the CloudFormation resource of construct, beside those recorded before.
func Accept(construct constructs.IConstruct, findings ...Accepted) {
	resource, ok := construct.(awscdk.CfnResource)
	if !ok {
		resource = construct.Node().DefaultChild().(awscdk.CfnResource)
	}
	var rules []any
	if earlier, ok := resource.GetMetadata(jsii.String(metadata)).(map[string]any); ok {
		rules, _ = earlier["rules_to_suppress"].([]any)
	}
	for _, f := range findings {
		rule := map[string]any{"id": f.Rule, "reason": f.Reason}
		switch {
		case strings.HasPrefix(f.Finding, "/"):
			rule["applies_to"] = []any{map[string]any{"regex": f.Finding}}
		case f.Finding != "":
			rule["applies_to"] = []any{f.Finding}
		}
		rules = append(rules, rule)
	}
	resource.AddMetadata(jsii.String(metadata), map[string]any{"rules_to_suppress": rules})
}

// grants is the id of the policy below a role that holds what the role was granted.
const grants = "DefaultPolicy"

// HasGrants reports whether role was granted anything yet.
func HasGrants(role awsiam.Role) bool { return role.Node().TryFindChild(jsii.String(grants)) != nil }

// AcceptGrants records findings on the policy that holds what role was granted. There must be a grant already.
func AcceptGrants(role awsiam.Role, findings ...Accepted) {
	Accept(role.Node().FindChild(jsii.String(grants)), findings...)
}
