package threats

// surface is every type of resource that there may be, with the shape of its properties, by the threat that anything unlisted
// would reopen. A property that AWS adds later, or that somebody sets, is a finding until it has been judged, however deep it
// stands; so is a type that is not here. What is listed and no stage has any more is stale, and found by Stale.
//
// Two kinds of place are left to checks that know them better. Names*: policy documents, of which policyReader refuses every
// element that it does not know, and the JSON Schemas of models, which closed reads. Names{}: the keys of headers (A8, A9), media
// types (A9, A10), parameters of routes (A16), claims (U25), provider details (U26), principal tags (I6) and environments (A19)
// are judged by the checks of those threats, and tags of resources decide nothing. Texts for API Gateway, such as the format of
// the access log (A12), are values like any other.
var surface = map[string]map[string]*shape{
	"U33": {
		userPool: shaped(`
			AccountRecoverySetting(RecoveryMechanisms[](Name Priority))
			AdminCreateUserConfig(AllowAdminCreateUserOnly InviteMessageTemplate(EmailMessage EmailSubject SMSMessage))
			AutoVerifiedAttributes[] DeletionProtection
			EmailAuthenticationMessage EmailAuthenticationSubject EmailConfiguration(EmailSendingAccount From SourceArn)
			EnabledMfas[] LambdaConfig(PostConfirmation PreSignUp PreTokenGenerationConfig(LambdaArn LambdaVersion)) MfaConfiguration
			Policies(
				PasswordPolicy(
					MinimumLength PasswordHistorySize RequireLowercase RequireNumbers RequireSymbols RequireUppercase
					TemporaryPasswordValidityDays)
				SignInPolicy(AllowedFirstAuthFactors[]))
			Schema[](AttributeDataType Mutable Name StringAttributeConstraints(MaxLength MinLength))
			SmsAuthenticationMessage SmsConfiguration(ExternalId SnsCallerArn SnsRegion)
			UserAttributeUpdateSettings(AttributesRequireVerificationBeforeUpdate[])
			UserPoolAddOns(AdvancedSecurityMode) UserPoolTags{} UserPoolTier
			UsernameAttributes[] UsernameConfiguration(CaseSensitive)
			VerificationMessageTemplate(DefaultEmailOption EmailMessage EmailSubject SmsMessage)
			WebAuthnFactorConfiguration WebAuthnUserVerification`),
		client: shaped(`
			AccessTokenValidity AllowedOAuthFlows[] AllowedOAuthFlowsUserPoolClient AllowedOAuthScopes[] AuthSessionValidity
			CallbackURLs[] ClientName EnablePropagateAdditionalUserContextData EnableTokenRevocation ExplicitAuthFlows[]
			GenerateSecret IdTokenValidity LogoutURLs[] PreventUserExistenceErrors ReadAttributes[]
			RefreshTokenRotation(Feature RetryGracePeriodSeconds) RefreshTokenValidity
			SupportedIdentityProviders[] TokenValidityUnits(AccessToken IdToken RefreshToken) UserPoolId WriteAttributes[]`),
		userDomain:     shaped(`CustomDomainConfig(CertificateArn SecurityPolicy) Domain ManagedLoginVersion UserPoolId`),
		provider:       shaped(`AttributeMapping{} ProviderDetails{} ProviderName ProviderType UserPoolId`),
		resourceServer: shaped(`Identifier Name Scopes[](ScopeDescription ScopeName) UserPoolId`),
		riskSettings: shaped(`
			AccountTakeoverRiskConfiguration(
				Actions(HighAction(EventAction Notify) MediumAction(EventAction Notify))
				NotifyConfiguration(
					BlockEmail(Subject TextBody) From MfaEmail(Subject TextBody) NoActionEmail(Subject TextBody) SourceArn))
			ClientId CompromisedCredentialsRiskConfiguration(Actions(EventAction) EventFilter[]) UserPoolId`),
		branding:  shaped(`ClientId UseCognitoProvidedValues UserPoolId`),
		parameter: shaped(`Description Name Tags{} Type Value`),
	},
	"U35": {
		logDelivery: shaped(`LogConfigurations[](CloudWatchLogsConfiguration(LogGroupArn) EventSource LogLevel) UserPoolId`),
		logGroup:    shaped(`KmsKeyId LogGroupName RetentionInDays Tags[](Key Value)`),
		aclLogging:  shaped(`LogDestinationConfigs[] RedactedFields[](QueryString() SingleHeader(Name)) ResourceArn`),
		alarm: shaped(`
			ActionsEnabled AlarmActions[] AlarmDescription AlarmName ComparisonOperator EvaluationPeriods MetricName Namespace
			Period Statistic Tags[](Key Value) Threshold TreatMissingData`),
		topic:        shaped(`KmsMasterKeyId Tags[](Key Value)`),
		topicPolicy:  shaped(`PolicyDocument* Topics[]`),
		subscription: shaped(`Endpoint Protocol TopicArn`),
	},
	"U50": {
		eventRule: shaped(`Description ScheduleExpression State Tags[](Key Value) Targets[](Arn Id)`),
	},
	"I11": {
		identityPool: shaped(`
			AllowClassicFlow AllowUnauthenticatedIdentities CognitoIdentityProviders[](ClientId ProviderName ServerSideTokenCheck)
			IdentityPoolTags[](Key Value)`),
		principalTag:   shaped(`IdentityPoolId IdentityProviderName PrincipalTags{} UseDefaults`),
		roleAttachment: shaped(`IdentityPoolId Roles(authenticated unauthenticated)`),
	},
	"A6": {
		restAPI:         shaped(`Description EndpointAccessMode EndpointConfiguration(Types[]) Name SecurityPolicy Tags[](Key Value)`),
		apiResource:     shaped(`ParentId PathPart RestApiId`),
		authorizer:      shaped(`AuthorizerResultTtlInSeconds IdentitySource Name ProviderARNs[] RestApiId Type`),
		validator:       shaped(`RestApiId ValidateRequestBody ValidateRequestParameters`),
		model:           shaped(`ContentType RestApiId Schema*`),
		gatewayResponse: shaped(`ResponseParameters{} ResponseTemplates{} ResponseType RestApiId StatusCode`),
		apiAccount:      shaped(`CloudWatchRoleArn`),
		method: shaped(`
			ApiKeyRequired AuthorizationScopes[] AuthorizationType AuthorizerId HttpMethod
			Integration(
				IntegrationHttpMethod IntegrationResponses[](ResponseParameters{} StatusCode) PassthroughBehavior
				RequestTemplates{} TimeoutInMillis Type Uri)
			MethodResponses[](ResponseParameters{} StatusCode)
			RequestModels{} RequestParameters{} RequestValidatorId ResourceId RestApiId`),
	},
	"A7": {
		deployment: shaped(`Description RestApiId`),
		apiStage: shaped(`
			AccessLogSetting(DestinationArn Format) DeploymentId
			MethodSettings[](
				CachingEnabled DataTraceEnabled HttpMethod LoggingLevel MetricsEnabled ResourcePath
				ThrottlingBurstLimit ThrottlingRateLimit)
			RestApiId StageName Tags[](Key Value) TracingEnabled`),
	},
	"A11": {
		webACL: shaped(`
			DataProtectionConfig(DataProtections[](Action Field(FieldKeys[] FieldType))) DefaultAction(Allow()) Description
			Rules[](
				Action(Block()) Name OverrideAction(None()) Priority
				Statement(
					ManagedRuleGroupStatement(Name RuleActionOverrides[](ActionToUse(Count()) Name) VendorName)
					RateBasedStatement(
						AggregateKeyType EvaluationWindowSec Limit
						ScopeDownStatement(OrStatement(Statements[](RegexMatchStatement(
							FieldToMatch(SingleHeader(Name) UriPath()) RegexString TextTransformations[](Priority Type)))))))
				VisibilityConfig(CloudWatchMetricsEnabled MetricName SampledRequestsEnabled))
			Scope Tags[](Key Value) VisibilityConfig(CloudWatchMetricsEnabled MetricName SampledRequestsEnabled)`),
		aclAssociation: shaped(`ResourceArn WebACLArn`),
	},
	"A18": {
		table: shaped(`
			AttributeDefinitions[](AttributeName AttributeType) BillingMode DeletionProtectionEnabled
			GlobalSecondaryIndexes[](IndexName KeySchema[](AttributeName KeyType)
				OnDemandThroughput(MaxReadRequestUnits MaxWriteRequestUnits) Projection(ProjectionType))
			KeySchema[](AttributeName KeyType)
			LocalSecondaryIndexes[](IndexName KeySchema[](AttributeName KeyType) Projection(ProjectionType))
			OnDemandThroughput(MaxReadRequestUnits MaxWriteRequestUnits)
			PointInTimeRecoverySpecification(PointInTimeRecoveryEnabled RecoveryPeriodInDays)
			SSESpecification(KMSMasterKeyId SSEEnabled SSEType) Tags[](Key Value)
			TimeToLiveSpecification(AttributeName Enabled)`),
		bucket: shaped(`
			BucketEncryption(
				ServerSideEncryptionConfiguration[](
					BucketKeyEnabled ServerSideEncryptionByDefault(KMSMasterKeyID SSEAlgorithm)))
			CorsConfiguration(CorsRules[](AllowedHeaders[] AllowedMethods[] AllowedOrigins[] ExposedHeaders[] MaxAge))
			LifecycleConfiguration(
				Rules[](
					AbortIncompleteMultipartUpload(DaysAfterInitiation) ExpirationInDays Id
					NoncurrentVersionExpiration(NoncurrentDays) Status))
			LoggingConfiguration(DestinationBucketName LogFilePrefix) OwnershipControls(Rules[](ObjectOwnership))
			PublicAccessBlockConfiguration(BlockPublicAcls BlockPublicPolicy IgnorePublicAcls RestrictPublicBuckets)
			Tags[](Key Value) VersioningConfiguration(Status)`),
		bucketPolicy: shaped(`Bucket PolicyDocument*`),
		kmsKey:       shaped(`Description EnableKeyRotation KeyPolicy* PendingWindowInDays RotationPeriodInDays Tags[](Key Value)`),
	},
	"A19": {
		iamRole: shaped(`AssumeRolePolicyDocument* Description MaxSessionDuration PermissionsBoundary
			Policies[](PolicyDocument* PolicyName) RoleName Tags[](Key Value)`),
		iamPolicy: shaped(`PolicyDocument* PolicyName Roles[]`),
		function: shaped(`
			Architectures[] Code(S3Bucket S3Key) Description Environment(Variables{}) Handler LoggingConfig(LogGroup) MemorySize
			Role Runtime Tags[](Key Value) Timeout TracingConfig(Mode)`),
		permission: shaped(`Action FunctionName Principal SourceArn`),
	},
}

// The types that only the surface names.
const (
	branding   = "AWS::Cognito::ManagedLoginBranding"
	apiAccount = "AWS::ApiGateway::Account"
)
