package delivery

import "strings"

// stage is where everything is that the pipeline may touch.
type stage struct{ name, account, region, qualifier string }

// id begins the names of the stage's resources. CloudFormation begins the names that it chooses with the stack's.
func (s stage) id() string { return "SecureCart-" + s.name }

// Name is what a pipeline's own stacks, roles and policies are called: never a name that begins like a stage's.
func Name(stage string) string { return "SecureCart-Delivery-" + stage }

// BoundaryName is the policy that bounds every role of the stage.
func BoundaryName(stage string) string { return Name(stage) + "-Boundary" }

func (s stage) arn(service, resource string) string {
	return strings.Join([]string{"arn:aws", service, s.region, s.account, resource}, ":")
}

func (s stage) iam(resource string) string { return "arn:aws:iam::" + s.account + ":" + resource }

// policy is the ARN of one of the pipeline's own policies.
func (s stage) policy(name string) string { return s.iam("policy/" + name) }

// stacks are those of the stage.
func (s stage) stacks() string { return s.arn("cloudformation", "stack/"+s.id()+"-*/*") }

// bootstrap is the ARN of a role of the stage's own CDK bootstrap.
func (s stage) bootstrap(role string) string {
	return s.iam("role/cdk-" + s.qualifier + "-" + role + "-" + s.account + "-" + s.region)
}

func (s stage) gitHubProvider() string { return s.iam("oidc-provider/" + issuer) }

// tagged is a condition that is true of the stage's resources whose ids AWS chooses.
func (s stage) tagged() map[string]any { return equals("aws:ResourceTag/stage", s.name) }

// tagging is true of requests that make a resource of this stage.
func (s stage) tagging() map[string]any { return equals("aws:RequestTag/stage", s.name) }

func equals(key, value string) map[string]any {
	return map[string]any{"StringEquals": map[string]any{key: value}}
}

// claiming is true of requests that tag something as this stage's which is not tagged as another's.
func (s stage) claiming() map[string]any {
	return map[string]any{
		"StringEquals":         map[string]any{"aws:RequestTag/stage": s.name},
		"StringEqualsIfExists": map[string]any{"aws:ResourceTag/stage": s.name},
	}
}
