package delivery

import (
	"strings"

	"github.com/securecart/identity/constructs/internal/check"
)

// issuer is GitHub's OpenID Connect provider; audience is the audience of its tokens for AWS.
// https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
const (
	issuer   = "token.actions.githubusercontent.com"
	audience = "sts.amazonaws.com"
)

// workflowFile is the only workflow that accesses AWS. Other workflows call it; GitHub's claim names the called one.
const workflowFile = ".github/workflows/stage.yml"

// Workflow identifies the jobs that the roles trust: those of one repository, in one environment, that run one
// committed workflow.
type Workflow struct {
	// Repository is <owner>/<name>; OwnerID and RepositoryID are GitHub's numeric ids of owner and repository. Required.
	Repository, OwnerID, RepositoryID string
	// Ref is the branch or the tags from which the role Deploy may be assumed; a trailing * matches any ending. Required.
	Ref string
}

func (w Workflow) check() check.Broken {
	owner, name, both := strings.Cut(w.Repository, "/")
	return check.All(
		check.Require(both && owner != "" && name != "", "Workflow.Repository", "must be <owner>/<name>, got %q",
			w.Repository),
		check.Given(w.OwnerID != "", "Workflow.OwnerID"),
		check.Given(w.RepositoryID != "", "Workflow.RepositoryID"),
		check.Require(strings.HasPrefix(w.Ref, "refs/heads/") && !strings.Contains(w.Ref, "*") ||
			strings.HasPrefix(w.Ref, "refs/tags/"), "Workflow.Ref", "must be one branch, or tags, got %q", w.Ref),
	)
}

// deployer are the conditions on which a job may deploy: the stage's environment at GitHub, where people approve; the
// workflow file as committed at Ref; and a run for Ref itself. Without the last, a branch could call the workflow of a
// tag, which would then check out the branch.
func (w Workflow) deployer(environment string) map[string]any {
	trust := w.trusted(environment, w.Ref)
	trust["StringLike"].(map[string]any)[issuer+":ref"] = w.Ref
	return trust
}

// reviewer are the conditions on which a job may read configuration. Jobs of pull requests may, whatever their ref.
// GitHub issues no token to a fork's job.
func (w Workflow) reviewer(environment string) map[string]any {
	return w.trusted(environment, "refs/*")
}

// trusted matches the environment both in the subject and in its own claim. The subject has one of two forms: GitHub
// added numeric ids for newer repositories. IAM requires a condition on it in any case. Numeric ids stay when somebody
// else takes over a name. AWS STS has compared GitHub's claims beside sub and aud since January 2026.
// https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
// https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
func (w Workflow) trusted(environment, ref string) map[string]any {
	owner, name, _ := strings.Cut(w.Repository, "/")
	return map[string]any{
		"StringEquals": map[string]any{
			issuer + ":aud": audience,
			issuer + ":sub": []string{
				"repo:" + w.Repository + ":environment:" + environment,
				"repo:" + owner + "@" + w.OwnerID + "/" + name + "@" + w.RepositoryID + ":environment:" + environment,
			},
			issuer + ":repository_id": w.RepositoryID,
			issuer + ":environment":   environment,
		},
		"StringLike": map[string]any{issuer + ":job_workflow_ref": w.Repository + "/" + workflowFile + "@" + ref},
	}
}
