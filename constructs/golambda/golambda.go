// Package golambda provisions Lambda functions written in Go. It builds ./lambda/<name> on this machine, without
// Docker.
//
// Every function has its own role, which may write the function's log and traces, has the grants of its props, and
// nothing else.
package golambda

import (
	"cmp"
	"regexp"
	"sync"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/logging"
)

const (
	// Timeout is how many seconds a function may run: less than API Gateway waits, so that callers get the function's own
	// response.
	Timeout = 10
	// TriggerTimeout is how many seconds a trigger of the user pool may run: less than the 5 that Cognito waits.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
	TriggerTimeout = 4
	// ScheduledTimeout is how many seconds a function on a schedule may run: no caller waits for it.
	ScheduledTimeout = 300
)

// memoryMiB also sets the share of CPU. At 256, callers do not notice a cold start of these programs.
const memoryMiB = 256

// Each constant is read once, because reading it is a call to the jsii kernel.
var (
	runtime      = sync.OnceValue(awslambda.Runtime_PROVIDED_AL2023)
	architecture = sync.OnceValue(awslambda.Architecture_ARM_64)
	lambda       = sync.OnceValue(func() awsiam.IPrincipal {
		return awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil)
	})
)

var folderName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// Props configures a Function.
type Props struct {
	// Builder compiles the function. Required.
	Builder *Builder
	// Name is the folder below lambda/. Required.
	Name string
	// Description says what the function does. Required.
	Description string
	// Environment holds the function's environment variables. Never put secrets here: anyone with
	// lambda:GetFunctionConfiguration can read them.
	Environment map[string]string
	// Timeout is how many seconds the function may run, [Timeout] if zero.
	Timeout int
	// Logs are the settings of the function's log group. Required.
	Logs logging.Settings
	// Grants are what the function may do beside writing its own log and traces. None if empty.
	Grants []iamrole.Grants
	// RoleName is the name of the function's role, for policies that stand before the role does; CloudFormation's choice
	// if empty.
	RoleName string
	// DeadLetters is the ARN of the queue that takes asynchronous calls which failed for good; the grants must let the
	// function send to it. If empty, Lambda drops them.
	DeadLetters string
}

// Function is a Lambda function with its role.
type Function struct {
	// Name is the function's name, the dimension of its CloudWatch metrics.
	ARN, Name string
	// Log is the name of its log group.
	Log string
	// TimeoutSeconds is the function's time-out.
	TimeoutSeconds int
	Role           *iamrole.Role

	resource awslambda.Function
}

// Resource is the function for the CDK's own constructs.
func (f *Function) Resource() awslambda.IFunction { return f.resource }

// AllowCall lets a service, such as "events.amazonaws.com", call the function for one resource of that service, and for
// no other. source is the ARN of that resource.
func (f *Function) AllowCall(scope constructs.Construct, id, service, source string) awslambda.CfnPermission {
	return awslambda.NewCfnPermission(scope, jsii.String(id), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: jsii.String(f.ARN),
		Principal:    jsii.String(service),
		SourceArn:    jsii.String(source),
	})
}

// New adds a Function to scope. It panics if props are invalid or the program does not build.
func New(scope constructs.Construct, id string, props Props) *Function {
	folder, unbuilt := program(props)
	check.Props(scope, id,
		unbuilt,
		check.Given(props.Description != "", "Description"),
		props.Logs.Check(),
	)
	timeout := cmp.Or(props.Timeout, Timeout)
	self := constructs.NewConstruct(scope, jsii.String(id))
	log := logging.NewGroup(self, "Log", logging.GroupProps{Settings: props.Logs})
	role := iamrole.New(self, "Role", iamrole.Props{
		AssumedBy:   lambda(),
		Name:        props.RoleName,
		Description: "Function lambda/" + props.Name,
		Grants:      append([]iamrole.Grants{observability(log.ARN())}, props.Grants...),
	})
	environment := map[string]*string{}
	for name, value := range props.Environment {
		environment[name] = jsii.String(value)
	}
	function := awslambda.NewFunction(self, jsii.String("Function"), &awslambda.FunctionProps{
		Description:  jsii.String(props.Description),
		Runtime:      runtime(),
		Architecture: architecture(),
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(folder), nil),
		Role:         role.Resource(),
		Environment:  &environment,
		MemorySize:   jsii.Number(memoryMiB),
		Timeout:      duration.Seconds(timeout),
		LogGroup:     log.Resource(),
	})
	// The L2 construct's tracing property would grant the role permissions that are not in its grants.
	resource := nag.Accept(function, accepted(props)...).(awslambda.CfnFunction)
	resource.SetTracingConfig(&awslambda.CfnFunction_TracingConfigProperty{Mode: jsii.String("Active")})
	if props.DeadLetters != "" {
		resource.SetDeadLetterConfig(&awslambda.CfnFunction_DeadLetterConfigProperty{
			TargetArn: jsii.String(props.DeadLetters),
		})
	}
	return &Function{
		ARN: *function.FunctionArn(), Name: *function.FunctionName(), Log: log.Name(), TimeoutSeconds: timeout,
		Role: role, resource: function,
	}
}

// program builds the function, and returns the folder that holds the program.
func program(props Props) (string, check.Broken) {
	broken := check.All(
		check.Given(props.Builder != nil, "Builder"),
		check.Require(folderName.MatchString(props.Name), "Name", "must be a folder below lambda/, got %q", props.Name),
	)
	if len(broken) > 0 {
		return "", broken
	}
	folder, err := props.Builder.Build(props.Name)
	return folder, check.Require(err == nil, "Name", "must name a program that builds, got %v", err)
}

// observability lets a function write its own log and traces. The managed policy AWSLambdaBasicExecutionRole would let
// it write to every log group of the account.
func observability(logARN string) iamrole.Grants {
	return iamrole.Grants{
		{
			Sid:       "WriteOwnLog",
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: []string{logARN},
		},
		{
			Actions:   []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
			Resources: []string{"*"},
			Accepted: []nag.Accepted{nag.Finding("AwsSolutions-IAM5", "Resource::*",
				"X-Ray's PutTraceSegments and PutTelemetryRecords know no resource; all else in this policy names "+
					"its resource.")},
		},
	}
}

// accepted are the cdk-nag findings of a function that are accepted, with reasons.
func accepted(props Props) []nag.Accepted {
	all := []nag.Accepted{nag.InHIPAAAndPCI("LambdaInsideVPC",
		"It talks to AWS's own endpoints only, over TLS, as far as its role allows; there is no private network to "+
			"be inside of.")}
	if props.DeadLetters == "" {
		all = append(all, nag.Rule("HIPAA.Security-LambdaDLQ",
			"API Gateway and Cognito wait for its answer and see its failure. A dead-letter queue takes failed "+
				"asynchronous calls; of the functions without one only the export has such calls, and the next hour's "+
				"repeats a failed one."))
	}
	return append(all, nag.Rule("HIPAA.Security-LambdaConcurrency",
		"API Gateway's throttle and Cognito's quotas bound how many run at once; the export runs once an hour, and the "+
			"record once for each change. What is reserved for one function is taken from the others, and new accounts "+
			"have none to reserve."))
}
