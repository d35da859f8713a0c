package threats

// attackRules are the rules of AWS that every web ACL has, by the name of the rule, in order of their priority.
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
var attackRules = []struct{ name, group string }{
	{"IpReputation", "AWSManagedRulesAmazonIpReputationList"},
	{"CommonRules", "AWSManagedRulesCommonRuleSet"},
	{"KnownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet"},
}

// counted is the one rule that may only count, where managed login returns to the developer's own machine: it would
// block the URL.
var counted = []any{
	map[string]any{"Name": "EC2MetaDataSSRF_QUERYARGUMENTS", "ActionToUse": map[string]any{"Count": map[string]any{}}},
}

// knowsAttacks expects AWS's managed rules with their own actions, and requests to be logged.
func (a acl) knowsAttacks() {
	a.hasListedRules()
	if a.id != "" {
		a.in.logsRequests(a.Resource)
	}
}

// hasListedRules expects the web ACL's rules to be exactly the listed ones, in their order: one more rule that allows,
// or one that comes first, would let requests past all others.
func (a acl) hasListedRules() {
	a.At("DefaultAction").Is(map[string]any{"Allow": map[string]any{}})
	a.At("VisibilityConfig").showsAll(a.in.Config.ID() + "-" + a.stack.ID)
	rules, onPool := a.At("Rules").Each(), a.stack.ID == "UserPool"
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
		a.At("Rules").Fail("are %d, want %v", len(rules), want)
		return
	}
	for i, rule := range rules {
		rule.At("Name").Is(want[i])
		rule.At("Priority").Is(first + i)
		rule.At("VisibilityConfig").showsAll(want[i])
		if i < rates {
			rule.hasKeys("Action", "Name", "Priority", "Statement", "VisibilityConfig")
			rule.At("Statement").hasKeys("RateBasedStatement")
			rule.At("Action").Is(map[string]any{"Block": map[string]any{}})
			continue
		}
		rule.hasKeys("Name", "OverrideAction", "Priority", "Statement", "VisibilityConfig")
		rule.At("OverrideAction").Is(map[string]any{"None": map[string]any{}})
		group := map[string]any{"VendorName": "AWS", "Name": attackRules[i-rates].group}
		if onPool && want[i] == "CommonRules" && a.in.Config.Web.ReturnsToThisMachine() {
			group["RuleActionOverrides"] = counted
		}
		rule.At("Statement").Is(map[string]any{"ManagedRuleGroupStatement": group})
	}
}

// showsAll expects requests of a rule, or of the default action, to be counted by this metric and sampled.
func (v Value) showsAll(metric string) {
	v.At("MetricName").Is(metric)
	v.At("CloudWatchMetricsEnabled").Is(true)
	v.At("SampledRequestsEnabled").Is(true)
}

// hasKeys expects an object of exactly these keys.
func (v Value) hasKeys(want ...string) {
	if got := v.Keys(); sorted(got) != sorted(want) {
		v.Fail("has %s, want %s", sorted(got), sorted(want))
	}
}

// inStack selects the resources of a type in one stack.
func inStack(stack, typ string) selection {
	return those(typ, func(r Resource) bool { return r.stack.ID == stack })
}

// general stands for the rules that ask about every request, strict for the others.
var (
	general step = func(rule any) bool { return dig(rule, "Statement", "RateBasedStatement", "ScopeDownStatement") == nil }
	strict  step = func(rule any) bool { return !general(rule) }
)

// strictRule is the rate rule for signing up, signUpKinds the kinds of request that it counts, signUpRule how both are
// weakened.
var (
	strictRule  = inStack("UserPool", webACL).At("Rules", strict)
	signUpKinds = strictRule.At("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements", all)
)
