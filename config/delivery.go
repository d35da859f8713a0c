package config

import (
	"cmp"
	"regexp"
)

// Delivery is the pipeline that may deploy the stage: a workflow of GitHub Actions, which has no secret of AWS. The
// zero value: there is none, and people deploy with credentials of their own.
type Delivery struct {
	// Repository is the repository at GitHub, such as "securecart/identity".
	Repository string
	// OwnerID and RepositoryID are GitHub's numbers of the two, which nobody can take over with a name that has become
	// free: gh api repos/<repository> --jq '.owner.id, .id'
	OwnerID, RepositoryID string
	// Ref is what the pipeline deploys: "refs/heads/main", or "refs/tags/v*" for every tag of that form.
	Ref string
	// Qualifier names the stage's own CDK bootstrap, whose roles may touch this stage and no other: 1 to 10 lower-case
	// letters and digits.
	Qualifier string
	// OwnsGitHubProvider makes this stage provision GitHub's OpenID Connect provider. There is one per account: false
	// where another stage or stack owns it.
	OwnsGitHubProvider bool
}

// Pipeline reports whether the stage has one.
func (d Delivery) Pipeline() bool { return d != Delivery{} }

// Bootstrap is the qualifier of the CDK bootstrap with which the stage is deployed: its own, or the CDK's.
func (d Delivery) Bootstrap() string { return cmp.Or(d.Qualifier, defaultQualifier) }

// reserved is no stage's name: stacks and roles of pipelines begin with "SecureCart-Delivery-", so that no stage's
// pipeline can reach them.
const reserved = "Delivery"

// defaultQualifier is that of the bootstrap which the CDK makes unless told otherwise, with AdministratorAccess.
const defaultQualifier = "hnb659fds"

var (
	repository = regexp.MustCompile(`^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}$`)
	gitHubID   = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)
	gitRef     = regexp.MustCompile(`^refs/(heads/[A-Za-z0-9._/-]+|tags/[A-Za-z0-9._/-]*\*?)$`)
	qualifier  = regexp.MustCompile(`^[a-z0-9]{1,10}$`)
)

// inRealAccount reports whether the stage is pinned to an account that somebody has.
func inRealAccount(s Stage) bool {
	return accountID.MatchString(s.Account) && s.Account != DocumentationAccount
}

// delivery checks the pipeline's settings: all of them, or none.
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
		// 1 stands for the numbers that nobody has looked up yet.
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
