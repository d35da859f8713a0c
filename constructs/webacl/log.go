package webacl

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/logging"
)

// secretHeaders are the headers with secrets: tokens, sessions, signatures.
var secretHeaders = []string{"authorization", "cookie", "x-amz-security-token"}

// keepLog logs every request without its secrets, and returns the name of the log group. The query string counts as
// secret: managed login's holds authorization codes and, as login_hint, addresses; that of a signed request may hold
// its signature. https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
func keepLog(scope constructs.Construct, acl, stackName string, settings logging.Settings) string {
	// AWS WAF requires this prefix.
	name := "aws-waf-logs-" + stackName
	group := logging.NewGroup(scope, "Log", logging.GroupProps{Name: name, Settings: settings})

	redacted := []any{&awswafv2.CfnLoggingConfiguration_FieldToMatchProperty{QueryString: map[string]any{}}}
	for _, header := range secretHeaders {
		redacted = append(redacted, &awswafv2.CfnLoggingConfiguration_FieldToMatchProperty{
			SingleHeader: map[string]any{"Name": header},
		})
	}
	awswafv2.NewCfnLoggingConfiguration(scope, jsii.String("Logging"), &awswafv2.CfnLoggingConfigurationProps{
		ResourceArn:           jsii.String(acl),
		LogDestinationConfigs: &[]any{logging.GroupARN(scope, name)},
		RedactedFields:        redacted,
	}).Node().AddDependency(group.Resource())
	return name
}

// protection hides the same fields in the sampled requests that the console shows, to which the log's redaction does
// not apply. https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-limitations.html
func protection() *awswafv2.CfnWebACL_DataProtectionConfigProperty {
	protect := func(kind string, keys *[]*string) any {
		return &awswafv2.CfnWebACL_DataProtectProperty{
			Action: jsii.String("SUBSTITUTION"),
			Field:  &awswafv2.CfnWebACL_FieldToProtectProperty{FieldType: jsii.String(kind), FieldKeys: keys},
		}
	}
	return &awswafv2.CfnWebACL_DataProtectionConfigProperty{DataProtections: []any{
		protect("QUERY_STRING", nil),
		protect("SINGLE_HEADER", jsii.Strings(secretHeaders...)),
	}}
}
