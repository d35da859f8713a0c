package threats

// The CloudFormation types that checks read.
const (
	userPool       = "AWS::Cognito::UserPool"
	client         = "AWS::Cognito::UserPoolClient"
	provider       = "AWS::Cognito::UserPoolIdentityProvider"
	resourceServer = "AWS::Cognito::UserPoolResourceServer"
	userGroup      = "AWS::Cognito::UserPoolGroup"
	userDomain     = "AWS::Cognito::UserPoolDomain"
	riskSettings   = "AWS::Cognito::UserPoolRiskConfigurationAttachment"
	logDelivery    = "AWS::Cognito::LogDeliveryConfiguration"
	identityPool   = "AWS::Cognito::IdentityPool"
	principalTag   = "AWS::Cognito::IdentityPoolPrincipalTag"
	roleAttachment = "AWS::Cognito::IdentityPoolRoleAttachment"

	iamRole   = "AWS::IAM::Role"
	iamPolicy = "AWS::IAM::Policy"

	function   = "AWS::Lambda::Function"
	permission = "AWS::Lambda::Permission"
	eventRule  = "AWS::Events::Rule"

	restAPI         = "AWS::ApiGateway::RestApi"
	apiStage        = "AWS::ApiGateway::Stage"
	apiDomain       = "AWS::ApiGateway::DomainName"
	deployment      = "AWS::ApiGateway::Deployment"
	apiResource     = "AWS::ApiGateway::Resource"
	method          = "AWS::ApiGateway::Method"
	authorizer      = "AWS::ApiGateway::Authorizer"
	validator       = "AWS::ApiGateway::RequestValidator"
	model           = "AWS::ApiGateway::Model"
	gatewayResponse = "AWS::ApiGateway::GatewayResponse"

	table        = "AWS::DynamoDB::Table"
	bucket       = "AWS::S3::Bucket"
	bucketPolicy = "AWS::S3::BucketPolicy"
	kmsKey       = "AWS::KMS::Key"
	parameter    = "AWS::SSM::Parameter"

	logGroup     = "AWS::Logs::LogGroup"
	metricFilter = "AWS::Logs::MetricFilter"

	subscriptionFilter = "AWS::Logs::SubscriptionFilter"

	alarm          = "AWS::CloudWatch::Alarm"
	compositeAlarm = "AWS::CloudWatch::CompositeAlarm"
	topic          = "AWS::SNS::Topic"
	topicPolicy    = "AWS::SNS::TopicPolicy"
	queue          = "AWS::SQS::Queue"
	queuePolicy    = "AWS::SQS::QueuePolicy"
	subscription   = "AWS::SNS::Subscription"
	webACL         = "AWS::WAFv2::WebACL"
	aclAssociation = "AWS::WAFv2::WebACLAssociation"
	aclLogging     = "AWS::WAFv2::LoggingConfiguration"
	branding       = "AWS::Cognito::ManagedLoginBranding"
	apiAccount     = "AWS::ApiGateway::Account"

	dashboard           = "AWS::CloudWatch::Dashboard"
	queryDefinition     = "AWS::Logs::QueryDefinition"
	budget              = "AWS::Budgets::Budget"
	anomalyMonitor      = "AWS::CE::AnomalyMonitor"
	anomalySubscription = "AWS::CE::AnomalySubscription"
)

// knownTypes are those that a stage may have. A resource of another type is a finding.
var knownTypes = []string{
	userPool, client, provider, resourceServer, userDomain, riskSettings, logDelivery, branding, identityPool,
	principalTag,
	roleAttachment, iamRole, iamPolicy, function, permission, eventRule, restAPI, apiAccount, apiStage, deployment,
	apiResource, method, authorizer, validator, model, gatewayResponse, table, bucket, bucketPolicy, kmsKey, parameter,
	logGroup, metricFilter, subscriptionFilter, queryDefinition, alarm, compositeAlarm, dashboard, budget, anomalyMonitor,
	anomalySubscription, topic, topicPolicy, subscription, queue, queuePolicy, webACL, aclAssociation, aclLogging,
}
