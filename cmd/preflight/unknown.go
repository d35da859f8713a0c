package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// permissionsPage says how a deployer gets missing permissions.
const permissionsPage = "docs/preflight.md, \"Permissions\""

// unknown is the result of a check whose request failed for a reason that says nothing about the account.
func unknown(err error) Result {
	var timeout interface{ Timeout() bool }
	switch code := codeOf(err); {
	case refused(code):
		return warning("allow it to these credentials ("+permissionsPage+")",
			"not checked: the permission %s is missing", actionOf(err))
	case throttled(code):
		return warning("run it again in a minute", "not checked: AWS put %s off (%s)", actionOf(err), code)
	case errors.As(err, &timeout) && timeout.Timeout():
		return warning("run it again, then look at the network and https://health.aws.amazon.com/health/status",
			"not checked: %s did not answer in time", actionOf(err))
	case code != "":
		return warning("look "+code+" up at https://docs.aws.amazon.com/search/",
			"not checked: %s answered %s: %s", actionOf(err), code, messageOf(err))
	}
	return warning("run it again", "not checked: %v", err)
}

// codeOf is a service's error code, or empty if no service has answered.
func codeOf(err error) string {
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return ""
	}
	return answer.ErrorCode()
}

func messageOf(err error) string {
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return err.Error()
	}
	return answer.ErrorMessage()
}

// refused reports whether a code means a missing permission at one of the services.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func refused(code string) bool {
	return slices.Contains([]string{
		"AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
		"UnauthorizedOperation", "UnauthorizedException", "NotAuthorized",
	}, code)
}

func throttled(code string) bool {
	_, is := retry.DefaultThrottleErrorCodes[code]
	return is
}

// prefixes are IAM's names of services by the SDK's names, where they differ by more than case.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var prefixes = map[string]string{
	"Secrets Manager": "secretsmanager", "Cognito Identity Provider": "cognito-idp", "SESv2": "ses",
	"Service Quotas": "servicequotas", "CloudWatch Logs": "logs", "EventBridge": "events",
}

// actionOf is the permission that a failed request needed.
func actionOf(err error) string {
	var operation *smithy.OperationError
	if !errors.As(err, &operation) {
		return "a request"
	}
	service := operation.Service()
	if service == "API Gateway" {
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
		return "apigateway:GET"
	}
	prefix, is := prefixes[service]
	if !is {
		prefix = strings.ToLower(service)
	}
	return prefix + ":" + operation.Operation()
}
