package config

import "testing"

func TestRefusesPipelinesThatReachTooFarOrNothing(t *testing.T) {
	for _, r := range []refusal{
		{"a pipeline of which most is missing", own(), func(s *Stage) { s.Delivery.OwnsGitHubProvider = true },
			"Account: must be pinned where a pipeline deploys, got none; enter the stage's 12-digit " +
				"account id\n" +
				`Delivery.Repository: must be <owner>/<name> as at GitHub, got ""; enter the repository` + "\n" +
				`Delivery.OwnerID: must be GitHub's number, got ""; look it up: gh api repos/ --jq ` +
				`'.owner.id, .id'` + "\n" +
				`Delivery.RepositoryID: must be GitHub's number, got ""; look it up: gh api repos/ --jq ` +
				`'.owner.id, .id'` + "\n" +
				`Delivery.Ref: must be a branch such as "refs/heads/main", or tags such as "refs/tags/v*", ` +
				`got ""; enter what is deployed` + "\n" +
				`Delivery.Qualifier: must be 1 to 10 lower-case letters and digits and not the CDK's own ` +
				`(hnb659fds, whose roles ` +
				`may do everything in the account), got ""; choose one`},
		{"every branch", prod(), func(s *Stage) { s.Delivery.Ref = "refs/heads/*" },
			`Delivery.Ref: must be a branch such as "refs/heads/main", or tags such as "refs/tags/v*", ` +
				`got "refs/heads/*"; enter what is deployed`},
		{"pull requests", prod(), func(s *Stage) { s.Delivery.Ref = "refs/pull/7/merge" },
			`Delivery.Ref: must be a branch such as "refs/heads/main", or tags such as "refs/tags/v*", ` +
				`got "refs/pull/7/merge"; enter what is deployed`},
		{"a repository with a wildcard", prod(), func(s *Stage) { s.Delivery.Repository = "securecart/*" },
			`Delivery.Repository: must be <owner>/<name> as at GitHub, got "securecart/*"; enter the repository`},
		{"the bootstrap that may do everything", prod(), func(s *Stage) { s.Delivery.Qualifier = defaultQualifier },
			`Delivery.Qualifier: must be 1 to 10 lower-case letters and digits and not the CDK's own (hnb659fds, whose roles ` +
				`may do everything in the account), got "hnb659fds"; choose one`},
		{"a stage whose name pipelines' own stacks begin with", own(), func(s *Stage) { s.Name = "Delivery" },
			`Name: must not be "Delivery", which stacks and roles of pipelines begin with; rename the stage`},
	} {
		t.Run(r.name, r.check)
	}
}

func TestPipelinesMayNotShareABootstrapOrOwnAProviderTwice(t *testing.T) {
	a, b := staging(), prod()
	b.Delivery.Qualifier, b.Delivery.OwnsGitHubProvider = a.Delivery.Qualifier, true
	const want = "SecureCart-Prod: Delivery.Qualifier: each stage has a bootstrap of its own, got a second stage " +
		"with scstaging in " +
		"111122223333/eu-central-1 (also SecureCart-Staging); choose another qualifier\n" +
		"SecureCart-Prod: Delivery.OwnsGitHubProvider: an account has GitHub's provider once, got a second owner in " +
		"111122223333 " +
		"(also SecureCart-Staging); set it to false in one of them"
	if err := Validate([]Stage{a, b}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	b.Account, b.Email.IdentityARN = "123456789012", ""
	b.Delivery.OwnerID, b.Delivery.RepositoryID = "77", "78"
	for _, problem := range []error{delivered(b)} {
		if problem != nil {
			t.Errorf("two accounts may have the same: %v", problem)
		}
	}
	b.Delivery.OwnerID = "1"
	if delivered(b) == nil {
		t.Error("the placeholder id 1 is accepted in a real account")
	}
}

// delivered returns the problems of the pipeline's rule alone.
func delivered(s Stage) error {
	p := &problems{stage: s.ID()}
	delivery(s, p)
	if len(p.found) > 0 {
		return p.found[0]
	}
	return nil
}
