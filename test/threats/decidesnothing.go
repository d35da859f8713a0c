package threats

import (
	"slices"
	"strings"
)

// exemption is a set of changes that no threat has to notice.
type exemption struct {
	// why says why the changes open no attack.
	why string
	// judges are the Go tests that notice the changes nevertheless, if there are any.
	judges []string
	// changes are the kinds of changes that need not be noticed; none stands for all.
	changes []Change
	// development exempts stages without customers only.
	development bool
	// places are types and properties, separated by spaces. "*" stands for every type. A property without kinds of changes
	// stands for all that is in it, too; with them, and a type, for itself.
	places string
}

// decidesNothing are the changes that open no attack.
var decidesNothing = []exemption{
	{
		why: "is read by people only",
		places: `*.Description *.PolicyDocument.Statement[].Sid *.Tags ApiGateway::Authorizer.Name ApiGateway::RestApi.Name
			CloudWatch::Alarm.AlarmDescription Cognito::IdentityPool.IdentityPoolTags Cognito::UserPool.UserPoolTags
			Cognito::UserPoolClient.ClientName Cognito::UserPoolResourceServer.Name
			Cognito::UserPoolResourceServer.Scopes[].ScopeDescription Events::Rule.Targets[].Id IAM::Policy.PolicyName
			IAM::Role.Policies[].PolicyName IAM::Role.Policies[].PolicyDocument.Statement[].Sid
			KMS::Key.KeyPolicy.Statement[].Sid S3::Bucket.LifecycleConfiguration.Rules[].Id
			WAFv2::WebACL.Rules[].VisibilityConfig.MetricName WAFv2::WebACL.VisibilityConfig.MetricName`,
	},
	{
		why:    "is a message or page for customers",
		judges: []string{"test.TestMessagesAreOurOwnAndHoldNoLink", "test.TestEveryOAuthClientHasItsBranding"},
		places: `Cognito::ManagedLoginBranding.UseCognitoProvidedValues
			Cognito::UserPool.AdminCreateUserConfig.InviteMessageTemplate Cognito::UserPool.EmailAuthenticationMessage
			Cognito::UserPool.EmailAuthenticationSubject Cognito::UserPool.EmailConfiguration.From
			Cognito::UserPool.SmsAuthenticationMessage Cognito::UserPool.VerificationMessageTemplate.EmailMessage
			Cognito::UserPool.VerificationMessageTemplate.EmailSubject
			Cognito::UserPool.VerificationMessageTemplate.SmsMessage ` + riskMessages("BlockEmail", "From", "MfaEmail", "NoActionEmail"),
	},
	{
		why:     "allows less, for a shorter time, or alarms earlier",
		changes: []Change{Tenth},
		places: `ApiGateway::Authorizer.AuthorizerResultTtlInSeconds ApiGateway::Method.Integration.TimeoutInMillis
			Cognito::UserPoolClient.AccessTokenValidity Cognito::UserPoolClient.IdTokenValidity
			Cognito::UserPoolClient.RefreshTokenRotation.RetryGracePeriodSeconds
			Cognito::UserPoolClient.RefreshTokenValidity DynamoDB::Table.OnDemandThroughput.MaxReadRequestUnits
			DynamoDB::Table.OnDemandThroughput.MaxWriteRequestUnits
			Lambda::Function.Timeout S3::Bucket.LifecycleConfiguration.Rules[].ExpirationInDays
			S3::Bucket.LifecycleConfiguration.Rules[].NoncurrentVersionExpiration.NoncurrentDays S3::Bucket.CorsConfiguration.CorsRules[].MaxAge
			WAFv2::WebACL.Rules[].Statement.RateBasedStatement.Limit`,
	},
	{
		why:     "is one permission, or one way to sign in, less",
		changes: []Change{Removed},
		places: `Cognito::UserPoolClient.AllowedOAuthScopes[] Cognito::UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors[]
			Lambda::Permission S3::Bucket.CorsConfiguration S3::Bucket.CorsConfiguration.CorsRules
			S3::Bucket.CorsConfiguration.CorsRules[]`,
	},
	{
		why:         "may be lost with a stage that holds no customers",
		development: true,
		places: `*.DeletionPolicy *.UpdateReplacePolicy Cognito::UserPool.DeletionProtection
			DynamoDB::Table.DeletionProtectionEnabled`,
	},
	{
		why: "is of a resource that holds nothing of its own, which a replacement would lose",
		places: `CloudWatch::Alarm.UpdateReplacePolicy Cognito::LogDeliveryConfiguration.UpdateReplacePolicy
			Cognito::ManagedLoginBranding.UpdateReplacePolicy Cognito::UserPoolClient.UpdateReplacePolicy
			Cognito::UserPoolDomain.UpdateReplacePolicy Cognito::UserPoolIdentityProvider.UpdateReplacePolicy
			Cognito::UserPoolResourceServer.UpdateReplacePolicy
			Cognito::UserPoolRiskConfigurationAttachment.UpdateReplacePolicy Events::Rule.UpdateReplacePolicy
			IAM::Policy.UpdateReplacePolicy IAM::Role.UpdateReplacePolicy Lambda::Function.UpdateReplacePolicy
			Lambda::Permission.UpdateReplacePolicy SNS::Subscription.UpdateReplacePolicy SNS::Topic.UpdateReplacePolicy
			SNS::TopicPolicy.UpdateReplacePolicy SSM::Parameter.UpdateReplacePolicy
			WAFv2::LoggingConfiguration.UpdateReplacePolicy WAFv2::WebACL.UpdateReplacePolicy
			WAFv2::WebACLAssociation.UpdateReplacePolicy`,
	},
	{
		why:     "repeats what stands beside it, or adds a log that nothing writes",
		changes: []Change{OneMore},
		places: `ApiGateway::Method.Integration.IntegrationResponses Cognito::UserPoolResourceServer.Scopes IAM::Policy
			IAM::Role.Policies Lambda::Permission Logs::LogGroup S3::Bucket.CorsConfiguration.CorsRules
			S3::Bucket.LifecycleConfiguration.Rules SNS::Subscription
			WAFv2::WebACL.Rules[].Statement.RateBasedStatement.ScopeDownStatement.OrStatement.Statements`,
	},
	{
		why:     "sets what AWS does without it, or encrypts or names a log that another service delivers",
		judges:  []string{"test.TestEveryLogIsEncryptedWithTheLogKeyWhereDeliveryAllowsIt", "test.TestTemplatesAreAsReviewed"},
		changes: []Change{OneMore},
		places:  `IAM::Role.MaxSessionDuration Logs::LogGroup.KmsKeyId Logs::LogGroup.LogGroupName`,
	},
	{
		why:     "costs or retains more, within what the threats allow",
		changes: []Change{TenTimes},
		places: `CloudWatch::Alarm.Period S3::Bucket.LifecycleConfiguration.Rules[].ExpirationInDays
			S3::Bucket.LifecycleConfiguration.Rules[].NoncurrentVersionExpiration.NoncurrentDays`,
	},
	{
		why:         "stays, ten times as large, below what the threats allow in a stage without customers",
		changes:     []Change{TenTimes},
		development: true,
		places: `Cognito::UserPoolClient.AccessTokenValidity Cognito::UserPoolClient.IdTokenValidity Cognito::UserPoolClient.RefreshTokenValidity
			DynamoDB::Table.OnDemandThroughput.MaxReadRequestUnits
			DynamoDB::Table.OnDemandThroughput.MaxWriteRequestUnits
			WAFv2::WebACL.Rules[].Statement.RateBasedStatement.Limit`,
	},
	{
		why: "shapes answers and requests that are refused or fail without it",
		judges: []string{
			"test.TestEveryGatewayResponseIsAProblemThatTellsNothing", "test.TestR1RefusalsAreProblemsWhateverTemplateIsTaken",
			"test.TestEveryRequestIsValidated", "test.TestD1TheSchemaVersionStandsAtTheRootOfModels", "test.TestTemplatesAreAsReviewed",
		},
		places: `ApiGateway::GatewayResponse.ResponseParameters.gatewayresponse.header.Content-Type
			ApiGateway::GatewayResponse.ResponseTemplates.application/json ApiGateway::GatewayResponse.StatusCode
			ApiGateway::Method.Integration.IntegrationHttpMethod
			ApiGateway::Method.Integration.IntegrationResponses[].StatusCode ApiGateway::Method.Integration.RequestTemplates
			ApiGateway::Method.MethodResponses ApiGateway::Method.RequestParameters ApiGateway::Model.Schema.$schema
			ApiGateway::Model.Schema.properties ApiGateway::Model.Schema.required`,
	},
	{
		why: "makes the deploy fail, or sign-ins and calls that ought to succeed",
		judges: []string{
			"test.TestCustomersSignUpThemselvesWithAVerifiedEmail", "test.TestManagedLoginIsVersionTwoAtTheStagesDomain",
			"test.TestEveryProviderIsToldAndMappedExactlyWhatIsNeeded", "test.TestTablesHaveTheKeysThatHandlersRelyOn",
			"test.TestNothingThatHoldsCustomersIsReplaced", "test.TestTemplatesAreAsReviewed",
		},
		places: `*.DependsOn Cognito::IdentityPool.AllowUnauthenticatedIdentities Cognito::UserPool.AdminCreateUserConfig
			Cognito::UserPool.EmailConfiguration.SourceArn Cognito::UserPoolDomain.CustomDomainConfig
			Cognito::UserPoolDomain.Domain Cognito::UserPoolIdentityProvider.ProviderDetails.api_version
			Cognito::UserPoolIdentityProvider.ProviderDetails.client_id DynamoDB::Table.AttributeDefinitions
			DynamoDB::Table.GlobalSecondaryIndexes DynamoDB::Table.KeySchema DynamoDB::Table.LocalSecondaryIndexes
			Lambda::Function.Architectures Lambda::Function.Environment.Variables.CLIENTS_PARAMETER
			Lambda::Function.Environment.Variables.CURSOR_KEY_ARN Lambda::Function.Environment.Variables.CUSTOMERS_TABLE
			Lambda::Function.Environment.Variables.ORDERS_TABLE Lambda::Function.Environment.Variables.PRODUCTS_TABLE
			Lambda::Function.Environment.Variables.PROOFS_TABLE
			S3::Bucket.BucketEncryption.ServerSideEncryptionConfiguration[].BucketKeyEnabled
			S3::Bucket.CorsConfiguration.CorsRules[].AllowedHeaders SSM::Parameter.Type`,
	},
}

// riskMessages are the properties of what customers are told about risky sign-ins.
func riskMessages(names ...string) string {
	const told = " Cognito::UserPoolRiskConfigurationAttachment.AccountTakeoverRiskConfiguration.NotifyConfiguration."
	return told + strings.Join(names, told)
}

// covers reports whether the exemption has a place for the change.
func (x exemption) covers(place string, s *Stage, m Mutation) bool {
	typ, _, _ := strings.Cut(m.Place, ".")
	rest, found := strings.CutPrefix(m.Place, strings.Replace(place, "*", typ, 1))
	if !found || (x.development && s.production()) {
		return false
	}
	if len(x.changes) > 0 {
		return rest == "" && slices.Contains(x.changes, m.Change)
	}
	return rest == "" || (strings.Contains(place, ".") && (rest[0] == '.' || rest[0] == '['))
}
