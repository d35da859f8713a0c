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

// replica checks that Cognito can replicate the user pool, and that somebody could sign in at the replica. The plan
// needs no check: both plans allow a replica. The key needs no check: the stage makes it.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-multi-region.html
func replica(s Stage, p *problems) {
	if s.Replica == "" {
		return
	}
	replicaRegions(s, p)
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

// replicaRegions checks the Regions of the replica and of the stage. Where AWS has no such Region, the rule on the
// stage's own Region reports it.
func replicaRegions(s Stage, p *problems) {
	switch {
	case s.Replica == s.Region:
		p.add("Replica", "must be another Region than the stage's own, got %q twice; choose another or remove Replica",
			s.Replica)
		return
	case !slices.Contains(regions, s.Replica):
		p.add("Replica", `must be an AWS Region such as "eu-west-1", got %q; enter the replica's Region`, s.Replica)
	case !slices.Contains(replicates, s.Replica):
		p.add("Replica", "Cognito replicates user pools to certain Regions only, got %q; choose among %s or remove Replica",
			s.Replica, strings.Join(replicates, ", "))
	}
	if slices.Contains(regions, s.Region) && !slices.Contains(replicates, s.Region) {
		p.add("Replica", "Cognito replicates user pools of certain Regions only, got Region %q; "+
			"remove Replica, or move the stage to one of %s", s.Region, strings.Join(replicates, ", "))
	}
}
