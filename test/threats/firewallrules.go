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

// strictRule is the rate rule for signing up, signUpKinds the kinds of request that it counts, signUpRule how both are weakened.
var (
	strictRule  = inStack("UserPool", webACL).at("Rules", strict)
	signUpKinds = strictRule.at("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements", all)
)
