// Package webacl puts a web ACL of AWS WAF in front of what the internet reaches: the user pool and the API.
//
// It bounds what one IP address can ask for, and refuses what AWS's managed rules know as an attack. It is no authentication,
// and sees neither user names nor passwords nor e-mail addresses (docs/adr/0010-web-acls.md).
package webacl

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/logging"
)

// window is the time, in seconds, in which rate-based rules count.
const window = int(config.FirewallWindow / time.Second)

// UserPoolProps configures the web ACL of a user pool.
type UserPoolProps struct {
	// Pool is the user pool. Required.
	Pool awscognito.CfnUserPool
	// Limits are how many requests one address may send; SignIn and SignUp are required.
	Limits config.Firewall
	// Web says where managed login sends customers. Only if one of the places is their own machine does the rule that would
	// refuse such a request merely count it.
	Web config.Web
	// Logs says how the log of requests is kept. Required.
	Logs logging.Props
}

// ForUserPool puts a web ACL in front of managed login and of the pool's operations that need no AWS credentials. It panics
// if props are invalid.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-waf.html
func ForUserPool(scope constructs.Construct, id string, props UserPoolProps) {
	c := check.Of(scope, id)
	c.Given(props.Pool != nil, "Pool")
	c.Require(props.Limits.SignUp >= 10, "Limits.SignUp", "must be at least 10, got %d", props.Limits.SignUp)
	c.Require(props.Limits.SignIn > props.Limits.SignUp, "Limits.SignIn", "must be more than SignUp (%d), got %d", props.Limits.SignUp, props.Limits.SignIn)
	props.Logs.Check(c)
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	rules := []any{signUpRate(props.Limits.SignUp), addressRate(props.Limits.SignIn)}
	protect(self, props.Pool.AttrArn(), append(rules, managedRules(props.Web.ReturnsToThisMachine())...), props.Logs)
}

// APIProps configures the web ACL of an API.
type APIProps struct {
	// Stage is the API's stage. Required.
	Stage awsapigateway.Stage
	// Limits are how many requests one address may send; API is required.
	Limits config.Firewall
	// Logs says how the log of requests is kept. Required.
	Logs logging.Props
}

// ForAPI puts a web ACL in front of an API's stage. What it refuses is answered as the API's gateway response WAF_FILTERED
// says. It panics if props are invalid.
func ForAPI(scope constructs.Construct, id string, props APIProps) {
	c := check.Of(scope, id)
	c.Given(props.Stage != nil, "Stage")
	c.Require(props.Limits.API >= 10, "Limits.API", "must be at least 10, got %d", props.Limits.API)
	props.Logs.Check(c)
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	protect(self, props.Stage.StageArn(), append([]any{addressRate(props.Limits.API)}, managedRules(false)...), props.Logs)
}

// protect adds a web ACL with these rules, its log, and its association with the resource.
func protect(scope constructs.Construct, resource *string, rules []any, logs logging.Props) {
	stack := awscdk.Stack_Of(scope)
	acl := awswafv2.NewCfnWebACL(scope, jsii.String("Acl"), &awswafv2.CfnWebACLProps{
		Description:   jsii.Sprintf("What may reach %s", *stack.StackName()),
		Scope:         jsii.String("REGIONAL"),
		DefaultAction: &awswafv2.CfnWebACL_DefaultActionProperty{Allow: map[string]any{}},
		Rules:         rules,
		// The metric's name is the ACL's in the account's metrics, so it names stage and stack.
		VisibilityConfig:     visibility(*stack.StackName()),
		DataProtectionConfig: protection(),
	})
	keepLog(scope, acl, logs)
	awswafv2.NewCfnWebACLAssociation(scope, jsii.String("Association"), &awswafv2.CfnWebACLAssociationProps{
		ResourceArn: resource,
		WebAclArn:   acl.AttrArn(),
	})
}

// visibility counts and samples what a rule matches.
func visibility(metric string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
	return &awswafv2.CfnWebACL_VisibilityConfigProperty{
		MetricName:               jsii.String(metric),
		CloudWatchMetricsEnabled: jsii.Bool(true),
		SampledRequestsEnabled:   jsii.Bool(true),
	}
}
