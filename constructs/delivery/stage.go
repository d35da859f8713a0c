package delivery

import "strings"

// stage names the stage that the pipeline deploys, from which all ARNs are built.
type stage struct{ name, account, region, qualifier string }

// id is the prefix of the names of the stage's resources. Names that CloudFormation chooses begin with the stack's
// name, and so with id.
func (s stage) id() string { return "SecureCart-" + s.name }

// Name is the name, or prefix, of a pipeline's own stacks, roles and policies. No stage's resources begin with it.
func Name(stage string) string { return "SecureCart-Delivery-" + stage }

// DeployRole is the name of the role with which the pipeline deploys a stage.
func DeployRole(stage string) string { return Name(stage) + "-" + deployID }

// BoundaryName is the name of the permissions boundary of every role of the stage.
func BoundaryName(stage string) string { return Name(stage) + "-Boundary" }

func (s stage) arn(service, resource string) string {
	return strings.Join([]string{"arn:aws", service, s.region, s.account, resource}, ":")
}

func (s stage) iam(resource string) string { return "arn:aws:iam::" + s.account + ":" + resource }

// policy is the ARN of one of the pipeline's own policies.
func (s stage) policy(name string) string { return s.iam("policy/" + name) }

// stacks is the ARN pattern of the stage's stacks.
func (s stage) stacks() string { return s.arn("cloudformation", "stack/"+s.id()+"-*/*") }

// bootstrap is the ARN of a role of the stage's own CDK bootstrap.
func (s stage) bootstrap(role string) string {
	return s.iam("role/cdk-" + s.qualifier + "-" + role + "-" + s.account + "-" + s.region)
}

func (s stage) gitHubProvider() string { return s.iam("oidc-provider/" + issuer) }

// tagged is the condition that a resource has the stage's tag, for resources whose ids AWS chooses.
func (s stage) tagged() map[string]any { return equals("aws:ResourceTag/stage", s.name) }

// tagging is the condition that a request creates a resource with the stage's tag.
func (s stage) tagging() map[string]any { return equals("aws:RequestTag/stage", s.name) }

func equals(key, value string) map[string]any {
	return map[string]any{"StringEquals": map[string]any{key: value}}
}

// claiming is the condition that a request sets this stage's tag on a resource that does not have another stage's.
func (s stage) claiming() map[string]any {
	return map[string]any{
		"StringEquals":         map[string]any{"aws:RequestTag/stage": s.name},
		"StringEqualsIfExists": map[string]any{"aws:ResourceTag/stage": s.name},
	}
}
