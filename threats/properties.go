package threats

// surface is every type of resource that there may be, with every property that one may have, by the threat that an unlisted
// property would reopen. A property that AWS adds later, or that somebody sets, is a finding until it has been judged; so is a
// type that stands nowhere here.
var surface = map[string]map[string]string{
	"U33": {
		userPool: "AccountRecoverySetting AdminCreateUserConfig AutoVerifiedAttributes DeletionProtection EmailAuthenticationMessage " +
			"EmailAuthenticationSubject EmailConfiguration EnabledMfas LambdaConfig " +
			"MfaConfiguration Policies Schema SmsAuthenticationMessage SmsConfiguration UserAttributeUpdateSettings UserPoolAddOns UserPoolTags " +
			"UserPoolTier UsernameAttributes UsernameConfiguration VerificationMessageTemplate WebAuthnFactorConfiguration WebAuthnUserVerification",
		client: "AccessTokenValidity AllowedOAuthFlows AllowedOAuthFlowsUserPoolClient AllowedOAuthScopes AuthSessionValidity CallbackURLs ClientName " +
			"EnablePropagateAdditionalUserContextData EnableTokenRevocation ExplicitAuthFlows GenerateSecret IdTokenValidity LogoutURLs " +
			"PreventUserExistenceErrors ReadAttributes RefreshTokenRotation RefreshTokenValidity SupportedIdentityProviders TokenValidityUnits " +
			"UserPoolId WriteAttributes",
		userDomain:     "CustomDomainConfig Domain ManagedLoginVersion UserPoolId",
		provider:       "AttributeMapping ProviderDetails ProviderName ProviderType UserPoolId",
		resourceServer: "Identifier Name Scopes UserPoolId",
		riskSettings:   "AccountTakeoverRiskConfiguration ClientId CompromisedCredentialsRiskConfiguration UserPoolId",
		branding:       "ClientId UseCognitoProvidedValues UserPoolId",
		parameter:      "Description Name Tags Type Value",
	},
	"U35": {
		logDelivery: "LogConfigurations UserPoolId",
		logGroup:    "KmsKeyId LogGroupName RetentionInDays Tags",
		aclLogging:  "LogDestinationConfigs RedactedFields ResourceArn",
		alarm: "ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator EvaluationPeriods MetricName Namespace Period " +
			"Statistic Tags Threshold TreatMissingData",
		topic:        "KmsMasterKeyId Tags",
		topicPolicy:  "PolicyDocument Topics",
		subscription: "Endpoint Protocol TopicArn",
	},
	"I11": {
		identityPool:   "AllowClassicFlow AllowUnauthenticatedIdentities CognitoIdentityProviders IdentityPoolTags",
		principalTag:   "IdentityPoolId IdentityProviderName PrincipalTags UseDefaults",
		roleAttachment: "IdentityPoolId Roles",
	},
	"A6": {
		restAPI:         "Description EndpointConfiguration Name Tags",
		apiResource:     "ParentId PathPart RestApiId",
		authorizer:      "AuthorizerResultTtlInSeconds IdentitySource Name ProviderARNs RestApiId Type",
		validator:       "RestApiId ValidateRequestBody ValidateRequestParameters",
		model:           "ContentType RestApiId Schema",
		gatewayResponse: "ResponseParameters ResponseTemplates ResponseType RestApiId StatusCode",
		apiAccount:      "CloudWatchRoleArn",
		method: "ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId HttpMethod Integration MethodResponses RequestModels " +
			"RequestParameters RequestValidatorId ResourceId RestApiId",
	},
	"A7": {
		deployment: "Description RestApiId",
		apiStage:   "AccessLogSetting DeploymentId MethodSettings RestApiId StageName Tags TracingEnabled",
	},
	"A11": {
		webACL:         "DataProtectionConfig DefaultAction Description Rules Scope Tags VisibilityConfig",
		aclAssociation: "ResourceArn WebACLArn",
	},
	"A18": {
		table: "AttributeDefinitions BillingMode DeletionProtectionEnabled GlobalSecondaryIndexes KeySchema LocalSecondaryIndexes " +
			"PointInTimeRecoverySpecification SSESpecification Tags",
		bucket: "BucketEncryption CorsConfiguration LifecycleConfiguration LoggingConfiguration OwnershipControls " +
			"PublicAccessBlockConfiguration Tags VersioningConfiguration",
		bucketPolicy: "Bucket PolicyDocument",
		kmsKey:       "Description EnableKeyRotation KeyPolicy PendingWindowInDays RotationPeriodInDays Tags",
	},
	"A19": {
		iamRole:    "AssumeRolePolicyDocument Description MaxSessionDuration Policies Tags",
		iamPolicy:  "PolicyDocument PolicyName Roles",
		function:   "Architectures Code Description Environment Handler LoggingConfig MemorySize Role Runtime Tags Timeout TracingConfig",
		permission: "Action FunctionName Principal SourceArn",
	},
}

// The types that only the surface names.
const (
	branding   = "AWS::Cognito::ManagedLoginBranding"
	apiAccount = "AWS::ApiGateway::Account"
)
