package test

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/lambda/contract"
)

// TestNobodyGetsTheRightsOfADeploymentUnseen: with the execution role, a stack of any name, or a resource that Cloud
// Control API changes, could lift the record's lock. With a role of a function, a function of any name has its rights.
func TestNobodyGetsTheRightsOfADeploymentUnseen(t *testing.T) {
	for _, cfg := range config.Stages() {
		s := busOf(t, cfg)
		deployer := cfg.ExecutionRole(s.Account)
		passed := func(operations []string, source, role, want string, spellings ...string) {
			for _, operation := range operations {
				for _, spelling := range spellings {
					event := recordedEvent{DetailType: "AWS API Call via CloudTrail", Detail: map[string]any{
						"eventSource": source + ".amazonaws.com", "eventName": operation, "managementEvent": true,
						"requestParameters": map[string]any{
							"stackName": "another", "functionName": "another", "typeName": "AWS::S3::BucketPolicy",
							spelling: "arn:aws:iam::" + s.Account + ":role/" + role,
						},
					}}
					if got := s.reaches(t, event, "aws."+source, s.Account); got != want {
						t.Errorf("%s: %s with %s %s reaches %q, want %q", s.ID, operation, spelling, role, got, want)
					}
				}
			}
		}
		stacks := taking[*cloudformation.Client](t, "RoleARN", 6)
		// https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_Operations.html
		resources := []string{"CreateResource", "DeleteResource", "UpdateResource"}
		for role, want := range map[string]string{deployer: "Stacks", deployer + "2": "", "2" + deployer: ""} {
			passed(stacks, "cloudformation", role, want, "roleARN", "roleArn")
			passed(resources, "cloudcontrolapi", role, want, "roleARN", "roleArn")
		}
		functions := taking[*awslambda.Client](t, "Role", 2)
		passed(functions, "lambda", contract.KeeperRole(s.ID), "Functions", "role")
		passed(functions, "lambda", "another", "", "role")
	}
}

// taking are the operations of a client that take a parameter, at least so many.
func taking[Client any](t *testing.T, parameter string, least int) []string {
	t.Helper()
	client, names := reflect.TypeFor[Client](), []string(nil)
	for i := range client.NumMethod() {
		method := client.Method(i)
		if method.Type.NumIn() != 4 {
			continue
		}
		if _, takes := method.Type.In(2).Elem().FieldByName(parameter); takes {
			names = append(names, method.Name)
		}
	}
	if len(names) < least {
		t.Errorf("only %v take %s", names, parameter)
	}
	return names
}
