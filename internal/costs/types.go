package costs

import "github.com/securecart/identity/internal/assembly"

// kind is what a resource type costs while nobody uses the stage.
type kind struct {
	// rest returns what one resource costs at rest. Nil if that is nothing.
	rest func(assembly.Resource) []Item
	// Why says what is charged instead, or that nothing is.
	Why string
	// Source is where AWS says so.
	Source string
}

// each is a type of which every resource costs the price.
func each(price *Price) kind {
	return kind{
		rest:   func(assembly.Resource) []Item { return []Item{{price, 1}} },
		Why:    price.What,
		Source: price.Source,
	}
}

// used is a type that costs nothing at rest; [Usage] has what its use costs.
func used(why, source string) kind { return kind{Why: why, Source: source} }

// free is a type that costs nothing.
func free(why, source string) kind { return kind{Why: why, Source: source} }

const (
	apiPricing     = "https://aws.amazon.com/api-gateway/pricing/"
	cognitoPricing = "https://aws.amazon.com/cognito/pricing/"
	iamPricing     = "https://aws.amazon.com/iam/faqs/"
	snsPricing     = "https://aws.amazon.com/sns/pricing/"
	sqsPricing     = "https://aws.amazon.com/sqs/pricing/"
	wafPricing     = "https://aws.amazon.com/waf/pricing/"
	budgetPricing  = "https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/"
	watchPricing   = "https://aws.amazon.com/cloudwatch/pricing/"
)

// types are all resource types of the stages. A new one is a line here: each(price), used(…) or free(…).
var types = map[string]kind{
	"AWS::ApiGateway::Account":          free("part of the API", apiPricing),
	"AWS::ApiGateway::Authorizer":       free("part of the API", apiPricing),
	"AWS::ApiGateway::Deployment":       free("part of the API", apiPricing),
	"AWS::ApiGateway::GatewayResponse":  free("part of the API", apiPricing),
	"AWS::ApiGateway::Method":           used("its requests, and five metrics once it has some", apiPricing),
	"AWS::ApiGateway::Model":            free("part of the API", apiPricing),
	"AWS::ApiGateway::RequestValidator": free("part of the API", apiPricing),
	"AWS::ApiGateway::Resource":         free("part of the API", apiPricing),
	"AWS::ApiGateway::RestApi":          used("its requests", apiPricing),
	"AWS::ApiGateway::Stage":            used("its requests, logs and traces; it has no cache", apiPricing),

	"AWS::Budgets::Budget":         free("budgets without actions", budgetPricing),
	"AWS::CE::AnomalyMonitor":      free("anomaly detection", "https://aws.amazon.com/aws-cost-management/pricing/"),
	"AWS::CE::AnomalySubscription": free("anomaly detection", "https://aws.amazon.com/aws-cost-management/pricing/"),

	"AWS::CloudWatch::Alarm":          {alarmMetrics, alarmMetric.What, alarmMetric.Source},
	"AWS::CloudWatch::CompositeAlarm": each(compositeAlarm),
	"AWS::CloudWatch::Dashboard":      each(dashboard),

	"AWS::Cognito::IdentityPool":                        free("identity pools", cognitoPricing),
	"AWS::Cognito::IdentityPoolPrincipalTag":            free("identity pools", cognitoPricing),
	"AWS::Cognito::IdentityPoolRoleAttachment":          free("identity pools", cognitoPricing),
	"AWS::Cognito::LogDeliveryConfiguration":            used("logs", watchPricing),
	"AWS::Cognito::ManagedLoginBranding":                free("part of the plan", cognitoPricing),
	"AWS::Cognito::UserPool":                            used("monthly active users, mails and SMS", cognitoPricing),
	"AWS::Cognito::UserPoolClient":                      free("clients of people; machines would pay", cognitoPricing),
	"AWS::Cognito::UserPoolDomain":                      free("part of the plan", cognitoPricing),
	"AWS::Cognito::UserPoolIdentityProvider":            used("its monthly active users", cognitoPricing),
	"AWS::Cognito::UserPoolResourceServer":              free("part of the plan", cognitoPricing),
	"AWS::Cognito::UserPoolRiskConfigurationAttachment": free("part of the plan Plus", cognitoPricing),

	"AWS::DynamoDB::Table":    used("requests, data and recovery", "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
	"AWS::Events::Rule":       used("the runs that it starts", "https://aws.amazon.com/eventbridge/pricing/"),
	"AWS::IAM::ManagedPolicy": free("IAM", iamPricing),
	"AWS::IAM::OIDCProvider":  free("IAM", iamPricing),
	"AWS::IAM::Policy":        free("IAM", iamPricing),
	"AWS::IAM::Role":          free("IAM", iamPricing),
	"AWS::KMS::Key":           each(key),
	"AWS::Lambda::Function":   used("runs, their time, logs and traces", "https://aws.amazon.com/lambda/pricing/"),
	"AWS::Lambda::Permission": free("part of the function", "https://aws.amazon.com/lambda/pricing/"),

	"AWS::Logs::LogGroup":        used("logs taken in and kept", watchPricing),
	"AWS::Logs::MetricFilter":    each(customMetric),
	"AWS::Logs::QueryDefinition": used("data that a query reads, when somebody runs it", watchPricing),
	"AWS::Logs::SubscriptionFilter": used("the runs that it starts, and the objects that they write",
		"https://aws.amazon.com/lambda/pricing/"),
	"AWS::S3::Bucket":        used("objects, requests and data sent", "https://aws.amazon.com/s3/pricing/"),
	"AWS::S3::BucketPolicy":  free("part of the bucket", "https://aws.amazon.com/s3/pricing/"),
	"AWS::SNS::Subscription": used("mails; the first 1,000 a month are free", snsPricing),
	"AWS::SNS::Topic":        used("what alarms and functions publish; the first million a month are free", snsPricing),
	"AWS::SNS::TopicPolicy":  free("part of the topic", snsPricing),
	"AWS::SQS::Queue":        used("its messages; the first million requests a month are free", sqsPricing),
	"AWS::SQS::QueuePolicy":  free("part of the queue", sqsPricing),
	"AWS::SSM::Parameter":    free("standard parameters", "https://aws.amazon.com/systems-manager/pricing/"),

	"AWS::WAFv2::LoggingConfiguration": used("logs", watchPricing),
	"AWS::WAFv2::WebACL":               {webACLAndRules, webACL.What + ", " + webACLRule.What, wafPricing},
	"AWS::WAFv2::WebACLAssociation":    free("part of the web ACL", wafPricing),
}

// alarmMetrics counts the metrics that an alarm watches: AWS charges for each of those that an expression combines.
func alarmMetrics(r assembly.Resource) []Item {
	queries, combines := r.Properties["Metrics"].([]any)
	if !combines {
		return []Item{{alarmMetric, 1}}
	}
	metrics := 0.0
	for _, query := range queries {
		if _, isMetric := query.(map[string]any)["MetricStat"]; isMetric {
			metrics++
		}
	}
	return []Item{{alarmMetric, metrics}}
}

func webACLAndRules(r assembly.Resource) []Item {
	rules, _ := r.Properties["Rules"].([]any)
	return []Item{{webACL, 1}, {webACLRule, float64(len(rules))}}
}
