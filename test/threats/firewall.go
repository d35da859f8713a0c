package threats

import (
	"regexp"
	"sync"
)

// The most requests that one address may send in five minutes: to the API, to the user pool, and for sign-ups and
// codes.
const (
	apiRequests    = 2000
	signInRequests = 1000
	signUpRequests = 200

	// countingWindow is the time, in seconds, in which rate rules count.
	countingWindow = 300
)

// pages are the pages of managed login that equal an operation of the user pools API.
// https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
var pages = map[string]string{
	"signup": "/signup", "confirmsignup": "/confirmuser", "resendconfirmationcode": "/resendcode",
	"forgotpassword": "/forgotpassword", "confirmforgotpassword": "/confirmforgotpassword",
}

// acl is a web ACL.
type acl struct{ Resource }

// poolFirewall is the web ACL in front of the user pool.
func (in *Inspection) poolFirewall() acl {
	pool := in.Only(userPool)
	return in.firewallOf(pool, func(arn string) bool { return arn == pool.Ref("Arn") })
}

// firewallOf is the web ACL that protects a resource. None or several are a finding.
func (in *Inspection) firewallOf(what Resource, isARN func(string) bool) acl {
	var found []Resource
	for _, a := range in.Any(aclAssociation) {
		if !isARN(a.At("ResourceArn").Text()) {
			continue
		}
		for _, candidate := range in.Any(webACL) {
			if a.At("WebACLArn").Text() == candidate.Ref("Arn") {
				found = append(found, candidate)
			}
		}
	}
	if len(found) != 1 {
		what.Fail("has %d web ACLs in front of it, want one", len(found))
		return acl{in.Missing(webACL)}
	}
	found[0].At("Scope").Is("REGIONAL")
	return acl{found[0]}
}

// limitsAddresses expects a rule that blocks addresses which send more than most requests of any kind.
func (a acl) limitsAddresses(limit int, most float64) {
	rules := a.rateRules(false)
	if len(rules) != 1 {
		a.At("Rules").Fail("has %d rate rules for every request, want one", len(rules))
	}
	for _, rule := range rules {
		rule.blocksAbove(limit, most)
	}
}

// limitsSignUps expects a stricter rule for the operations, however they are asked for.
func (a acl) limitsSignUps(operations ...string) {
	rules := a.rateRules(true)
	if len(rules) != 1 {
		a.At("Rules").Fail("has %d rate rules for signing up, want one", len(rules))
	}
	for _, rule := range rules {
		rule.blocksAbove(a.in.Config.WebACL.SignUp, signUpRequests)
		for _, operation := range operations {
			rule.counts(header("x-amzn-cognito-operation-name"), operation, "LOWERCASE")
			rule.counts(header("x-amz-target"), "awscognitoidentityproviderservice."+operation, "LOWERCASE")
			if page, has := pages[operation]; has {
				for _, path := range []string{page, page + "/"} {
					rule.counts(map[string]any{"UriPath": map[string]any{}}, path, "URL_DECODE", "NORMALIZE_PATH", "LOWERCASE")
				}
			}
		}
		rule.countsNoneOf(uncounted...)
	}
	a.hasListedRules()
}

// header is the field of a request with this name, as rules write it.
func header(name string) map[string]any {
	return map[string]any{"SingleHeader": map[string]any{"Name": name}}
}

// rateRules are the rate rules for every request, or those for some.
func (a acl) rateRules(some bool) []Value {
	var rules []Value
	for _, rule := range a.At("Rules").Elements() {
		rate := rule.At("Statement", "RateBasedStatement")
		if rate.Got != nil && some == (rate.At("ScopeDownStatement").Got != nil) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func (v Value) blocksAbove(limit int, most float64) {
	v.At("Action").Is(map[string]any{"Block": map[string]any{}})
	rate := v.At("Statement", "RateBasedStatement")
	rate.At("AggregateKeyType").Is("IP")
	rate.At("EvaluationWindowSec").Is(countingWindow)
	rate.At("Limit").Is(limit)
	rate.At("Limit").Between(10, most)
}

// alternatives are the statements of a rate rule of which one is enough to be counted.
func (v Value) alternatives() []Value {
	return v.At("Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements").Elements()
}

// counts expects a rate rule to count requests whose field, after exactly these transformations in this order, is this
// text: without URL_DECODE, for example, /%73ignup would not be counted.
func (v Value) counts(field map[string]any, text string, transformations ...string) {
	matching := 0
	for _, alternative := range v.alternatives() {
		match := alternative.At("RegexMatchStatement")
		if !equal(match.At("FieldToMatch").Got, field) ||
			!equal(match.At("TextTransformations").Got, transforming(transformations)) {
			continue
		}
		if pattern, understood := match.At("RegexString").pattern(); understood && pattern.MatchString(text) {
			matching++
		}
	}
	if matching == 0 {
		v.Fail("does not count requests whose %s is %s after %v", shown{field}, text, transformations)
	}
}

// uncounted are other pages and operations of a user pool. If the strict rule counted them, customers behind one
// address could not sign in.
var uncounted = []string{
	"/", "/login", "/logout", "/oauth2/authorize", "/oauth2/token", "/oauth2/idpresponse", "/signups",
	"/.well-known/jwks.json",
	"adminsignup", "initiateauth", "respondtoauthchallenge", "gettokensfromrefreshtoken", "revoketoken",
}

// countsNoneOf expects a rate rule to count nothing whose field is, after the transformations, one of these texts.
func (v Value) countsNoneOf(texts ...string) {
	for _, alternative := range v.alternatives() {
		match := alternative.At("RegexMatchStatement", "RegexString")
		pattern, understood := match.pattern()
		for _, text := range texts {
			if understood && (pattern.MatchString(text) || pattern.MatchString("awscognitoidentityproviderservice."+text)) {
				match.Fail("matches %s, which is no sign-up", text)
			}
		}
	}
}

// patterns caches compiled regular expressions.
var patterns sync.Map

// pattern is the value as a regular expression, if it is one.
func (v Value) pattern() (*regexp.Regexp, bool) {
	text := v.Text()
	if known, isKnown := patterns.Load(text); isKnown {
		return known.(*regexp.Regexp), true
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil, false
	}
	patterns.Store(text, compiled)
	return compiled, true
}

// transforming are text transformations as a rule writes them.
func transforming(types []string) []any {
	var list []any
	for i, typ := range types {
		list = append(list, map[string]any{"Priority": float64(i), "Type": typ})
	}
	return list
}
