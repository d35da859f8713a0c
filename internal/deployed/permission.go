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
	// CloudWatchLogs calls functions with lines of a log, which no log here has.
	CloudWatchLogs = "logs.amazonaws.com"
)

// MayInvoke reports whether the function's resource policy lets a service, such as [EventBridge], invoke it for a
// source: the ARN of a route, user pool or rule. If a policy is invalid, no service may invoke any function.
func (s *Stage) MayInvoke(service, functionARN, sourceARN string) bool {
	policies, err := s.FunctionPolicies()
	if err != nil {
		return false
	}
	decision, err := iam.Evaluate(policies[functionARN], iam.Request{
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
		p.FunctionName = s.functionARN(p.FunctionName)
		document, err := iam.ParseValue(map[string]any{"Version": "2012-10-17", "Statement": p.statement()})
		if err != nil {
			errs = append(errs, fmt.Errorf("permission %d of %s: %w", i, p.FunctionName, err))
			continue
		}
		policies[p.FunctionName] = append(policies[p.FunctionName], iam.Policy{Name: "function policy", Document: document})
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

func (p Permission) statement() map[string]any {
	statement := map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"Service": p.Principal},
		"Action": p.Action, "Resource": p.FunctionName,
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
	return statement
}
