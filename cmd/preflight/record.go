package main

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/securecart/identity/internal/iam"
)

// kept is a part of the record whose deployed policy lets only one role change it.
type kept struct {
	// name is that of the bucket or queue, arn its ARN, policy the policy as JSON.
	name, arn, policy string
	// settings are an action that the policy refuses to all but the role that deployed it.
	settings string
}

// anotherRole begins with the name of a role with which CloudFormation deploys, in an ARN.
var anotherRole = regexp.MustCompile(`role/(cdk-[a-z0-9]+-cfn-exec-role-[a-z0-9-]+)`)

// record compares the role that the deployed policies of the record's bucket and of its queue let change them with that
// of the next deploy. A stage that got a pipeline, or another qualifier, has another role. Its deploys of the stacks
// Data and Operations would fail there, and their rollbacks with them (constructs/storage, locked.go).
func record(ctx context.Context, s Subject) []Result {
	return append([]Result{recordBucket(ctx, s)}, recordQueue(ctx, s)...)
}

func recordBucket(ctx context.Context, s Subject) Result {
	bucket, err := s.output(ctx, "Data", "SecurityEventsBucket")
	if err != nil {
		return unknown(err)
	}
	if bucket == "" {
		return ok("the record of changes has no bucket yet")
	}
	answer, err := s.Services.Buckets.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String(bucket)})
	if codeOf(err) == "NoSuchBucketPolicy" {
		return ok("%s has no policy, so the deploy may set it", bucket)
	}
	if err != nil {
		return unknown(err)
	}
	return s.mayChange(kept{bucket, "arn:aws:s3:::" + bucket, aws.ToString(answer.Policy), "s3:PutBucketPolicy"})
}

// recordQueue is about the queue of undelivered events. Nothing if there is none yet.
func recordQueue(ctx context.Context, s Subject) []Result {
	url, err := s.output(ctx, "Operations", "UndeliveredQueue")
	if err != nil {
		return []Result{unknown(err)}
	}
	if url == "" {
		return nil
	}
	answer, err := s.Services.Queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(url),
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNamePolicy, types.QueueAttributeNameQueueArn,
		},
	})
	if err != nil {
		return []Result{unknown(err)}
	}
	name, policy := url[strings.LastIndex(url, "/")+1:], answer.Attributes["Policy"]
	if policy == "" {
		return []Result{ok("%s has no policy, so the deploy may set it", name)}
	}
	return []Result{s.mayChange(kept{name, answer.Attributes["QueueArn"], policy, "sqs:SetQueueAttributes"})}
}

// mayChange is whether the role of the next deploy may change what is kept.
func (s Subject) mayChange(k kept) Result {
	const remedy = `docs/delivery.md, "Another execution role"`
	role := s.Stage.ExecutionRole(s.account)
	decision, err := k.changedBy(role, s.account)
	switch {
	case err != nil:
		return warning(remedy, "not checked: the policy of %s is not understood: %v", k.name, err)
	case decision.Outcome != iam.ExplicitDeny:
		return ok("%s may change %s", role, k.name)
	}
	only := "another role"
	if found := anotherRole.FindStringSubmatch(k.policy); found != nil {
		only = found[1]
	}
	return failure(remedy, "only %s may change %s, and the stage is now deployed with %s", only, k.name, role)
}

// output is an output of a stack of the stage, empty if there is none.
func (s Subject) output(ctx context.Context, stack, name string) (string, error) {
	outputs, err := outputsOf(ctx, s.Services.Stacks, s.Stage.ID()+"-"+stack)
	return outputs[name], err
}

// changedBy is what the policy says when CloudFormation changes what is kept with a role.
func (k kept) changedBy(role, account string) (iam.Decision, error) {
	document, err := iam.Parse([]byte(k.policy))
	if err != nil {
		return iam.Decision{}, err
	}
	return iam.Evaluate([]iam.Policy{{Name: k.name, Document: document}}, iam.Request{
		Action: k.settings, Resource: k.arn,
		Principal: iam.Principal{
			Type: iam.AWS, ID: "arn:aws:sts::" + account + ":assumed-role/" + role + "/AWSCloudFormation",
		},
		Context: map[string][]string{
			"aws:PrincipalArn":    {"arn:aws:iam::" + account + ":role/" + role},
			"aws:SecureTransport": {"true"},
			"s3:TlsVersion":       {"1.3"},
		},
	})
}
