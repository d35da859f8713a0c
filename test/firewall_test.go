package test

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// TestThePoolAndTheAPIEachHaveExactlyOneWebACL: AWS WAF guards what an association names, and nothing else.
func TestThePoolAndTheAPIEachHaveExactlyOneWebACL(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var guarded, acls []string
		for _, association := range s.all(t, "AWS::WAFv2::WebACLAssociation") {
			guarded = append(guarded, association.text(t, "ResourceArn"))
			acls = append(acls, association.text(t, "WebACLArn"))
		}
		var exposed, provisioned []string
		for _, pool := range s.all(t, "AWS::Cognito::UserPool") {
			exposed = append(exposed, "${"+pool.stack.ID+"."+pool.id[:len(pool.id)-8]+".Arn}")
		}
		for _, stage := range s.all(t, "AWS::ApiGateway::Stage") {
			api, name := stage.text(t, "RestApiId"), "${"+stage.stack.ID+"."+stage.id[:len(stage.id)-8]+"}"
			exposed = append(exposed, "arn:aws:apigateway:"+s.config.Region+"::/restapis/"+api+"/stages/"+name)
		}
		for _, acl := range s.all(t, "AWS::WAFv2::WebACL") {
			provisioned = append(provisioned, "${"+acl.stack.ID+"."+acl.id[:len(acl.id)-8]+".Arn}")
		}
		compare(t, guarded, exposed, "a user pool or an API would stand unguarded")
		compare(t, acls, provisioned, "a web ACL would guard nothing, or two things of different needs")
	})
}

// visibility is what makes a rule's matches countable and visible.
func visibility(metric string) map[string]any {
	return map[string]any{"MetricName": metric, "CloudWatchMetricsEnabled": true, "SampledRequestsEnabled": true}
}

// rate is a rule that refuses the requests of an address beyond a limit in five minutes.
func rate(name string, priority float64, limit int, scope map[string]any) map[string]any {
	statement := map[string]any{"AggregateKeyType": "IP", "EvaluationWindowSec": 300.0, "Limit": float64(limit)}
	if scope != nil {
		statement["ScopeDownStatement"] = scope
	}
	return map[string]any{
		"Name": name, "Priority": priority, "VisibilityConfig": visibility(name),
		"Action": map[string]any{"Block": map[string]any{}}, "Statement": map[string]any{"RateBasedStatement": statement},
	}
}

// managed is a group of AWS's rules, each acting as AWS means it to, but those that only count.
func managed(name string, priority float64, group string, counted ...string) map[string]any {
	statement := map[string]any{"VendorName": "AWS", "Name": group}
	var overrides []any
	for _, rule := range counted {
		overrides = append(overrides, map[string]any{"Name": rule, "ActionToUse": map[string]any{"Count": map[string]any{}}})
	}
	if overrides != nil {
		statement["RuleActionOverrides"] = overrides
	}
	return map[string]any{
		"Name": name, "Priority": priority, "VisibilityConfig": visibility(name),
		"OverrideAction": map[string]any{"None": map[string]any{}}, "Statement": map[string]any{"ManagedRuleGroupStatement": statement},
	}
}

func TestEveryWebACLHasExactlyTheListedRules(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var local []string
		if s.config.Web.ReturnsToThisMachine() {
			local = []string{"EC2MetaDataSSRF_QUERYARGUMENTS"}
		}
		common := func(counted ...string) []any {
			return []any{
				managed("IpReputation", 2, "AWSManagedRulesAmazonIpReputationList"),
				managed("CommonRules", 3, "AWSManagedRulesCommonRuleSet", counted...),
				managed("KnownBadInputs", 4, "AWSManagedRulesKnownBadInputsRuleSet"),
			}
		}
		// What the scope of SignUpRate matches is TestSignUpIsLimitedHoweverItIsAskedFor's.
		scope, _ := s.resource(t, "UserPool", "FirewallAcl").get("Rules", 0, "Statement", "RateBasedStatement", "ScopeDownStatement").(map[string]any)
		rules := map[string][]any{
			"UserPool": append([]any{rate("SignUpRate", 0, s.config.WebACL.SignUp, scope), rate("AddressRate", 1, s.config.WebACL.SignIn, nil)}, common(local...)...),
			"Api":      append([]any{rate("AddressRate", 1, s.config.WebACL.API, nil)}, common()...),
		}
		for stack, expected := range rules {
			acl := s.resource(t, stack, "FirewallAcl")
			want(t, acl, "REGIONAL", "it could guard neither a user pool nor an API", "Scope")
			want(t, acl, map[string]any{"Allow": map[string]any{}}, "nobody could sign in or shop", "DefaultAction")
			want(t, acl, visibility("SecureCart-"+s.config.Name+"-"+stack), "its counts would be mixed up with another stage's", "VisibilityConfig")
			want(t, acl, any(expected), "an attack would pass that was to be refused, or a customer be refused", "Rules")
		}
	})
}

// TestProductionCountsNoRuleThatWasToRefuse whatever its configuration says.
func TestProductionCountsNoRuleThatWasToRefuse(t *testing.T) {
	counting := 0
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, acl := range s.all(t, "AWS::WAFv2::WebACL") {
			walk(acl.get("Rules"), func(value any) {
				if action, ok := value.(map[string]any); ok && action["Count"] != nil {
					counting++
					if s.config.Purpose == config.Production {
						t.Errorf("%s merely counts what it was to refuse: %v", acl, action)
					}
				}
			})
		}
	})
	if counting == 0 {
		t.Error("no stage counts anything: managed login on localhost would be refused, and this test would prove nothing")
	}
}

// request is what AWS WAF sees of one: the header by which Cognito or an SDK names the operation, or the path.
type request struct{ operation, target, path string }

func TestSignUpIsLimitedHoweverItIsAskedFor(t *testing.T) {
	const sdk = "AWSCognitoIdentityProviderService."
	limited := map[request]bool{
		{path: "/login"}: false, {path: "/oauth2/authorize"}: false, {path: "/oauth2/token"}: false, {path: "/oauth2/idpresponse"}: false,
		{path: "/logout"}: false, {path: "/"}: false, {path: "/signups"}: false, {path: "/.well-known/jwks.json"}: false,
		{path: "/signup"}: true, {path: "/SignUp/"}: true, {path: "//signup"}: true, {path: "/%73ignup"}: true, {path: "/login/../signup"}: true,
		{path: "/confirm"}: true, {path: "/confirmUser"}: true, {path: "/resendcode"}: true,
		{path: "/forgotPassword"}: true, {path: "/confirmforgotPassword"}: true,
	}
	for operation, is := range map[string]bool{
		"SignUp": true, "ConfirmSignUp": true, "ResendConfirmationCode": true, "ForgotPassword": true, "ConfirmForgotPassword": true,
		"InitiateAuth": false, "RespondToAuthChallenge": false, "GetTokensFromRefreshToken": false, "RevokeToken": false, "AdminSignUp": false,
	} {
		limited[request{operation: operation, path: "/"}] = is
		limited[request{target: sdk + operation, path: "/"}] = is
		limited[request{target: strings.ToUpper(sdk + operation), path: "/"}] = is
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		acl := s.resource(t, "UserPool", "FirewallAcl")
		scope := []any{"Rules", 0, "Statement", "RateBasedStatement", "ScopeDownStatement", "OrStatement", "Statements"}
		statements, _ := acl.get(scope...).([]any)
		for r, expected := range limited {
			matched := false
			for i := range statements {
				matched = matched || acl.matches(t, r, append(append([]any(nil), scope...), i, "RegexMatchStatement"))
			}
			if matched != expected {
				t.Errorf("%s: %+v counts for SignUpRate: %v, want %v", acl, r, matched, expected)
			}
		}
	})
}

// matches evaluates the regular expression at one place of a web ACL, as AWS WAF documents it. It stops on what it does not know.
func (f found) matches(t *testing.T, r request, at []any) bool {
	t.Helper()
	in := func(more ...any) []any { return append(append([]any(nil), at...), more...) }
	var value string
	switch name, _ := f.get(in("FieldToMatch", "SingleHeader", "Name")...).(string); {
	case name == "x-amzn-cognito-operation-name":
		value = r.operation
	case name == "x-amz-target":
		value = r.target
	case name == "" && cmp.Equal(f.get(in("FieldToMatch")...), any(map[string]any{"UriPath": map[string]any{}})):
		value = r.path
	default:
		t.Fatalf("%s: %v is not understood", f, f.get(in("FieldToMatch")...))
	}
	transformations := f.get(in("TextTransformations")...).([]any)
	for i := range transformations {
		want(t, f, float64(i), "transformations would run in another order", in("TextTransformations", i, "Priority")...)
		switch kind := f.text(t, in("TextTransformations", i, "Type")...); kind {
		case "LOWERCASE":
			value = strings.ToLower(value)
		case "NORMALIZE_PATH":
			value = path.Clean(value)
		case "URL_DECODE":
			decoded, err := url.PathUnescape(value)
			if err != nil {
				t.Fatal(err)
			}
			value = decoded
		default:
			t.Fatalf("%s: transformation %s is not understood", f, kind)
		}
	}
	return regexp.MustCompile(f.text(t, in("RegexString")...)).MatchString(value)
}

// TestFirewallLogsAndSamplesHoldNothingThatOpensAnything: requests carry tokens, cookies, codes and signatures.
func TestFirewallLogsAndSamplesHoldNothingThatOpensAnything(t *testing.T) {
	secret := []string{"authorization", "cookie", "x-amz-security-token"}
	redacted := []any{map[string]any{"QueryString": map[string]any{}}}
	for _, header := range secret {
		redacted = append(redacted, map[string]any{"SingleHeader": map[string]any{"Name": header}})
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		var logged []string
		for _, logging := range s.all(t, "AWS::WAFv2::LoggingConfiguration") {
			logged = append(logged, logging.text(t, "ResourceArn"))
			want(t, logging, any(redacted), "whoever reads the log could act as a customer", "RedactedFields")
			want(t, logging, nil, "the log would have holes", "LoggingFilter")
			group := s.resource(t, logging.stack.ID, "FirewallLog")
			want(t, group, "aws-waf-logs-"+logging.stack.Name, "AWS WAF refuses any other name", "LogGroupName")
			compare(t, logging.strings(t, "LogDestinationConfigs"),
				[]string{"arn:aws:logs:" + s.config.Region + ":" + s.account() + ":log-group:aws-waf-logs-" + logging.stack.Name}, "the log would go elsewhere")
			want(t, s.resource(t, logging.stack.ID, "FirewallAcl"), map[string]any{"DataProtections": []any{
				map[string]any{"Action": "SUBSTITUTION", "Field": map[string]any{"FieldType": "QUERY_STRING"}},
				map[string]any{"Action": "SUBSTITUTION", "Field": map[string]any{"FieldType": "SINGLE_HEADER", "FieldKeys": list(secret...)}},
			}}, "whoever looks at sampled requests could act as a customer", "DataProtectionConfig")
		}
		compare(t, logged, []string{"${UserPool.FirewallAcl.Arn}", "${Api.FirewallAcl.Arn}"}, "nobody could tell who was refused, and why")
	})
}
