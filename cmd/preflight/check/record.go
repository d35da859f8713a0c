package check

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/internal/iam"
)

// settings are an action on the record's bucket that its policy refuses to all but the role that deployed it.
const settings = "s3:PutBucketPolicy"

// anotherRole begins with the name of a role with which CloudFormation deploys, in an ARN.
var anotherRole = regexp.MustCompile(`role/(cdk-[a-z0-9]+-cfn-exec-role-[a-z0-9-]+)`)

// record compares the role that the deployed policy of the record's bucket lets change it with that of the next deploy.
// A stage that got a pipeline, or another qualifier, has another role. Its deploy would fail at the bucket, and the
// rollback with it (constructs/storage, locked.go).
func record(ctx context.Context, s Subject) Result {
	bucket, err := recordBucket(ctx, s)
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
	const remedy = `docs/delivery.md, "Another execution role"`
	text := aws.ToString(answer.Policy)
	role := s.Stage.ExecutionRole(s.account)
	decision, err := deployed(text, bucket, role, s.account)
	switch {
	case err != nil:
		return warning(remedy, "not checked: the policy of %s is not understood: %v", bucket, err)
	case decision.Outcome != iam.ExplicitDeny:
		return ok("%s may change %s", role, bucket)
	}
	only := "another role"
	if found := anotherRole.FindStringSubmatch(text); found != nil {
		only = found[1]
	}
	return failure(remedy, "only %s may change %s, and the stage is now deployed with %s", only, bucket, role)
}

// recordBucket is the name of the bucket in the outputs of the stack Data, empty if there is none.
func recordBucket(ctx context.Context, s Subject) (string, error) {
	answer, err := s.Services.Stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{
		StackName: aws.String(s.Stage.ID() + "-Data"),
	})
	if doesNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, stack := range answer.Stacks {
		for _, output := range stack.Outputs {
			if aws.ToString(output.OutputKey) == "SecurityEventsBucket" {
				return aws.ToString(output.OutputValue), nil
			}
		}
	}
	return "", nil
}

// deployed is what the policy of a bucket says when CloudFormation changes it with a role.
func deployed(policy, bucket, role, account string) (iam.Decision, error) {
	document, err := iam.Parse([]byte(policy))
	if err != nil {
		return iam.Decision{}, err
	}
	return iam.Evaluate([]iam.Policy{{Name: bucket, Document: document}}, iam.Request{
		Action: settings, Resource: "arn:aws:s3:::" + bucket,
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
