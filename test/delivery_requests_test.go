package test

import (
	"fmt"
	"strings"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/iam"
)

// request is an action of a resource type's handler, on the resource itself or on the action's target: it passes a
// function's role, for example, and reads its code.
func (d delivered) request(action string, stack assembly.Stack, id string, r assembly.Resource) iam.Request {
	service, name, _ := strings.Cut(action, ":")
	generated := stack.Name + "-" + id[:min(len(id), 20)] + "-A1B2C3D4E5F6"
	arn := func(resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", strings.ToLower(service), d.config.Region, d.config.Account, resource)
	}
	context := map[string][]string{}
	tags := func(key string) {
		if tag := stageTag(r); tag != "" {
			context[key] = []string{tag}
		}
	}
	request := iam.Request{Action: action, Context: context}
	switch service {
	case "iam":
		request.Resource = d.role(r, generated)
		if boundary, ok := r.Properties["PermissionsBoundary"]; ok {
			text, _ := d.Text(stack, boundary)
			context["iam:PermissionsBoundary"] = []string{strings.ReplaceAll(text, "${AWS::Partition}", "aws")}
		} else if r.Type == "AWS::IAM::Policy" {
			context["iam:PermissionsBoundary"] = []string{d.boundaryARN()}
		}
		if name == "CreateServiceLinkedRole" {
			by := map[string]string{"WAFv2": "wafv2", "DynamoDB": "dynamodb", "Cognito": "email.cognito-idp"}
			of := by[strings.Split(r.Type, "::")[1]] + ".amazonaws.com"
			request.Resource = "arn:aws:iam::" + d.config.Account + ":role/aws-service-role/" + of + "/AWSServiceRoleForIt"
			context["iam:AWSServiceName"] = []string{of}
		}
	case "s3", "S3":
		request.Resource = "arn:aws:s3:::" + strings.ToLower(generated)
		if strings.HasPrefix(name, "GetObject") {
			request.Resource = fmt.Sprintf("arn:aws:s3:::cdk-%s-assets-%s-%s/0a1b.zip", d.config.Delivery.Qualifier,
				d.config.Account, d.config.Region)
		}
		context["aws:ResourceAccount"] = []string{d.config.Account}
	case "cognito-idp", "cognito-identity", "kms", "wafv2", "apigateway":
		request.Resource = d.tagged(service, name, r, arn)
		made := strings.HasPrefix(name, "Create") && name != "CreateGrant" && stageTag(r) != "" || name == "TagResource" ||
			request.Resource == "arn:aws:apigateway:"+d.config.Region+"::/restapis"
		if made {
			tags("aws:RequestTag/stage")
		} else {
			context["aws:ResourceTag/stage"] = []string{d.config.Name}
		}
	case "ce":
		request.Resource = "arn:aws:ce::" + d.config.Account + ":anomalymonitor/1"
		key := "aws:ResourceTag/stage"
		if strings.HasPrefix(name, "Create") || name == "TagResource" {
			key = "aws:RequestTag/stage"
		}
		context[key] = []string{d.config.Name}
	case "budgets":
		request.Resource = "arn:aws:budgets::" + d.config.Account + ":budget/" + d.ID
	default:
		if r.Type == "AWS::CloudWatch::CompositeAlarm" && (name == "DescribeAlarms" || name == "PutCompositeAlarm") {
			request.Resource = "*" // CloudWatch accepts all alarms only.
			break
		}
		if r.Type == "AWS::CloudWatch::Dashboard" {
			name := fmt.Sprint(r.Properties["DashboardName"])
			request.Resource = "arn:aws:cloudwatch::" + d.config.Account + ":dashboard/" + name
			break
		}
		request.Resource = arn(map[string]string{
			"dynamodb": "table/", "lambda": "function:", "events": "rule/", "cloudwatch": "alarm:", "sns": "",
			"logs": "log-group:", "ssm": "parameter", "sqs": "",
		}[service] + d.named(stack, r, generated))
	}
	return request
}

// stageTag is the value of a resource's tag stage, in any of the types' forms.
func stageTag(r assembly.Resource) string {
	for property, value := range r.Properties {
		if !strings.HasSuffix(property, "Tags") || property == "PrincipalTags" {
			continue
		}
		switch tags := value.(type) {
		case map[string]any:
			return fmt.Sprint(tags["stage"])
		case []any:
			for _, tag := range tags {
				if pair := tag.(map[string]any); pair["Key"] == "stage" {
					return fmt.Sprint(pair["Value"])
				}
			}
		}
	}
	return ""
}

func (d delivered) boundaryARN() string {
	return "arn:aws:iam::" + d.config.Account + ":policy/SecureCart-Delivery-" + d.config.Name + "-Boundary"
}

func (d delivered) role(r assembly.Resource, generated string) string {
	name := generated
	if given, ok := r.Properties["RoleName"].(string); ok {
		name = given
	}
	return "arn:aws:iam::" + d.config.Account + ":role/" + name
}

// named is the resource's name, which CloudFormation chooses unless the template does.
func (d delivered) named(stack assembly.Stack, r assembly.Resource, generated string) string {
	for _, property := range []string{"LogGroupName", "TableName", "FunctionName", "Name", "TopicName", "AlarmName"} {
		value, given := r.Properties[property]
		if !given || r.Type == "AWS::Lambda::Permission" {
			continue
		}
		if text, err := d.Text(stack, value); err == nil && !strings.HasPrefix(text, "${") {
			return text
		}
	}
	return generated
}

// tagged is the ARN of a resource whose id AWS chooses.
func (d delivered) tagged(service, name string, r assembly.Resource, arn func(string) string) string {
	switch service {
	case "cognito-idp":
		if name == "CreateUserPool" || name == "DescribeUserPoolDomain" {
			return "*"
		}
		return arn("userpool/" + d.config.Region + "_AbCdEfGhI")
	case "cognito-identity":
		if name == "CreateIdentityPool" {
			return "*"
		}
		return arn("identitypool/" + d.config.Region + ":00000000-0000-0000-0000-000000000000")
	case "kms":
		if name == "CreateKey" || name == "ListAliases" {
			return "*"
		}
		return arn("key/00000000-0000-0000-0000-000000000000")
	case "wafv2":
		return arn("regional/webacl/Acl-A1B2/00000000-0000-0000-0000-000000000000")
	}
	apis := "arn:aws:apigateway:" + d.config.Region + "::"
	switch {
	case r.Type == "AWS::ApiGateway::Account":
		return apis + "/account"
	case r.Type == "AWS::ApiGateway::RestApi" && name == "POST":
		return apis + "/restapis"
	}
	return apis + "/restapis/a1b2c3d4e5/stages/v1"
}
