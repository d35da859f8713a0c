package webacl

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"
)

// The order in which rules are evaluated. Limits come first, because they do not count requests that an earlier rule
// blocks.
const (
	signUpRatePriority = iota
	addressRatePriority
	managedPriority
)

const (
	// codeOperations are the operations that create accounts, or send or check a code.
	codeOperations = "signup|confirmsignup|resendconfirmationcode|forgotpassword|confirmforgotpassword|" +
		"updateuserattributes|getuserattributeverificationcode|verifyuserattribute"
	// signUpPages are the pages of managed login that do the same.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
	signUpPages = "signup|confirm|confirmuser|resendcode|forgotpassword|confirmforgotpassword"
)

// addressRate blocks requests from an address that sends more than limit within the window.
func addressRate(limit int) any {
	return rateRule("AddressRate", addressRatePriority, limit, nil)
}

// signUpRate rate-limits, in the same way, the requests of WebACL.SignUp. Cognito names the operation in one header
// (docs/adr/0010-web-acls.md), SDKs in another. Both are matched case-insensitively.
func signUpRate(limit int) any {
	operation := "^(awscognitoidentityproviderservice\\.)?(" + codeOperations + ")$"
	return rateRule(SignUpRate, signUpRatePriority, limit, &awswafv2.CfnWebACL_StatementProperty{
		OrStatement: &awswafv2.CfnWebACL_OrStatementProperty{Statements: []any{
			matching(header("x-amzn-cognito-operation-name"), operation, "LOWERCASE"),
			matching(header("x-amz-target"), operation, "LOWERCASE"),
			matching(&awswafv2.CfnWebACL_FieldToMatchProperty{UriPath: map[string]any{}}, "^/("+signUpPages+")(/|$)",
				"URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"),
		}},
	})
}

func rateRule(name string, priority, limit int, of *awswafv2.CfnWebACL_StatementProperty) any {
	rate := &awswafv2.CfnWebACL_RateBasedStatementProperty{
		AggregateKeyType:    jsii.String("IP"),
		EvaluationWindowSec: jsii.Number(window),
		Limit:               jsii.Number(limit),
	}
	if of != nil {
		rate.ScopeDownStatement = of
	}
	return &awswafv2.CfnWebACL_RuleProperty{
		Name:             jsii.String(name),
		Priority:         jsii.Number(priority),
		Statement:        &awswafv2.CfnWebACL_StatementProperty{RateBasedStatement: rate},
		Action:           &awswafv2.CfnWebACL_RuleActionProperty{Block: map[string]any{}},
		VisibilityConfig: visibility(name),
	}
}

func header(name string) *awswafv2.CfnWebACL_FieldToMatchProperty {
	return &awswafv2.CfnWebACL_FieldToMatchProperty{SingleHeader: map[string]any{"Name": name}}
}

// matching is the statement that a field, after the transformations, matches the pattern.
func matching(
	field *awswafv2.CfnWebACL_FieldToMatchProperty, pattern string, transformations ...string,
) *awswafv2.CfnWebACL_StatementProperty {
	list := make([]any, 0, len(transformations))
	for i, transformation := range transformations {
		list = append(list, &awswafv2.CfnWebACL_TextTransformationProperty{
			Priority: jsii.Number(i), Type: jsii.String(transformation),
		})
	}
	return &awswafv2.CfnWebACL_StatementProperty{RegexMatchStatement: &awswafv2.CfnWebACL_RegexMatchStatementProperty{
		FieldToMatch: field, RegexString: jsii.String(pattern), TextTransformations: list,
	}}
}

// localRedirect is the managed rule that treats a redirect_uri to localhost as an attempt to read a server's metadata.
// It would block every managed login of a front end on a developer's machine.
const localRedirect = "EC2MetaDataSSRF_QUERYARGUMENTS"

// managedRules are AWS's managed rule groups, in their newest version: addresses known for attacks, attacks on any web
// application, and requests that only attackers send. Their actions are unchanged, except that localRedirect only
// counts if countLocalRedirect is set.
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
func managedRules(countLocalRedirect bool) []any {
	var counted []any
	if countLocalRedirect {
		counted = []any{&awswafv2.CfnWebACL_RuleActionOverrideProperty{
			Name:        jsii.String(localRedirect),
			ActionToUse: &awswafv2.CfnWebACL_RuleActionProperty{Count: map[string]any{}},
		}}
	}
	groups := []struct {
		metric, name string
		overrides    []any
	}{
		{"IpReputation", "AWSManagedRulesAmazonIpReputationList", nil},
		{"CommonRules", "AWSManagedRulesCommonRuleSet", counted},
		{"KnownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet", nil},
	}
	rules := make([]any, 0, len(groups))
	for i, group := range groups {
		statement := &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{
			VendorName: jsii.String("AWS"), Name: jsii.String(group.name),
		}
		if group.overrides != nil {
			statement.RuleActionOverrides = group.overrides
		}
		rules = append(rules, &awswafv2.CfnWebACL_RuleProperty{
			Name:             jsii.String(group.metric),
			Priority:         jsii.Number(managedPriority + i),
			Statement:        &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: statement},
			OverrideAction:   &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
			VisibilityConfig: visibility(group.metric),
		})
	}
	return rules
}
