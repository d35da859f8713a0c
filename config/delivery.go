package config

import (
	"cmp"
	"regexp"
)

// Delivery is the pipeline that may deploy the stage: a workflow of GitHub Actions, which holds no AWS credentials. The
// zero value means no pipeline: people deploy with their own credentials.
type Delivery struct {
	// Repository is the repository at GitHub, such as "securecart/identity".
	Repository string
	// OwnerID and RepositoryID are GitHub's numeric ids of owner and repository. Unlike a name that has become free, an id
	// is never given to somebody else: gh api repos/<repository> --jq '.owner.id, .id'
	OwnerID, RepositoryID string
	// Ref is the branch or tag that the pipeline deploys: "refs/heads/main", or "refs/tags/v*" for every tag of that form.
	Ref string
	// Qualifier names the stage's own CDK bootstrap, whose roles may touch this stage and no other: 1 to 10 lower-case
	// letters and digits.
	Qualifier string
	// OwnsGitHubProvider makes this stage provision GitHub's OpenID Connect provider. An account has only one: set false
	// where another stage or stack owns it.
	OwnsGitHubProvider bool
}

// Pipeline reports whether a pipeline deploys the stage.
func (d Delivery) Pipeline() bool { return d != Delivery{} }

// Bootstrap is the qualifier of the CDK bootstrap that deploys the stage: the stage's own, or the CDK's default.
func (d Delivery) Bootstrap() string { return cmp.Or(d.Qualifier, defaultQualifier) }

// ExecutionRole is the name of the role with which CloudFormation changes the stage's stacks. The CDK's bootstrap names
// it after the account and the Region.
func (s Stage) ExecutionRole(account string) string {
	return "cdk-" + s.Delivery.Bootstrap() + "-cfn-exec-role-" + account + "-" + s.Region
}

// StartingRole is the name of the role that starts the stage's deployments: the deploy role of the CDK's bootstrap.
func (s Stage) StartingRole(account string) string {
	return "cdk-" + s.Delivery.Bootstrap() + "-deploy-role-" + account + "-" + s.Region
}

// reserved is a name that no stage may have. Stacks and roles of pipelines begin with "SecureCart-Delivery-", so a
// stage of that name would let its pipeline reach them.
const reserved = "Delivery"

// defaultQualifier is the qualifier of the CDK's default bootstrap, which deploys with AdministratorAccess.
const defaultQualifier = "hnb659fds"

var (
	repository = regexp.MustCompile(`^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}$`)
	gitHubID   = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)
	gitRef     = regexp.MustCompile(`^refs/(heads/[A-Za-z0-9._/-]+|tags/[A-Za-z0-9._/-]*\*?)$`)
	qualifier  = regexp.MustCompile(`^[a-z0-9]{1,10}$`)
)

// inRealAccount reports whether the stage is pinned to an account that can exist, not to the documentation's.
func inRealAccount(s Stage) bool {
	return accountID.MatchString(s.Account) && s.Account != DocumentationAccount
}

// delivery checks the pipeline's settings. Either all are set or none.
func delivery(s Stage, p *problems) {
	d := s.Delivery
	if s.Name == reserved {
		p.add("Name", "must not be %q, which stacks and roles of pipelines begin with; rename the stage", reserved)
	}
	if !d.Pipeline() {
		return
	}
	if s.Account == "" && s.Purpose == Development { // Elsewhere it must be pinned anyway.
		p.add("Account", "must be pinned where a pipeline deploys, got none; enter the stage's 12-digit account id")
	}
	if !repository.MatchString(d.Repository) {
		p.add("Delivery.Repository", `must be <owner>/<name> as at GitHub, got %q; enter the repository`, d.Repository)
	}
	for _, number := range []struct{ field, got string }{
		{"Delivery.OwnerID", d.OwnerID}, {"Delivery.RepositoryID", d.RepositoryID},
	} {
		// Committed placeholders are "1"; a real account needs the real ids.
		if !gitHubID.MatchString(number.got) || number.got == "1" && inRealAccount(s) {
			p.add(number.field, "must be GitHub's number, got %q; look it up: gh api repos/%s --jq '.owner.id, .id'",
				number.got, d.Repository)
		}
	}
	if !gitRef.MatchString(d.Ref) {
		p.add("Delivery.Ref", `must be a branch such as "refs/heads/main", or tags such as "refs/tags/v*", got %q; `+
			"enter what is deployed", d.Ref)
	}
	if !qualifier.MatchString(d.Qualifier) || d.Qualifier == defaultQualifier {
		p.add("Delivery.Qualifier", "must be 1 to 10 lower-case letters and digits and not the CDK's own (%s, whose "+
			"roles may do everything in the account), got %q; choose one", defaultQualifier, d.Qualifier)
	}
}
