package test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/securecart/identity/config"
)

// watchedService is a service whose every operation, by the SDK, either reaches a rule or is left out.
type watchedService struct {
	source string
	client any
	// about are the parameters that say which resource of the stage an operation is about.
	about map[string]string
	// leftOut are the operations that no rule is for, and that have such a parameter or none.
	leftOut string
}

// onlyReads begins operations that change nothing and are not recorded.
var onlyReads = regexp.MustCompile(`^(BatchGet|Describe|Estimate|Get|List|Query|Scan|Select|Test|Validate)`)

func watchedServices(cfg config.Stage, s bus) []watchedService {
	table := "arn:aws:dynamodb:eu-central-1:111122223333:table/" + s.ID + "-Data-Orders-Ab1"
	parameter := ""
	for name := range s.Parameters {
		parameter = name
	}
	group := s.ID + "-UserPool-Log-Ab1"
	topic := "arn:aws:sns:eu-central-1:111122223333:" + s.ID + "-Operations-Topic-Ab1"
	return []watchedService{
		{
			"cognito-idp", &cognitoidentityprovider.Client{},
			map[string]string{
				"UserPoolId":  s.UserPool.ID,
				"ResourceArn": "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/" + s.UserPool.ID,
			},
			// What users do with their own tokens, or without any, is in the log of the pool.
			`AssociateSoftwareToken ChangePassword CompleteWebAuthnRegistration ConfirmDevice ConfirmForgotPassword
			ConfirmSignUp DeleteUser DeleteUserAttributes DeleteWebAuthnCredential ForgetDevice ForgotPassword GlobalSignOut
			InitiateAuth ResendConfirmationCode RespondToAuthChallenge RevokeToken SetUserMFAPreference SetUserSettings SignUp
			StartWebAuthnRegistration UpdateDeviceStatus UpdateUserAttributes VerifySoftwareToken
			VerifyUserAttribute CreateUserPool`,
		},
		{
			"cognito-identity", &cognitoidentity.Client{}, map[string]string{
				"IdentityPoolId": s.IdentityPool.ID,
				"ResourceArn":    "arn:aws:cognito-identity:eu-central-1:111122223333:identitypool/" + s.IdentityPool.ID,
			},
			// Users' own, and identities of developers, which the pool does not have.
			`CreateIdentityPool DeleteIdentities LookupDeveloperIdentity UnlinkIdentity`,
		},
		{
			"dynamodb", &dynamodb.Client{}, map[string]string{
				"TableName": s.ID + "-Data-Orders-Ab1", "TableArn": table, "ResourceArn": table, "SourceTableArn": table,
				"SourceTableName": s.ID + "-Data-Orders-Ab1", "BackupArn": table + "/backup/1",
				"GlobalTableName": s.ID + "-Data-Orders-Ab1", "TargetTableName": s.ID + "-Data-Orders-Ab1",
			},
			// Data, and tables that are made of objects of S3.
			`BatchExecuteStatement BatchWriteItem CancelBulkOperation ExecuteStatement ExecuteTransaction ImportTable
			SearchVectors StartBulkPutItems TransactGetItems TransactWriteItems`,
		},
		{
			"lambda", &awslambda.Client{}, map[string]string{
				"FunctionName": s.ID + "-Api-OrdersFunction-Ab1",
				"ResourceArn":  "arn:aws:lambda:eu-central-1:111122223333:function:" + s.ID + "-Api-OrdersFunction-Ab1",
			},
			// Runs, and what no function of the stage has: layers, code signing, capacity, durable runs, streams. CloudTrail
			// names the resource of tags "resource", and the pipeline's rights do not rest on tags of functions.
			`AddLayerVersionPermission CheckpointDurableExecution CreateCapacityProvider CreateCodeSigningConfig
			DeleteCapacityProvider DeleteCodeSigningConfig DeleteEventSourceMapping DeleteLayerVersion Invoke InvokeAsync
			InvokeWithResponseStream PublishLayerVersion RemoveLayerVersionPermission SendDurableExecutionCallbackFailure
			SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess StopDurableExecution TagResource
			UntagResource UpdateCapacityProvider UpdateCodeSigningConfig`,
		},
		{
			"sns", &sns.Client{}, map[string]string{
				"TopicArn": topic, "SubscriptionArn": topic + ":1", "ResourceArn": topic, "Name": s.ID + "-Operations-Topic-Ab1",
			},
			// Messages, tags, and telephones, which the stage reaches through Cognito.
			`CheckIfPhoneNumberIsOptedOut CreatePlatformEndpoint CreateSMSSandboxPhoneNumber
			DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber OptInPhoneNumber Publish PublishBatch
			SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes TagResource UntagResource
			VerifySMSSandboxPhoneNumber`,
		},
		{
			"logs", &cloudwatchlogs.Client{}, map[string]string{
				"LogGroupName": group, "LogGroupIdentifier": group,
				"ResourceIdentifier": "arn:aws:logs:eu-central-1:1:log-group:" + group,
				"ResourceArn":        "arn:aws:logs:eu-central-1:1:log-group:" + group,
			},
			// New groups and streams, reads, tags, and what the stage's groups do not have.
			`AssociateSourceToS3TableIntegration CancelExportTask CancelImportTask CreateDelivery CreateExportTask
			CreateImportTask CreateLogAnomalyDetector CreateLogGroup CreateLogStream CreateLookupTable CreateScheduledQuery
			DeleteAccountPolicy DeleteDelivery DeleteDeliveryDestination DeleteDeliveryDestinationPolicy DeleteDeliverySource
			DeleteDestination DeleteIntegration DeleteLogAnomalyDetector DeleteLookupTable DeleteQueryDefinition
			DeleteScheduledQuery DisassociateSourceFromS3TableIntegration FilterLogEvents
			PutAccountPolicy PutDeliveryDestination PutDeliveryDestinationPolicy PutDestination PutDestinationPolicy
			PutIntegration PutQueryDefinition PutStorageTierPolicy StartLiveTail StartQuery StopQuery
			TagLogGroup TagResource UntagLogGroup UntagResource UpdateAnomaly UpdateDeliveryConfiguration
			UpdateLogAnomalyDetector UpdateLookupTable UpdateScheduledQuery`,
		},
		{
			"apigateway", &apigateway.Client{}, map[string]string{"RestApiId": s.API.ID},
			// Keys, plans, domains and documents, which the API does not have, tags, and calls for a try.
			`CreateApiKey CreateDomainName CreateDomainNameAccessAssociation CreateRestApi
			CreateUsagePlan CreateUsagePlanKey CreateVpcLink DeleteApiKey DeleteBasePathMapping DeleteClientCertificate
			DeleteDomainName DeleteDomainNameAccessAssociation DeleteUsagePlan DeleteUsagePlanKey DeleteVpcLink
			GenerateClientCertificate ImportApiKeys ImportRestApi RejectDomainNameAccessAssociation TagResource
			UntagResource UpdateApiKey UpdateBasePathMapping UpdateClientCertificate UpdateDomainName UpdateUsage
			UpdateUsagePlan UpdateVpcLink`,
		},
		{
			"cloudformation", &cloudformation.Client{}, map[string]string{"StackName": s.ID + "-Api"},
			// Types, sets of stacks and templates, which the stage does not have, and looks for drift.
			`ActivateOrganizationsAccess ActivateType BatchDescribeTypeConfigurations
			CreateStackInstances CreateStackRefactor CreateStackSet DeactivateOrganizationsAccess DeactivateType
			DeleteGeneratedTemplate DeleteStackInstances DeleteStackSet DeregisterType DetectStackDrift
			DetectStackResourceDrift DetectStackSetDrift ExecuteStackRefactor ImportStacksToStackSet PublishType
			RecordHandlerProgress RegisterPublisher RegisterType SetTypeConfiguration SetTypeDefaultVersion
			StartResourceScan StopStackSetOperation UpdateGeneratedTemplate UpdateStackInstances UpdateStackSet`,
		},
		{
			"kms", &kms.Client{}, map[string]string{"KeyId": "key"},
			// The use of keys, and stores of keys, which the stage does not have.
			`ConnectCustomKeyStore CreateCustomKeyStore CreateKey Decapsulate Decrypt DeleteCustomKeyStore
			DeriveSharedSecret DisconnectCustomKeyStore Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair
			GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom ReEncrypt Sign
			UpdateCustomKeyStore Verify VerifyMac`,
		},
		{
			"ssm", &ssm.Client{}, map[string]string{"Name": parameter, "Names": parameter, "ResourceId": parameter},
			"*", // of the many operations only those about parameters matter: the next list
		},
		{
			"secretsmanager", &secretsmanager.Client{}, map[string]string{"SecretId": cfg.Providers[0].SecretName},
			`CreateSecret`,
		},
	}
}

// TestEveryOperationThatChangesSomethingReachesARule compares the rules with the operations that the SDK knows, so that
// a new operation of AWS is either recorded or left out on purpose.
func TestEveryOperationThatChangesSomethingReachesARule(t *testing.T) {
	cfg := config.Stages()[0]
	s := busOf(t, cfg)
	for _, service := range append(watchedServices(cfg, s), watchedOfAccount(cfg, s)...) {
		client := reflect.TypeOf(service.client)
		leftOut := strings.Fields(service.leftOut)
		reached := 0
		for i := range client.NumMethod() {
			method := client.Method(i)
			name := method.Name
			if method.Type.NumIn() != 4 || onlyReads.MatchString(name) || name == "Options" {
				continue
			}
			rules := reachedBy(t, s, service, name, method.Type.In(2).Elem())
			if rules != "" {
				reached++
			}
			out := slices.Contains(leftOut, name) || service.leftOut == "*" && !strings.Contains(name, "Parameter")
			if out == (rules != "") && service.leftOut != "*" || !out && rules == "" {
				t.Errorf("%s %s reaches %q, and is left out: %t", service.source, name, rules, out)
			}
		}
		if reached == 0 {
			t.Errorf("%s: no operation reaches a rule", service.source)
		}
		for _, name := range leftOut {
			if _, found := client.MethodByName(name); name != "*" && !found {
				t.Errorf("%s has no operation %s", service.source, name)
			}
		}
	}
}

// reachedBy are the rules that let an operation through, with the parameters of its input that say what it is about,
// one at a time. Lambda's operations have the version of the API in their names.
func reachedBy(t *testing.T, s bus, service watchedService, name string, input reflect.Type) string {
	t.Helper()
	detail := map[string]any{
		"eventSource": service.source + ".amazonaws.com", "eventName": name, "managementEvent": true,
		"userIdentity": map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/x"},
	}
	if service.source == "lambda" {
		detail["eventName"] = name + "20150331v2"
	}
	if _, about := input.FieldByName("KeyId"); about || strings.HasSuffix(name, "Alias") {
		for key := range s.Keys {
			detail["resources"] = []any{map[string]any{"ARN": key}}
			break
		}
	}
	tries := []map[string]any{nil}
	for field, value := range service.about {
		if f, found := input.FieldByName(field); found {
			name := strings.ToLower(field[:1]) + field[1:]
			if f.Type.Kind() == reflect.Slice {
				tries = append(tries, map[string]any{name: []any{value}})
			} else {
				tries = append(tries, map[string]any{name: value})
			}
		}
	}
	for _, parameters := range tries {
		detail["requestParameters"] = parameters
		event := recordedEvent{DetailType: "AWS API Call via CloudTrail", Detail: detail}
		if rules := s.reaches(t, event, "aws."+service.source, s.Account); rules != "" {
			return rules
		}
	}
	return ""
}
