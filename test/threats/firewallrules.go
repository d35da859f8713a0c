package threats

// attackRules are the rules of AWS that every web ACL has, by the name of the rule, in order of their priority.
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
var attackRules = []struct{ name, group string }{
	{"IpReputation", "AWSManagedRulesAmazonIpReputationList"},
	{"CommonRules", "AWSManagedRulesCommonRuleSet"},
	{"KnownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet"},
}

// counted is what the pool's rules may do where managed login returns to the developer's own machine: the one rule that would
// refuse its URL only counts.
var counted = []any{map[string]any{"Name": "EC2MetaDataSSRF_QUERYARGUMENTS", "ActionToUse": map[string]any{"Count": map[string]any{}}}}

// knowsAttacks expects AWS's managed rules to act as AWS meant them to, and what the web ACL sees to be logged.
func (a acl) knowsAttacks() {
	a.hasListedRules()
	if a.id != "" {
		a.in.logsRequests(a.resource)
	}
}

// hasListedRules expects the web ACL's rules to be exactly the listed ones, in their order: one more rule that allows, or one
// that comes first, would let requests past all others.
func (a acl) hasListedRules() {
	a.at("DefaultAction").is(map[string]any{"Allow": map[string]any{}})
	a.at("VisibilityConfig").showsAll()
	rules, onPool := a.at("Rules").each(), a.stack.ID == "UserPool"
	want := []string{"AddressRate"}
	if onPool {
		want = []string{"SignUpRate", "AddressRate"}
	}
	rates := len(want)
	first := 2 - rates // the rule for every request has priority 1 everywhere
	for _, rule := range attackRules {
		want = append(want, rule.name)
	}
	if len(rules) != len(want) {
		a.at("Rules").fail("are %d, want %v", len(rules), want)
		return
	}
	for i, rule := range rules {
		rule.at("Name").is(want[i])
		rule.at("Priority").is(first + i)
		rule.at("VisibilityConfig").showsAll()
		if i < rates {
			rule.hasKeys("Action", "Name", "Priority", "Statement", "VisibilityConfig")
			rule.at("Statement").hasKeys("RateBasedStatement")
			rule.at("Action").is(map[string]any{"Block": map[string]any{}})
			continue
		}
		rule.hasKeys("Name", "OverrideAction", "Priority", "Statement", "VisibilityConfig")
		rule.at("OverrideAction").is(map[string]any{"None": map[string]any{}})
		group := map[string]any{"VendorName": "AWS", "Name": attackRules[i-rates].group}
		if onPool && want[i] == "CommonRules" && a.in.Config.Web.ReturnsToThisMachine() {
			group["RuleActionOverrides"] = counted
		}
		rule.at("Statement").is(map[string]any{"ManagedRuleGroupStatement": group})
	}
}

// showsAll expects what a rule, or none, has decided over to be counted and sampled.
func (v value) showsAll() {
	v.at("CloudWatchMetricsEnabled").is(true)
	v.at("SampledRequestsEnabled").is(true)
}

// hasKeys expects an object of exactly these keys.
func (v value) hasKeys(want ...string) {
	if got := v.keys(); sorted(got) != sorted(want) {
		v.fail("has %s, want %s", sorted(got), sorted(want))
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
	rules := inStack(stack, webACL)
	rate := step(func(rule any) bool { return general(rule) && dig(rule, "Statement", "RateBasedStatement") != nil })
	managed := step(func(rule any) bool { return dig(rule, "Statement", "ManagedRuleGroupStatement") != nil })
	return joined(
		misplaced(stack),
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
		rules.at("Rules", managed, "Statement", "ManagedRuleGroupStatement", "ManagedRuleGroupConfigs").becomes([]any{map[string]any{}}),
		rules.at("Rules").gains(friends(0), friends(5)),
		rules.at("Rules", all, "Priority").becomes(99.0),
		rules.at("Rules", all, "Name").becomes("Another"),
		rules.at("Rules", all, "Statement").becomes(friends(0)["Statement"]),
		rules.at("Rules", all, "VisibilityConfig", "SampledRequestsEnabled").becomes(gone, false),
		rules.at("VisibilityConfig").becomes(gone),
		rules.at("VisibilityConfig", "CloudWatchMetricsEnabled").becomes(gone, false),
		rules.at("VisibilityConfig", "SampledRequestsEnabled").becomes(gone, false),
		rules.at("DefaultAction").becomes(gone, map[string]any{"Allow": map[string]any{"CustomRequestHandling": map[string]any{}}}),
		rules.at("DataProtectionConfig").becomes(gone),
		rules.at("DataProtectionConfig", "DataProtections", all).becomes(gone),
		rules.at("DataProtectionConfig", "DataProtections", all, "ExcludeRuleMatchDetails").becomes(true),
		rules.at("DataProtectionConfig", "DataProtections", having("Action", "SUBSTITUTION"), "Field", "FieldKeys").becomes([]any{"cookie"}),
		inStack(stack, aclLogging).removed(),
		inStack(stack, aclLogging).at("RedactedFields", all).becomes(gone),
		inStack(stack, aclLogging).at("RedactedFields").gains(map[string]any{"UriPath": map[string]any{}}),
	)
}

// friends is a rule that lets a country past all that follow.
func friends(priority float64) map[string]any {
	return map[string]any{
		"Name": "Friends", "Priority": priority, "Action": map[string]any{"Allow": map[string]any{}},
		"Statement":        map[string]any{"GeoMatchStatement": map[string]any{"CountryCodes": []any{"DE"}}},
		"VisibilityConfig": map[string]any{"CloudWatchMetricsEnabled": true, "MetricName": "Friends", "SampledRequestsEnabled": true},
	}
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
		signUpKinds.at("RegexMatchStatement", "TextTransformations", all).becomes(gone),
		signUpKinds.at("RegexMatchStatement", "TextTransformations", all, "Type").becomes("NONE"),
		signUpKinds.at("RegexMatchStatement", "TextTransformations", all, "Priority").becomes(9.0),
		signUpKinds.at("RegexMatchStatement", "RegexString").becomes("^/?never$"),
		inStack("UserPool", webACL).at("Rules").gains(friends(0)),
	)
)
