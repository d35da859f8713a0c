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
	// places are types and properties, separated by spaces. "*" means every type. A property without kinds of changes
	// includes everything in it; a property with kinds, or a type, means only itself.
	places string
}

// decidesNothing are the changes that open no attack.
var decidesNothing = []exemption{
	{
		why: "changes permissions of one role, which package access lists; this package checks actions that no role may " +
			"have",
		judges: []string{
			"test/access.TestEveryRoleMayDoExactlyWhatIsListed", "test/access.TestEveryPermissionIsTried",
			"test/access.TestNoStatementCanGrantMoreUnseen", "test.TestRolesAreGrantedTheSameInEveryStage",
		},
		places: `IAM::Policy IAM::Policy.PolicyDocument IAM::Policy.Roles IAM::Role.Policies`,
	},
	{
		why: "is read by people only",
		places: `*.Description *.PolicyDocument.Statement[].Sid *.ResourceTags *.Tags
			ApiGateway::Authorizer.Name ApiGateway::RestApi.Name
			Cognito::IdentityPool.IdentityPoolTags Cognito::UserPool.UserPoolTags
			Cognito::UserPoolClient.ClientName Cognito::UserPoolResourceServer.Name
			Cognito::UserPoolResourceServer.Scopes[].ScopeDescription Events::Rule.Targets[].Id IAM::Policy.PolicyName
			KMS::Key.KeyPolicy.Statement[].Sid S3::Bucket.LifecycleConfiguration.Rules[].Id`,
	},
	{
		why:    "is a message for customers",
		judges: []string{"test.TestMessagesNameTheShopAndHoldNoLink"},
		places: `Cognito::UserPool.AdminCreateUserConfig.InviteMessageTemplate Cognito::UserPool.EmailAuthenticationMessage
			Cognito::UserPool.EmailAuthenticationSubject Cognito::UserPool.EmailConfiguration.From
			Cognito::UserPool.SmsAuthenticationMessage Cognito::UserPool.VerificationMessageTemplate.EmailMessage
			Cognito::UserPool.VerificationMessageTemplate.EmailSubject
			Cognito::UserPool.VerificationMessageTemplate.SmsMessage ` + riskMessages("BlockEmail", "MfaEmail", "NoActionEmail"),
	},
	{
		why:     "allows less, for a shorter time, or alarms earlier",
		changes: []Change{Tenth},
		places: `ApiGateway::Authorizer.AuthorizerResultTtlInSeconds ApiGateway::Method.Integration.TimeoutInMillis
			Lambda::Function.Timeout S3::Bucket.CorsConfiguration.CorsRules[].MaxAge`,
	},
	{
		why:     "is one permission less",
		judges:  []string{"test/access.TestEveryFunctionIsInvokedForExactlyWhatIsListed"},
		changes: []Change{Removed},
		places: `Lambda::Permission S3::Bucket.CorsConfiguration S3::Bucket.CorsConfiguration.CorsRules
			S3::Bucket.CorsConfiguration.CorsRules[]`,
	},
	{
		why:         "may be lost with a stage that holds no customers",
		development: true,
		judges:      []string{"test.TestStatefulResourcesOutliveTheirStackWhereTheStageRetains"},
		places:      `*.DeletionPolicy *.UpdateReplacePolicy`,
	},
	{
		why: "is of a resource without data that a replacement would lose",
		places: `Cognito::LogDeliveryConfiguration.UpdateReplacePolicy
			Cognito::ManagedLoginBranding.UpdateReplacePolicy Cognito::UserPoolClient.UpdateReplacePolicy
			Cognito::UserPoolDomain.UpdateReplacePolicy Cognito::UserPoolIdentityProvider.UpdateReplacePolicy
			Cognito::UserPoolResourceServer.UpdateReplacePolicy
			Cognito::UserPoolRiskConfigurationAttachment.UpdateReplacePolicy Events::Rule.UpdateReplacePolicy
			IAM::Policy.UpdateReplacePolicy IAM::Role.UpdateReplacePolicy Lambda::Function.UpdateReplacePolicy
			Lambda::Permission.UpdateReplacePolicy SSM::Parameter.UpdateReplacePolicy
			WAFv2::LoggingConfiguration.UpdateReplacePolicy WAFv2::WebACL.UpdateReplacePolicy
			WAFv2::WebACLAssociation.UpdateReplacePolicy`,
	},
	{
		why:     "repeats another setting, or adds a log that nothing writes",
		changes: []Change{OneMore},
		places: `ApiGateway::Method.Integration.IntegrationResponses Lambda::Permission
			Lambda::Permission.SourceAccount Logs::LogGroup
			S3::Bucket.CorsConfiguration.CorsRules
			S3::Bucket.LifecycleConfiguration.Rules
			WAFv2::WebACL.Rules[].Statement.RateBasedStatement.ScopeDownStatement.OrStatement.Statements`,
	},
	{
		why: "is shown to operators only, or reports the stage's costs to them",
		judges: []string{
			"test.TestTheDashboardShowsTheSixQuestions", "test.TestEverySavedQueryIsInARunbook",
			"test.TestABudgetNotifiesTheTopic",
		},
		places: `Budgets::Budget Budgets::Budget.Budget Budgets::Budget.NotificationsWithSubscribers CE::AnomalyMonitor
			CE::AnomalyMonitor.MonitorName CE::AnomalyMonitor.MonitorSpecification CE::AnomalyMonitor.MonitorType
			CE::AnomalySubscription CE::AnomalySubscription.Frequency CE::AnomalySubscription.MonitorArnList
			CE::AnomalySubscription.Subscribers CE::AnomalySubscription.SubscriptionName
			CE::AnomalySubscription.ThresholdExpression CloudWatch::Dashboard CloudWatch::Dashboard.DashboardBody
			CloudWatch::Dashboard.DashboardName Logs::QueryDefinition Logs::QueryDefinition.LogGroupNames
			Logs::QueryDefinition.Name Logs::QueryDefinition.QueryString`,
	},
	{
		why: "decides when people are notified, and opens no attack",
		judges: []string{
			"test.TestEveryPartOfAStageHasItsAlarms", "test.TestAlarmsStartAndEndAsTheSeriesSay",
			"test.TestExactlyTwoAlarmsPageSomebody",
			"test.TestAlarmsReadOnlyWhatAWSPublishesOrTheStageCounts", "test.TestTemplatesAreAsReviewed",
		},
		places: `CloudWatch::Alarm CloudWatch::Alarm.ActionsEnabled CloudWatch::Alarm.AlarmActions
			CloudWatch::Alarm.AlarmDescription CloudWatch::Alarm.AlarmName CloudWatch::Alarm.ComparisonOperator
			CloudWatch::Alarm.DatapointsToAlarm CloudWatch::Alarm.EvaluationPeriods CloudWatch::Alarm.Metrics
			CloudWatch::Alarm.Threshold CloudWatch::Alarm.TreatMissingData CloudWatch::CompositeAlarm
			CloudWatch::CompositeAlarm.ActionsEnabled CloudWatch::CompositeAlarm.AlarmActions
			CloudWatch::CompositeAlarm.AlarmDescription CloudWatch::CompositeAlarm.AlarmName
			CloudWatch::CompositeAlarm.AlarmRule CloudWatch::CompositeAlarm.OKActions Logs::MetricFilter
			Logs::MetricFilter.FilterPattern Logs::MetricFilter.LogGroupName Logs::MetricFilter.MetricTransformations`,
	},
	{
		why:     "sets AWS's default, or names a log that another service delivers",
		judges:  []string{"test.TestTemplatesAreAsReviewed"},
		changes: []Change{OneMore},
		places:  `IAM::Role.MaxSessionDuration Logs::LogGroup.LogGroupName`,
	},
	{
		why:    "shapes answers and requests that are refused or fail without it",
		judges: []string{"test.TestTemplatesAreAsReviewed"},
		places: `ApiGateway::Method.Integration.IntegrationResponses[].StatusCode
			ApiGateway::Method.Integration.RequestTemplates
			ApiGateway::Method.MethodResponses ApiGateway::Model.Schema.properties ApiGateway::Model.Schema.required`,
	},
	{
		why:    "makes the deploy fail, or sign-ins and calls that ought to succeed",
		judges: []string{"test.TestMessagesNameTheShopAndHoldNoLink", "test.TestTemplatesAreAsReviewed"},
		places: `*.DependsOn Cognito::UserPool.EmailConfiguration.SourceArn DynamoDB::Table.AttributeDefinitions
			S3::Bucket.CorsConfiguration.CorsRules[].AllowedHeaders`,
	},
}

// riskMessages are the properties of what customers are told about risky sign-ins.
func riskMessages(names ...string) string {
	const told = " Cognito::UserPoolRiskConfigurationAttachment.AccountTakeoverRiskConfiguration.NotifyConfiguration."
	return told + strings.Join(names, told)
}

// covers reports whether the exemption has a place for the change.
func (x exemption) covers(place string, s *Target, m Mutation) bool {
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

// exempted is what decides whether a change is exempt.
type exempted struct {
	place      string
	change     Change
	production bool
}

// exemptionOf is the key of the exemption for a change, or empty.
func exemptionOf(s *Target, m Mutation) string {
	for _, x := range decidesNothing {
		for _, place := range strings.Fields(x.places) {
			if x.covers(place, s, m) {
				return x.why + place
			}
		}
	}
	return ""
}
