package deployed

import (
	"regexp"
	"strings"
)

// Permission is an AWS::Lambda::Permission: a statement of a function's resource policy.
type Permission struct {
	Action, FunctionName, Principal, SourceArn, SourceAccount string
}

// The services that functions may be called by.
const (
	APIGateway  = "apigateway.amazonaws.com"
	CognitoPool = "cognito-idp.amazonaws.com"
	EventBridge = "events.amazonaws.com"
)

// MayInvoke reports whether the function's resource policy lets a service, such as [EventBridge], invoke it for a
// source: the ARN of a route, user pool or rule.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (s *Stage) MayInvoke(service, functionARN, sourceARN string) bool {
	for _, p := range s.Permissions {
		names := p.FunctionName == functionARN || p.FunctionName == s.Functions[functionARN].Name
		if names && p.Action == "lambda:InvokeFunction" && p.Principal == service &&
			(p.SourceArn == "" || arnLike(p.SourceArn, sourceARN)) && (p.SourceAccount == "" || p.SourceAccount == s.Account) {
			return true
		}
	}
	return false
}

// arnLike compares an ARN with a pattern. "Each of the six colon-delimited components of the ARN is checked separately
// and each can include multi-character match wildcards (*) or single-character match wildcards (?)":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func arnLike(pattern, arn string) bool {
	patterns, parts := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(patterns) != len(parts) {
		return false
	}
	for i := range parts {
		wild := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(patterns[i]))
		if !regexp.MustCompile("^(?s:" + wild + ")$").MatchString(parts[i]) {
			return false
		}
	}
	return true
}
