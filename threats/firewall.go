package threats

import (
	"regexp"
	"slices"
	"strings"
)

// How many requests one address may send in five minutes, at most: to the API, to the user pool, and among these to sign up or to
// ask for a code.
const (
	apiRequests    = 2000
	signInRequests = 1000
	signUpRequests = 200

	// countingWindow is the time, in seconds, in which rate rules count.
	countingWindow = 300
)

// attackRules are the managed rule groups that every web ACL has.
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
var attackRules = []string{"AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"}

// pages are those of managed login that stand for an operation of the user pools API.
// https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
var pages = map[string]string{
	"signup": "/signup", "confirmsignup": "/confirmuser", "resendconfirmationcode": "/resendcode",
	"forgotpassword": "/forgotpassword", "confirmforgotpassword": "/confirmforgotpassword",
}

// acl is a web ACL in front of something.
type acl struct{ resource }

// poolFirewall is the web ACL in front of the user pool.
func (in *inspection) poolFirewall() acl {
	pool := in.only(userPool)
	return in.firewallOf(pool, func(arn string) bool { return arn == pool.ref("Arn") })
}

// firewallOf is the web ACL in front of a resource. Anything but exactly one is a finding.
func (in *inspection) firewallOf(what resource, isARN func(string) bool) acl {
	var found []resource
	for _, a := range in.any(aclAssociation) {
		if !isARN(a.at("ResourceArn").text()) {
			continue
		}
		for _, candidate := range in.any(webACL) {
			if a.at("WebACLArn").text() == candidate.ref("Arn") {
				found = append(found, candidate)
			}
		}
	}
	if len(found) != 1 {
		what.fail("has %d web ACLs in front of it, want one", len(found))
		return acl{in.missing(webACL)}
	}
	found[0].at("Scope").is("REGIONAL")
	return acl{found[0]}
}

// limitsAddresses expects a rule that blocks addresses which send more than most, whatever they ask for.
func (a acl) limitsAddresses(most float64) {
	rules := a.rateRules(false)
	if len(rules) != 1 {
		a.at("Rules").fail("has %d rate rules for every request, want one", len(rules))
	}
	for _, rule := range rules {
		rule.blocksAbove(most)
	}
}

// limitsSignUps expects a stricter rule for the operations, however they are asked for.
func (a acl) limitsSignUps(operations ...string) {
	rules := a.rateRules(true)
	if len(rules) != 1 {
		a.at("Rules").fail("has %d rate rules for signing up, want one", len(rules))
	}
	for _, rule := range rules {
		rule.blocksAbove(signUpRequests)
		for _, operation := range operations {
			rule.counts("SingleHeader", "x-amzn-cognito-operation-name", operation)
			rule.counts("SingleHeader", "x-amz-target", "awscognitoidentityproviderservice."+operation)
			rule.counts("UriPath", "", pages[operation])
		}
	}
}

// rateRules are the rate rules for every request, or those for some.
func (a acl) rateRules(some bool) []value {
	var rules []value
	for _, rule := range a.at("Rules").elements() {
		rate := rule.at("Statement", "RateBasedStatement")
		if rate.got != nil && some == (rate.at("ScopeDownStatement").got != nil) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func (v value) blocksAbove(most float64) {
	v.at("Action").is(map[string]any{"Block": map[string]any{}})
	rate := v.at("Statement", "RateBasedStatement")
	rate.at("AggregateKeyType").is("IP")
	rate.at("EvaluationWindowSec").is(countingWindow)
	rate.at("Limit").between(10, most)
}

// counts expects a rate rule to count requests whose field, in lower case, is this text.
func (v value) counts(field, header, text string) {
	matching := 0
	for _, alternative := range v.at("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements").elements() {
		match := alternative.at("RegexMatchStatement")
		if match.at("FieldToMatch", field).got == nil || (header != "" && match.at("FieldToMatch", field, "Name").got != header) {
			continue
		}
		lowered := slices.ContainsFunc(match.at("TextTransformations").elements(), func(t value) bool { return t.at("Type").got == "LOWERCASE" })
		pattern, err := regexp.Compile(match.at("RegexString").text())
		if err == nil && lowered && pattern.MatchString(text) {
			matching++
		}
	}
	if matching == 0 {
		v.fail("does not count requests whose %s is %s", strings.TrimSpace(field+" "+header), text)
	}
}

// knowsAttacks expects AWS's managed rules to act as AWS meant them to. Only where managed login returns to the developer's own
// machine may the one rule count that would refuse it.
func (a acl) knowsAttacks() {
	var groups []string
	for _, rule := range a.at("Rules").each() {
		rule.at("VisibilityConfig", "CloudWatchMetricsEnabled").is(true)
		group := rule.at("Statement", "ManagedRuleGroupStatement")
		if group.got == nil {
			continue
		}
		groups = append(groups, group.at("Name").text())
		group.at("VendorName").is("AWS")
		rule.at("OverrideAction").is(map[string]any{"None": map[string]any{}})
		for _, loophole := range []string{"ExcludedRules", "ScopeDownStatement", "Version"} {
			group.at(loophole).absent()
		}
		for _, override := range group.at("RuleActionOverrides").elements() {
			if !a.in.Config.Web.ReturnsToThisMachine() || override.at("Name").got != "EC2MetaDataSSRF_QUERYARGUMENTS" {
				override.fail("takes the effect of %s", override.at("Name").text())
			}
		}
	}
	if sorted(groups) != sorted(attackRules) {
		a.at("Rules").fail("has the managed rules %s, want %s", sorted(groups), sorted(attackRules))
	}
}

// logsRequests expects what the web ACL sees to be logged, whole, in a group of this stage, without what opens something.
func (in *inspection) logsRequests(a resource) {
	logs := 0
	for _, l := range in.any(aclLogging) {
		if l.at("ResourceArn").text() != a.ref("Arn") {
			continue
		}
		logs++
		l.at("LoggingFilter").absent()
		destinations := l.at("LogDestinationConfigs").texts()
		known := slices.ContainsFunc(in.any(logGroup), func(g resource) bool {
			name, _ := g.at("LogGroupName").got.(string)
			return strings.HasPrefix(name, "aws-waf-logs-") && slices.Equal(destinations, []string{in.arn("logs", "log-group:"+name)})
		})
		if !known {
			l.at("LogDestinationConfigs").fail("is %v, which is no log group of this stage", destinations)
		}
		for _, secret := range []map[string]any{
			{"SingleHeader": map[string]any{"Name": "authorization"}}, {"SingleHeader": map[string]any{"Name": "cookie"}},
			{"SingleHeader": map[string]any{"Name": "x-amz-security-token"}}, {"QueryString": map[string]any{}},
		} {
			if !slices.ContainsFunc(l.at("RedactedFields").elements(), func(v value) bool { return equal(v.got, secret) }) {
				l.at("RedactedFields").fail("lacks %s", shown(secret))
			}
		}
	}
	if logs != 1 {
		a.fail("has %d logs, want one", logs)
	}
}

// inStack selects the resources of a type in one stack.
func inStack(stack, typ string) selection {
	return those(typ, func(r resource) bool { return r.stack.ID == stack })
}

// general stands for the rules that ask about every request, strict for the others.
var (
	general step = func(rule any) bool { return dig(rule, "Statement", "RateBasedStatement", "ScopeDownStatement") == nil }
	strict  step = func(rule any) bool { return !general(rule) }
)

// firewall weakens what stands in front of the one thing in a stack that the internet reaches.
func firewall(stack string) weakening {
	rules, association := inStack(stack, webACL), inStack(stack, aclAssociation)
	rate := step(func(rule any) bool { return general(rule) && dig(rule, "Statement", "RateBasedStatement") != nil })
	managed := step(func(rule any) bool { return dig(rule, "Statement", "ManagedRuleGroupStatement") != nil })
	return joined(
		association.removed(), rules.removed(), association.repeated("", nil),
		association.at("ResourceArn").becomes("arn:aws:apigateway:eu-central-1::/restapis/another/stages/v1"),
		association.at("WebACLArn").becomes("arn:aws:wafv2:eu-central-1:999999999999:regional/webacl/theirs"),
		rules.at("Scope").becomes("CLOUDFRONT"),
		rules.at("Rules").becomes(gone, []any{}),
		rules.at("Rules", general).becomes(gone),
		rules.at("Rules", all, "VisibilityConfig", "CloudWatchMetricsEnabled").becomes(gone, false),
		rules.at("Rules", rate, "Action").becomes(gone, map[string]any{"Count": map[string]any{}}, map[string]any{"Allow": map[string]any{}}),
		rules.at("Rules", rate, "Statement", "RateBasedStatement", "Limit").becomes(gone, 1000000.0),
		rules.at("Rules", rate, "Statement", "RateBasedStatement", "AggregateKeyType").becomes("CONSTANT"),
		rules.at("Rules", managed, "OverrideAction").becomes(gone, map[string]any{"Count": map[string]any{}}),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "Name").becomes("AWSManagedRulesLinuxRuleSet"),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "VendorName").becomes("Somebody"),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "ExcludedRules").becomes(
			[]any{map[string]any{"Name": "NoUserAgent_HEADER"}}),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "ScopeDownStatement").becomes(
			map[string]any{"GeoMatchStatement": map[string]any{}}),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "Version").becomes("Version_1.0"),
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "RuleActionOverrides").gains(
			map[string]any{"Name": "SizeRestrictions_BODY", "ActionToUse": map[string]any{"Count": map[string]any{}}}),
	)
}

// strictRule is the rate rule for signing up, signUpKinds the kinds of request that it counts, signUpRule how both are weakened.
var (
	strictRule  = inStack("UserPool", webACL).at("Rules", strict)
	signUpKinds = strictRule.at("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements", all)
	signUpRule  = joined(
		inStack("UserPool", aclAssociation).removed(),
		strictRule.becomes(gone),
		strictRule.at("Action").becomes(gone, map[string]any{"Count": map[string]any{}}),
		strictRule.at("Statement", "RateBasedStatement", "Limit").becomes(gone, 201.0, 1000000.0),
		strictRule.at("Statement", "RateBasedStatement", "EvaluationWindowSec").becomes(gone, 60.0),
		strictRule.at("Statement", "RateBasedStatement", "ScopeDownStatement").becomes(gone),
		signUpKinds.becomes(gone),
		signUpKinds.at("RegexMatchStatement", "TextTransformations").becomes([]any{map[string]any{"Priority": 0.0, "Type": "NONE"}}),
	)
)
