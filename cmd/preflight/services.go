package main

import (
	"context"
	"net"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/config"
)

// Services are the AWS services of the checks. The interfaces hold only the called operations, so that no check can
// change anything or read a secret by mistake.
type Services struct {
	Callers      Callers
	Parameters   Parameters
	Secrets      Secrets
	Pools        Pools
	Certificates Certificates
	Names        Names
	Mail         Mail
	Messages     Messages
	Functions    Functions
	Quotas       Quotas
	Gateway      Gateway
	Logs         Logs
	Stacks       Stacks
	Buckets      Buckets
	Queues       Queues
	Trails       Trails
	Rules        Rules
}

// Callers is of AWS STS.
type Callers interface {
	GetCallerIdentity(
		context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options),
	) (*sts.GetCallerIdentityOutput, error)
}

// Parameters is of AWS Systems Manager.
type Parameters interface {
	GetParameter(context.Context, *ssm.GetParameterInput, ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
}

// Secrets is of AWS Secrets Manager. It cannot read a value.
type Secrets interface {
	DescribeSecret(
		context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options),
	) (*secretsmanager.DescribeSecretOutput, error)
}

// Pools is of Amazon Cognito user pools.
type Pools interface {
	DescribeUserPoolDomain(
		context.Context, *cognitoidentityprovider.DescribeUserPoolDomainInput, ...func(*cognitoidentityprovider.Options),
	) (*cognitoidentityprovider.DescribeUserPoolDomainOutput, error)
}

// Certificates is of AWS Certificate Manager in us-east-1.
type Certificates interface {
	DescribeCertificate(
		context.Context, *acm.DescribeCertificateInput, ...func(*acm.Options),
	) (*acm.DescribeCertificateOutput, error)
}

// Names is of the domain name system, as [net.Resolver] has it.
type Names interface {
	LookupIP(ctx context.Context, network, host string) ([]net.IP, error)
}

// Mail is of Amazon SES, in the Region of the stage's identity.
type Mail interface {
	GetAccount(context.Context, *sesv2.GetAccountInput, ...func(*sesv2.Options)) (*sesv2.GetAccountOutput, error)
	GetEmailIdentity(
		context.Context, *sesv2.GetEmailIdentityInput, ...func(*sesv2.Options),
	) (*sesv2.GetEmailIdentityOutput, error)
}

// Messages is of Amazon SNS.
type Messages interface {
	GetSMSSandboxAccountStatus(
		context.Context, *sns.GetSMSSandboxAccountStatusInput, ...func(*sns.Options),
	) (*sns.GetSMSSandboxAccountStatusOutput, error)
	GetSMSAttributes(
		context.Context, *sns.GetSMSAttributesInput, ...func(*sns.Options),
	) (*sns.GetSMSAttributesOutput, error)
}

// Functions is of AWS Lambda.
type Functions interface {
	GetAccountSettings(
		context.Context, *lambda.GetAccountSettingsInput, ...func(*lambda.Options),
	) (*lambda.GetAccountSettingsOutput, error)
}

// Quotas is of Service Quotas.
type Quotas interface {
	ListServiceQuotas(
		context.Context, *servicequotas.ListServiceQuotasInput, ...func(*servicequotas.Options),
	) (*servicequotas.ListServiceQuotasOutput, error)
}

// Gateway is of Amazon API Gateway.
type Gateway interface {
	GetAccount(
		context.Context, *apigateway.GetAccountInput, ...func(*apigateway.Options),
	) (*apigateway.GetAccountOutput, error)
}

// Logs is of Amazon CloudWatch Logs.
type Logs interface {
	DescribeResourcePolicies(
		context.Context, *cloudwatchlogs.DescribeResourcePoliciesInput, ...func(*cloudwatchlogs.Options),
	) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error)
}

// Stacks is of AWS CloudFormation.
type Stacks interface {
	DescribeStacks(
		context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options),
	) (*cloudformation.DescribeStacksOutput, error)
}

// Buckets is of Amazon S3. It cannot read an object.
type Buckets interface {
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
}

// Queues is of Amazon SQS. It cannot read a message.
type Queues interface {
	GetQueueAttributes(
		context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options),
	) (*sqs.GetQueueAttributesOutput, error)
}

// Trails is of AWS CloudTrail.
type Trails interface {
	DescribeTrails(
		context.Context, *cloudtrail.DescribeTrailsInput, ...func(*cloudtrail.Options),
	) (*cloudtrail.DescribeTrailsOutput, error)
	GetTrailStatus(
		context.Context, *cloudtrail.GetTrailStatusInput, ...func(*cloudtrail.Options),
	) (*cloudtrail.GetTrailStatusOutput, error)
	GetEventSelectors(
		context.Context, *cloudtrail.GetEventSelectorsInput, ...func(*cloudtrail.Options),
	) (*cloudtrail.GetEventSelectorsOutput, error)
}

// Rules is of Amazon EventBridge.
type Rules interface {
	ListRuleNamesByTarget(
		context.Context, *eventbridge.ListRuleNamesByTargetInput, ...func(*eventbridge.Options),
	) (*eventbridge.ListRuleNamesByTargetOutput, error)
}

// certificateRegion is where Cognito looks for the certificates of domains.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
const certificateRegion = "us-east-1"

// servicesOf is AWS itself, for a stage: every service in the stage's Region, except certificates, the rules that
// forward IAM's events and, if its identity is elsewhere, e-mail. cfg holds the credentials.
func servicesOf(cfg aws.Config, stage config.Stage) Services {
	in := func(region string) aws.Config {
		there := cfg.Copy()
		there.Region = region
		return there
	}
	here := in(stage.Region)
	return Services{
		Callers:      sts.NewFromConfig(here),
		Parameters:   ssm.NewFromConfig(here),
		Secrets:      secretsmanager.NewFromConfig(here),
		Pools:        cognitoidentityprovider.NewFromConfig(here),
		Certificates: acm.NewFromConfig(in(certificateRegion)),
		Names:        net.DefaultResolver,
		Mail:         sesv2.NewFromConfig(in(mailRegion(stage))),
		Messages:     sns.NewFromConfig(here),
		Functions:    lambda.NewFromConfig(here),
		Quotas:       servicequotas.NewFromConfig(here),
		Gateway:      apigateway.NewFromConfig(here),
		Logs:         cloudwatchlogs.NewFromConfig(here),
		Stacks:       cloudformation.NewFromConfig(here),
		Buckets:      s3.NewFromConfig(here),
		Queues:       sqs.NewFromConfig(here),
		Trails:       cloudtrail.NewFromConfig(here),
		Rules:        eventbridge.NewFromConfig(in(iamRegion)),
	}
}
