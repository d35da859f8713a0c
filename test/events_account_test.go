package test

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
)

// watchedOfAccount are the services that watch a stage, and those whose settings it shares with the account.
func watchedOfAccount(cfg config.Stage, s bus) []watchedService {
	rule, alarm, queue := s.ID+"-Operations-Rule-Ab1", s.ID+"-SecurityEventsSilent", s.ID+"-Operations-Undelivered-Ab1"
	return []watchedService{
		{
			"events", &eventbridge.Client{}, map[string]string{
				"Name": rule, "Rule": rule, "ResourceARN": "arn:aws:events:eu-central-1:111122223333:rule/" + rule,
			},
			// Events themselves, and archives, partners and other buses, which the stage does not have.
			`ActivateEventSource CancelReplay CreateApiDestination CreateArchive CreateConnection CreateEndpoint
			CreateEventBus CreatePartnerEventSource DeactivateEventSource DeauthorizeConnection DeleteArchive
			PutEvents PutPartnerEvents StartReplay UpdateApiDestination UpdateArchive UpdateConnection UpdateEndpoint`,
		},
		{
			"monitoring", &cloudwatch.Client{}, map[string]string{
				"AlarmNames": alarm, "AlarmName": alarm, "DashboardName": s.ID, "DashboardNames": s.ID,
			},
			// Metrics, streams, insight rules and anomaly detectors, which the stage does not have, and tags. Of mute rules
			// the recorded events try PutAlarmMuteRule, which names alarms in a field of a field; without one, they sound.
			`AssociateDatasetKmsKey CreateResourceMetricsConfiguration DeleteAlarmMuteRule DeleteAnomalyDetector
			DeleteInsightRules DeleteMetricDataQueryDefinition DeleteMetricStream DeleteResourceMetricsConfiguration
			DisableInsightRules DisassociateDatasetKmsKey EnableInsightRules PutAlarmMuteRule PutAnomalyDetector
			PutInsightRule PutManagedInsightRules PutMetricData PutMetricDataQueryDefinition PutMetricStream
			StartMetricStreams StartOTelEnrichment StopMetricStreams StopOTelEnrichment TagResource UntagResource
			UpdateOTelEnrichment UpdateResourceMetricsConfiguration`,
		},
		{
			"sqs", &sqs.Client{}, map[string]string{
				"QueueUrl":  "https://sqs.eu-central-1.amazonaws.com/111122223333/" + queue,
				"QueueName": queue, "SourceArn": "arn:aws:sqs:eu-central-1:111122223333:" + queue,
			},
			// Messages, and the end of a move, which names only the move.
			`CancelMessageMoveTask ChangeMessageVisibility ChangeMessageVisibilityBatch ReceiveMessage SendMessage
			SendMessageBatch`,
		},
		{
			"cloudtrail", &cloudtrail.Client{}, nil,
			// Tags, and stores of events, channels, queries and imports, which feed no event bus.
			`AddTags CancelQuery CreateChannel CreateDashboard CreateEventDataStore DeleteChannel DeleteDashboard
			DeleteEventDataStore DeleteResourcePolicy DisableFederation EnableFederation GenerateQuery LookupEvents
			RemoveTags RestoreEventDataStore SearchSampleQueries StartDashboardRefresh StartEventDataStoreIngestion
			StartImport StartQuery StopEventDataStoreIngestion StopImport UpdateChannel UpdateDashboard
			UpdateEventDataStore`,
		},
		// Mails, and the end of an export.
		{"ses", &sesv2.Client{}, nil, `CancelExportJob SendBulkEmail SendCustomVerificationEmail SendEmail`},
		{
			"wafv2", &wafv2.Client{}, nil,
			// New lists and web ACLs, which nothing of the stage uses yet, and tags.
			`CheckCapacity CreateAPIKey CreateIPSet CreateRegexPatternSet CreateRuleGroup CreateWebACL
			GenerateMobileSdkReleaseUrl TagResource UntagResource`,
		},
		{
			"iam", &iam.Client{}, map[string]string{
				"RoleName":                 s.ID + "-Support",
				"PolicyArn":                "arn:aws:iam::111122223333:policy/" + delivery.Name(cfg.Name) + "-Verify",
				"OpenIDConnectProviderArn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
			},
			// Users, groups, keys and the account, which the stage does not have, and policies and providers that are new.
			`AcceptDelegationRequest AcquireRole AddUserToGroup AssociateDelegationRequest ChangePassword CreateAccessKey
			CreateAccountAlias CreateDelegationRequest CreateGroup CreateInstanceProfile CreateLoginProfile
			CreateOpenIDConnectProvider CreatePolicy CreateSAMLProvider CreateServiceLinkedRole
			CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice DeactivateMFADevice DeleteAccessKey
			DeleteAccountAlias DeleteAccountPasswordPolicy DeleteGroup DeleteGroupPolicy DeleteInstanceProfile
			DeleteLoginProfile DeleteSAMLProvider DeleteSSHPublicKey DeleteServerCertificate
			DeleteServiceSpecificCredential DeleteSigningCertificate DeleteUser DeleteUserPermissionsBoundary
			DeleteUserPolicy DeleteVirtualMFADevice DisableOrganizationsRootCredentialsManagement
			DisableOrganizationsRootSessions DisableOutboundWebIdentityFederation EnableMFADevice
			EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions
			EnableOutboundWebIdentityFederation GenerateCredentialReport GenerateOrganizationsAccessReport
			GenerateServiceLastAccessedDetails PutAccountProperties PutGroupPolicy PutUserPermissionsBoundary
			PutUserPolicy RejectDelegationRequest RemoveUserFromGroup ResetServiceSpecificCredential ResyncMFADevice
			SendDelegationToken SetSecurityTokenServicePreferences SimulateCustomPolicy SimulatePrincipalPolicy
			TagInstanceProfile TagMFADevice TagSAMLProvider TagServerCertificate TagUser UntagInstanceProfile
			UntagMFADevice UntagSAMLProvider UntagServerCertificate UntagUser UpdateAccessKey
			UpdateAccountPasswordPolicy UpdateDelegationRequest UpdateGroup UpdateLoginProfile UpdateSAMLProvider
			UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential UpdateSigningCertificate
			UpdateUser UploadSSHPublicKey UploadServerCertificate UploadSigningCertificate`,
		},
		{
			"sts", &sts.Client{}, map[string]string{"RoleArn": "arn:aws:iam::111122223333:role/" + s.ID + "-Support"},
			// The desk's roles trust neither providers nor the organization. The heartbeat is a read.
			`AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage`,
		},
	}
}
