package config

import (
	"slices"
	"strings"
)

// replicates are the Regions in which Cognito replicates user pools, as a primary and as a secondary.
// https://aws.amazon.com/about-aws/whats-new/2026/06/amazon-cognito-multi-region/
var replicates = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1",
	"eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
	"sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// replica checks that Cognito can replicate the user pool, and that somebody could sign in at the replica. That the
// plan allows it needs no check: both plans do. Nor does the key: it is not a setting.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-multi-region.html
func replica(s Stage, p *problems) {
	if s.Replica == "" {
		return
	}
	if s.Replica == s.Region {
		p.add("Replica", "must be another Region than the stage's own, got %q twice; choose another or remove Replica",
			s.Replica)
	}
	for _, of := range []struct{ which, region string }{{"to", s.Replica}, {"from", s.Region}} {
		switch {
		case !slices.Contains(regions, of.region):
			if of.region == s.Replica {
				p.add("Replica", `must be an AWS Region such as "eu-west-1", got %q; enter the replica's Region`, of.region)
			}
		case !slices.Contains(replicates, of.region):
			p.add("Replica", "Cognito replicates no user pool %s %s, got %q; choose among %s or remove Replica",
				of.which, of.region, s.Replica, strings.Join(replicates, ", "))
		}
	}
	if s.Account == "" {
		p.add("Replica", "the parts of both Regions must be in one account, got %q without Account; enter the account's id",
			s.Replica)
	}
	// "TOTP MFA is not supported in secondary replicas."
	if s.Users.MFA == Required && !slices.Contains(s.Users.SecondFactors, SMS) {
		p.add("Replica", "nobody could sign in at the replica, which has no TOTP, got MFA Required with %v; "+
			"add SMS to SecondFactors, set MFA: Optional, or remove Replica", s.Users.SecondFactors)
	}
}
