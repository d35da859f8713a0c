package main

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"github.com/securecart/identity/config"
)

const trailRemedy = "aws cloudtrail create-trail --is-multi-region-trail --name … --s3-bucket-name …, " +
	"then start-logging: docs/adr/0023-security-events.md"

// logged is which management events reach EventBridge.
type logged int

const (
	none logged = iota
	writesOnly
	readsToo
)

// trail looks for a trail that logs management events of the Region: without one the record of changes gets none. A
// trail of the organization counts. Reads must be logged, too: the heartbeat is one.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
func trail(ctx context.Context, s Subject) Result {
	api, region := s.Services.Trails, s.Stage.Region
	answer, err := api.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
	if err != nil {
		return unknown(err)
	}
	best, name := none, ""
	for _, t := range answer.TrailList {
		if !aws.ToBool(t.IsMultiRegionTrail) && aws.ToString(t.HomeRegion) != region {
			continue
		}
		status, err := api.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: t.TrailARN})
		if err != nil {
			return unknown(err)
		}
		if !aws.ToBool(status.IsLogging) {
			continue
		}
		selectors, err := api.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: t.TrailARN})
		if err != nil {
			return unknown(err)
		}
		if found := management(selectors); found > best {
			best, name = found, aws.ToString(t.Name)
		}
	}
	switch best {
	case readsToo:
		return ok("the trail %s logs management events of %s", name, region)
	case writesOnly:
		return warning("aws cloudtrail put-event-selectors --trail-name "+name+" with ReadWriteType All: "+
			"docs/adr/0023-security-events.md",
			"the trail %s logs no reads in %s: takers of the support desk's roles are not recorded, and the alarm "+
				"SecurityEventsSilent starts", name, region)
	}
	return warning(trailRemedy, "no trail logs management events of %s: the record of changes stays empty, and nobody is "+
		"told of changes past the pipeline", region)
}

// management is which management events a trail's selectors let through.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
func management(answer *cloudtrail.GetEventSelectorsOutput) logged {
	found := none
	for _, s := range answer.EventSelectors {
		switch {
		case !aws.ToBool(s.IncludeManagementEvents) || s.ReadWriteType == types.ReadWriteTypeReadOnly:
		case s.ReadWriteType == types.ReadWriteTypeWriteOnly:
			found = max(found, writesOnly)
		default:
			found = readsToo
		}
	}
	for _, s := range answer.AdvancedEventSelectors {
		found = max(found, advanced(s))
	}
	return found
}

// advanced is which management events an advanced selector lets through. Each of its fields must match.
func advanced(s types.AdvancedEventSelector) logged {
	category, kind := none, readsToo
	for _, f := range s.FieldSelectors {
		switch field := aws.ToString(f.Field); {
		case field == "eventCategory" && slices.Contains(f.Equals, "Management"):
			category = readsToo
		case field == "readOnly" && slices.Contains(f.Equals, "true"):
			kind = none
		case field == "readOnly":
			kind = writesOnly
		}
	}
	return min(category, kind)
}

// iamRegion is where the events of IAM are.
const iamRegion = "us-east-1"

// elsewhere tells whether a stage has to be sent the events of IAM.
func elsewhere(s config.Stage) bool { return s.Region != iamRegion }

// forwarding looks for a rule in us-east-1 that forwards events to the stage's Region: without one, changes of roles
// are not recorded.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
func forwarding(ctx context.Context, s Subject) Result {
	region := s.Stage.Region
	input := &eventbridge.ListRuleNamesByTargetInput{
		TargetArn: aws.String("arn:aws:events:" + region + ":" + s.account + ":event-bus/default"),
	}
	answer, err := s.Services.Rules.ListRuleNamesByTarget(ctx, input)
	if err != nil {
		return unknown(err)
	}
	if len(answer.RuleNames) == 0 {
		return warning(`docs/operations.md, "Changes of roles"`,
			"no rule in %s forwards IAM's events to %s: changes of the stage's roles are not recorded", iamRegion, region)
	}
	return ok("the rule %s in %s forwards events to %s", answer.RuleNames[0], iamRegion, region)
}
