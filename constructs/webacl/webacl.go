// Package webacl protects the public endpoints, the user pool and the API, with a web ACL of AWS WAF each.
//
// A web ACL rate-limits each IP address and blocks requests that AWS's managed rules recognize as attacks. It
// authenticates nobody, and sees neither user names nor passwords nor e-mail addresses (docs/adr/0010-web-acls.md).
package webacl

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/userpool"
)

// window is the time, in seconds, in which rate-based rules count.
const window = int(config.WebACLWindow / time.Second)

// WebACL holds the names of a web ACL's metrics and log.
type WebACL struct {
	// Metric is the name of the ACL in CloudWatch's metrics. Log is the name of the log group of its requests.
	Metric, Log string
}

// SignUpRate is the metric name of the rule that limits sign-ups and codes, at a user pool.
const SignUpRate = "SignUpRate"

// UserPoolProps configures the web ACL of a user pool.
type UserPoolProps struct {
	// Pool is the user pool. Required.
	Pool *userpool.UserPool
	// WebACL says how many requests one address may send. Required.
	WebACL config.WebACL
	// Web lists the URLs that managed login sends customers to. If one of them is on their own machine, the rule that
	// would block such requests only counts them.
	Web config.Web
	// Logs are the settings of the log of requests. Required.
	Logs logging.Settings
}

// NewForUserPool protects managed login, and the pool's operations that need no AWS credentials, with a web ACL. It
// panics if props are invalid. https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-waf.html
func NewForUserPool(scope constructs.Construct, id string, props UserPoolProps) *WebACL {
	check.Props(scope, id,
		check.Given(props.Pool != nil, "Pool"),
		check.Given(props.WebACL.SignIn > 0, "WebACL.SignIn"),
		check.Given(props.WebACL.SignUp > 0, "WebACL.SignUp"),
		props.Logs.Check(),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	rules := []any{signUpRate(props.WebACL.SignUp), addressRate(props.WebACL.SignIn)}
	return protect(self, props.Pool.ARN, append(rules, managedRules(props.Web.ReturnsToThisMachine())...), props.Logs)
}

// APIProps configures the web ACL of an API.
type APIProps struct {
	// StageARN is the ARN of the API's stage. Required.
	StageARN string
	// WebACL says how many requests one address may send. Required.
	WebACL config.WebACL
	// Logs are the settings of the log of requests. Required.
	Logs logging.Settings
}

// NewForAPI protects an API's stage with a web ACL. Blocked requests get the API's gateway response WAF_FILTERED. It
// panics if props are invalid.
func NewForAPI(scope constructs.Construct, id string, props APIProps) *WebACL {
	check.Props(scope, id,
		check.Given(props.StageARN != "", "StageARN"),
		check.Given(props.WebACL.API > 0, "WebACL.API"),
		props.Logs.Check(),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	rules := append([]any{addressRate(props.WebACL.API)}, managedRules(false)...)
	return protect(self, props.StageARN, rules, props.Logs)
}

// protect adds a web ACL with these rules, its log, and its association with the resource.
func protect(scope constructs.Construct, resource string, rules []any, logs logging.Settings) *WebACL {
	stackName := *awscdk.Stack_Of(scope).StackName()
	acl := *awswafv2.NewCfnWebACL(scope, jsii.String("Acl"), &awswafv2.CfnWebACLProps{
		Description:   jsii.Sprintf("What may reach %s", stackName),
		Scope:         jsii.String("REGIONAL"),
		DefaultAction: &awswafv2.CfnWebACL_DefaultActionProperty{Allow: map[string]any{}},
		Rules:         rules,
		// The account's metrics tell web ACLs apart by this name, so it names stage and stack.
		VisibilityConfig:     visibility(stackName),
		DataProtectionConfig: protection(),
	}).AttrArn()
	log := keepLog(scope, acl, stackName, logs)
	awswafv2.NewCfnWebACLAssociation(scope, jsii.String("Association"), &awswafv2.CfnWebACLAssociationProps{
		ResourceArn: jsii.String(resource),
		WebAclArn:   jsii.String(acl),
	})
	return &WebACL{Metric: stackName, Log: log}
}

// visibility counts and samples what a rule matches.
func visibility(metric string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		MetricName:               jsii.String(metric),
		CloudWatchMetricsEnabled: jsii.Bool(true),
		SampledRequestsEnabled:   jsii.Bool(true),
	}
}
