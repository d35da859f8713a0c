package threats

import "regexp"

// How many requests one address may send in five minutes, at most: to the API, to the user pool, and among these to
// sign up, or to
// ask for a code or answer with one.
const (
	apiRequests    = 2000
	signInRequests = 1000
	signUpRequests = 200

	// countingWindow is the time, in seconds, in which rate rules count.
	countingWindow = 300
)

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
			rule.counts(header("x-amzn-cognito-operation-name"), operation, "LOWERCASE")
			rule.counts(header("x-amz-target"), "awscognitoidentityproviderservice."+operation, "LOWERCASE")
			if page, has := pages[operation]; has {
				rule.counts(map[string]any{"UriPath": map[string]any{}}, page, "URL_DECODE", "NORMALIZE_PATH",
					"LOWERCASE")
			}
		}
	}
	a.hasListedRules()
}

// header is the field of a request with this name, as rules write it.
func header(name string) map[string]any {
	return map[string]any{"SingleHeader": map[string]any{"Name": name}}
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

// counts expects a rate rule to count requests whose field, after exactly these transformations in this order, is this text:
// without URL_DECODE, for one, /%73ignup would pass uncounted.
func (v value) counts(field map[string]any, text string, transformations ...string) {
	matching := 0
	for _, alternative := range v.at("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements").elements() {
		match := alternative.at("RegexMatchStatement")
		if !equal(match.at("FieldToMatch").got, field) || !equal(match.at("TextTransformations").got, transforming(transformations)) {
			continue
		}
		if pattern, err := regexp.Compile(match.at("RegexString").text()); err == nil && pattern.MatchString(text) {
			matching++
		}
	}
	if matching == 0 {
		v.fail("does not count requests whose %s is %s after %v", shown(field), text, transformations)
	}
}

// transforming are text transformations as a rule writes them.
func transforming(types []string) []any {
	var list []any
	for i, typ := range types {
		list = append(list, map[string]any{"Priority": float64(i), "Type": typ})
	}
	return list
}
