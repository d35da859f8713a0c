package deployed

import (
	"errors"
	"fmt"

	"github.com/securecart/identity/internal/iam"
)

// Permission is an AWS::Lambda::Permission: a statement of a function's resource policy.
type Permission struct {
	Action, FunctionName, Principal, SourceArn, SourceAccount string
}

// The services that may call functions.
const (
	APIGateway  = "apigateway.amazonaws.com"
	CognitoPool = "cognito-idp.amazonaws.com"
	EventBridge = "events.amazonaws.com"
	// CloudWatchLogs calls functions with lines of a log. The local stage has no such subscription.
	CloudWatchLogs = "logs.amazonaws.com"
)

// MayInvoke reports whether the function's resource policy lets a service, such as [EventBridge], invoke it for a
// source: the ARN of a route, user pool or rule. If a permission is invalid, no service may invoke its function.
func (s *Stage) MayInvoke(service, functionARN, sourceARN string) bool {
	var policies []iam.Policy
	for _, p := range s.Permissions {
		if s.functionARN(p.FunctionName) != functionARN {
			continue
		}
		policy, err := p.policy(functionARN)
		if err != nil {
			return false
		}
		policies = append(policies, policy)
	}
	decision, err := iam.Evaluate(policies, iam.Request{
		Action: "lambda:InvokeFunction", Resource: functionARN, Principal: iam.Principal{Type: iam.Service, ID: service},
		Context: map[string][]string{"aws:SourceArn": {sourceARN}, "aws:SourceAccount": {s.Account}},
	})
	return err == nil && decision.Outcome == iam.Allowed
}

// FunctionPolicies are the resource policies of functions by ARN: each permission is the statement that Lambda makes
// of it. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (s *Stage) FunctionPolicies() (map[string][]iam.Policy, error) {
	policies := map[string][]iam.Policy{}
	var errs []error
	for i, p := range s.Permissions {
		arn := s.functionARN(p.FunctionName)
		policy, err := p.policy(arn)
		if err != nil {
			errs = append(errs, fmt.Errorf("permission %d of %s: %w", i, arn, err))
			continue
		}
		policies[arn] = append(policies[arn], policy)
	}
	return policies, errors.Join(errs...)
}

// functionARN is the ARN of a function that a permission names by its ARN or by its name.
func (s *Stage) functionARN(name string) string {
	for arn, function := range s.Functions {
		if function.Name == name {
			return arn
		}
	}
	return name
}

// policy is the statement of a function's resource policy, as a policy.
func (p Permission) policy(functionARN string) (iam.Policy, error) {
	statement := map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"Service": p.Principal},
		"Action": p.Action, "Resource": functionARN,
	}
	condition := map[string]any{}
	if p.SourceArn != "" {
		condition["ArnLike"] = map[string]any{"aws:SourceArn": p.SourceArn}
	}
	if p.SourceAccount != "" {
		condition["StringEquals"] = map[string]any{"aws:SourceAccount": p.SourceAccount}
	}
	if len(condition) > 0 {
		statement["Condition"] = condition
	}
	document, err := iam.ParseValue(map[string]any{"Version": "2012-10-17", "Statement": statement})
	return iam.Policy{Name: "function policy", Document: document}, err
}
