// Package nag accepts cdk-nag findings in the code of the resource that they concern, with a reason for reviewers.
//
// It writes the metadata that cdk-nag reads from templates, and does not import cdk-nag: loading that module would add
// seconds to every synth, and only test/ runs its rules.
package nag

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Accepted are accepted findings and the reason.
type Accepted struct {
	rules           []string
	finding, reason string
}

// Rule accepts a rule, such as "AwsSolutions-COG7".
func Rule(rule, reason string) Accepted { return Accepted{rules: []string{rule}, reason: reason} }

// Finding accepts one finding of a rule, such as "Resource::*", or those that match a regular expression between
// slashes. Rules that report single findings require it.
func Finding(rule, finding, reason string) Accepted {
	return Accepted{rules: []string{rule}, finding: finding, reason: reason}
}

// InHIPAAAndPCI accepts a rule that both packs, HIPAA Security and PCI DSS 3.2.1, have under the same name, such as
// "LambdaInsideVPC".
func InHIPAAAndPCI(rule, reason string) Accepted {
	return Accepted{rules: []string{"HIPAA.Security-" + rule, "PCI.DSS.321-" + rule}, reason: reason}
}

// InlinePolicy accepts an inline policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
func InlinePolicy() Accepted {
	return InHIPAAAndPCI("IAMNoInlinePolicy", "The policy belongs to exactly one role and goes with it; a managed "+
		"policy could be attached to whatever else there is.")
}

// Accept records findings on the CloudFormation resource of construct, and returns that resource. It replaces what was
// recorded before, so one call names all findings of a resource.
func Accept(construct constructs.IConstruct, findings ...Accepted) awscdk.CfnResource {
	resource, ok := construct.(awscdk.CfnResource)
	if !ok {
		resource = construct.Node().DefaultChild().(awscdk.CfnResource)
	}
	resource.AddMetadata(jsii.String("cdk_nag"), suppressions(findings))
	return resource
}

// AcceptInStack records findings once for all resources of the stack that holds construct. The template states the
// reason once, which matters where it must be short.
func AcceptInStack(construct constructs.Construct, findings ...Accepted) {
	awscdk.Stack_Of(construct).AddMetadata(jsii.String("cdk_nag"), suppressions(findings))
}

func suppressions(findings []Accepted) map[string]any {
	var rules []any
	for _, f := range findings {
		for _, id := range f.rules {
			rules = append(rules, f.suppression(id))
		}
	}
	return map[string]any{"rules_to_suppress": rules}
}

func (a Accepted) suppression(rule string) map[string]any {
	suppression := map[string]any{"id": rule, "reason": a.reason}
	switch {
	case strings.HasPrefix(a.finding, "/"):
		suppression["applies_to"] = []any{map[string]any{"regex": a.finding}}
	case a.finding != "":
		suppression["applies_to"] = []any{a.finding}
	}
	return suppression
}
