package threats

import (
	"slices"
	"strings"
)

// No log may hold headers with secrets, or query strings, which contain codes of managed login. A web ACL omits
// redacted fields from its log, and protected fields from the requests that it samples for the console. Nothing else
// may be omitted: it would be missing from the trace of an attack.
// https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html
var (
	redacted = []any{
		map[string]any{"QueryString": map[string]any{}},
		header("authorization"), header("cookie"), header("x-amz-security-token"),
	}
	protected = map[string]any{"DataProtections": []any{
		map[string]any{"Action": "SUBSTITUTION", "Field": map[string]any{"FieldType": "QUERY_STRING"}},
		map[string]any{"Action": "SUBSTITUTION", "Field": map[string]any{
			"FieldType": "SINGLE_HEADER", "FieldKeys": []any{"authorization", "cookie", "x-amz-security-token"},
		}},
	}}
)

// logsRequests expects the web ACL to log all requests to a group of this stage, without secrets.
func (in *Inspection) logsRequests(a Resource) {
	a.At("DataProtectionConfig").Is(protected)
	logs := 0
	for _, l := range in.Any(aclLogging) {
		if l.At("ResourceArn").Text() != a.Ref("Arn") {
			continue
		}
		logs++
		l.At("LoggingFilter").Absent()
		destinations := l.At("LogDestinationConfigs").Texts()
		known := slices.ContainsFunc(in.Any(logGroup), func(g Resource) bool {
			name, _ := g.At("LogGroupName").Got.(string)
			return strings.HasPrefix(name, "aws-waf-logs-") &&
				slices.Equal(destinations, []string{in.arn("logs", "log-group:"+name)})
		})
		if !known {
			l.At("LogDestinationConfigs").Fail("is %v, which is no log group of this stage", destinations)
		}
		l.At("RedactedFields").Is(redacted)
	}
	if logs != 1 {
		a.Fail("has %d logs, want one", logs)
	}
}
