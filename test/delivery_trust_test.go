package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/iam"
)

// TestAPipelineIsOneWorkflowOfOneRepository evaluates the trust policies of both roles for tokens of GitHub's.
func TestAPipelineIsOneWorkflowOfOneRepository(t *testing.T) {
	eachDelivered(t, func(t *testing.T, d delivered) {
		roles := d.own.Template.OfType("AWS::IAM::Role")
		if want := map[bool]int{true: 2, false: 3}[d.config.Purpose == config.Production]; len(roles) != want {
			t.Fatalf("found %d roles, want Deploy and Review, and Verify where there are no customers", len(roles))
		}
		// A run for the stage's own ref; none for one of the other kind.
		const main, tag, attack = "refs/heads/main", "refs/tags/v1.2.3", "refs/heads/main-attack"
		name, own, other := d.config.Name, main, tag
		if d.config.Delivery.Ref != main {
			own, other = tag, main
		}
		token := func(changes ...string) map[string][]string {
			claims := map[string]string{
				"aud": "sts.amazonaws.com", "sub": "repo:securecart/identity:environment:" + name, "environment": name,
				"repository_id": d.config.Delivery.RepositoryID, "ref": own,
				"job_workflow_ref": "securecart/identity/.github/workflows/stage.yml@" + own,
			}
			for i := 0; i < len(changes); i += 2 {
				claims[changes[i]] = changes[i+1]
			}
			context := map[string][]string{}
			for claim, value := range claims {
				context["token.actions.githubusercontent.com:"+claim] = []string{value}
			}
			return context
		}
		at := func(file, ref string) string { return "securecart/identity/.github/workflows/" + file + "@" + ref }
		review := func(changes ...string) map[string][]string {
			environment := name + "-review"
			return token(append([]string{
				"environment", environment, "sub", "repo:securecart/identity:environment:" + environment,
			}, changes...)...)
		}
		for _, c := range []struct {
			what           string
			token          map[string][]string
			deploy, review bool
		}{
			{"the workflow of the stage's ref", token(), true, false},
			{"a subject with numbers", token("sub", "repo:securecart@1/identity@1:environment:"+name), true, false},
			{"a tag in place of main, or main in place of a tag",
				token("job_workflow_ref", at("stage.yml", other), "ref", other), false, false},
			{"a branch", token("job_workflow_ref", at("stage.yml", attack), "ref", attack), false, false},
			{"a branch that calls the workflow of the stage's ref", token("ref", attack), false, false},
			{"the stage's ref that calls the workflow of a branch", token("job_workflow_ref", at("stage.yml", attack)),
				false, false},
			{"a pull request that changes the workflow", token("job_workflow_ref", at("stage.yml", "refs/pull/7/merge")),
				false, false},
			{"another workflow", token("job_workflow_ref", at("ci.yml", own)), false, false},
			{"the environment of another stage",
				token("environment", "Other", "sub", "repo:securecart/identity:environment:Other"), false, false},
			{"a job without an environment", token("environment", "", "sub", "repo:securecart/identity:ref:"+own),
				false, false},
			{"the name in another's hands", token("repository_id", "666"), false, false},
			{"another repository", token("sub", "repo:attacker/identity:environment:"+name), false, false},
			{"another audience", token("aud", "https://github.com/securecart"), false, false},
			{"a review", review(), false, true},
			{"a review of a pull request", review("job_workflow_ref", at("stage.yml", "refs/pull/7/merge")), false, true},
			{"the search for drift", review("job_workflow_ref", at("stage.yml", main)), false, true},
			{"a review by another's repository", review("repository_id", "666"), false, false},
			{"a review by another workflow", review("job_workflow_ref", at("ci.yml", main)), false, false},
		} {
			for _, r := range roles {
				want := c.review
				if !strings.HasSuffix(fmt.Sprint(r.Properties["RoleName"]), "-Review") {
					want = c.deploy
				}
				trust := iam.Policy{Name: "trust", Document: parse(t, "trust", r.Properties["AssumeRolePolicyDocument"])}
				got := allowed(t, []iam.Policy{trust}, iam.Request{
					Action: "sts:AssumeRoleWithWebIdentity", Resource: "arn:aws:iam::" + d.config.Account + ":role/x",
					Principal: iam.Principal{
						Type: iam.Federated,
						ID:   "arn:aws:iam::" + d.config.Account + ":oidc-provider/token.actions.githubusercontent.com",
					},
					Context: c.token,
				})
				if got != want {
					t.Errorf("%s: %v may be assumed: %v, want %v", c.what, r.Properties["RoleName"], got, want)
				}
			}
		}
	})
}
