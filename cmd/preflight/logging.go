package main

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/securecart/identity/config"
)

// gatewayLogging checks the role with which API Gateway writes logs: one per account and Region. Without it API Gateway
// refuses a stage with logs. A stage that provisions the role replaces the existing one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func gatewayLogging(ctx context.Context, subject Subject) Result {
	s := subject.Stage
	answer, err := subject.Services.Gateway.GetAccount(ctx, &apigateway.GetAccountInput{})
	if err != nil {
		return unknown(err)
	}
	arn := aws.ToString(answer.CloudwatchRoleArn)
	// Roles that CloudFormation names begin with their stack's name.
	ours := strings.Contains(arn, ":role/"+s.ID()+"-Api-")
	switch owns := s.API.OwnsAccountLogging; {
	case owns && arn == "":
		return ok("API Gateway has no role for logs in %s: this stage provisions it", s.Region)
	case owns && ours:
		return ok("API Gateway's role for logs in %s is this stage's", s.Region)
	case owns:
		return warning(setting(s, "false, unless nobody else has APIs in the account"),
			"API Gateway's role for logs in %s is somebody else's, and this stage would replace it: %s", s.Region, arn)
	case arn == "":
		return failure(setting(s, "true, or deploy the stack first that provisions the role"),
			"API Gateway has no role for logs in %s, and this stage provisions none: its API would be refused", s.Region)
	case ours:
		return warning(setting(s, "true"),
			"API Gateway's role for logs in %s is this stage's, which does not provision it any more: it is kept, and nobody's",
			s.Region)
	}
	return ok("API Gateway's role for logs in %s is %s", s.Region, arn)
}

func setting(s config.Stage, value string) string {
	return "in config/stages.go set API.OwnsAccountLogging of " + s.Name + " to " + value
}

// Limits of CloudWatch Logs' resource policies, per account and Region. AWS WAF and Cognito add themselves to a policy
// that AWS names, which fails if the policy is full.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
const (
	maxPolicies    = 10
	maxPolicyBytes = 5120
	// nearly is how many bytes one more log group may take.
	nearly         = maxPolicyBytes - 256
	deliveryPolicy = "AWSLogDeliveryWrite"
	policiesRemedy = "aws logs describe-resource-policies, then delete-resource-policy for one that nothing needs: " +
		"https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html"
)

func logPolicies(ctx context.Context, s Subject) Result {
	region := s.Stage.Region
	var all []types.ResourcePolicy
	for next := (*string)(nil); ; {
		input := &cloudwatchlogs.DescribeResourcePoliciesInput{NextToken: next}
		page, err := s.Services.Logs.DescribeResourcePolicies(ctx, input)
		if err != nil {
			return unknown(err)
		}
		all = append(all, page.ResourcePolicies...)
		if next = page.NextToken; aws.ToString(next) == "" {
			break
		}
	}
	delivery := false
	for _, policy := range all {
		if !strings.HasPrefix(aws.ToString(policy.PolicyName), deliveryPolicy) {
			continue
		}
		delivery = true
		if bytes := len(aws.ToString(policy.PolicyDocument)); bytes > nearly {
			return warning(policiesRemedy,
				"the policy %s of CloudWatch Logs in %s has %d of %d bytes: the next log group may not fit in",
				aws.ToString(policy.PolicyName), region, bytes, maxPolicyBytes)
		}
	}
	if len(all) >= maxPolicies && !delivery {
		return failure(policiesRemedy,
			"CloudWatch Logs in %s has %d of %d resource policies, and none for the logs of AWS WAF and Cognito",
			region, len(all), maxPolicies)
	}
	return ok("CloudWatch Logs in %s has %d of %d resource policies", region, len(all), maxPolicies)
}
