package apigateway

import (
	"regexp"
	"strings"

	"github.com/securecart/identity/local/stage"
)

// mayInvoke says whether the function's resource policy lets API Gateway invoke it for a route:
// https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html, "Permissions".
func mayInvoke(s *stage.Stage, functionARN, routeARN string) bool {
	for _, p := range s.Permissions {
		names := p.FunctionName == functionARN || p.FunctionName == s.Functions[functionARN].Name
		if names && p.Action == "lambda:InvokeFunction" && p.Principal == "apigateway.amazonaws.com" &&
			(p.SourceArn == "" || arnLike(p.SourceArn, routeARN)) && (p.SourceAccount == "" || p.SourceAccount == s.Account) {
			return true
		}
	}
	return false
}

// arnLike compares an ARN with a pattern. "Each of the six colon-delimited components of the ARN is checked separately and each
// can include multi-character match wildcards (*) or single-character match wildcards (?)":
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
