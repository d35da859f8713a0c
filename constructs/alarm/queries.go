package alarm

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// query is a saved query of CloudWatch Logs Insights, so that nobody has to write it during an incident.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
type query struct {
	name   string
	groups []string
	text   string
}

// queries are the questions, by the names that the pages of docs/runbooks use.
func (w Watched) queries() []query {
	functions := make([]string, 0, len(w.Functions))
	for _, f := range w.Functions {
		functions = append(functions, f.Log)
	}
	firewalls := make([]string, 0, len(w.WebACLs))
	for _, acl := range w.WebACLs {
		firewalls = append(firewalls, acl.Log)
	}
	api, pool := []string{w.Logs.API}, []string{w.Logs.Pool}
	return []query{
		{"handler-errors", functions, `fields @timestamp, @log, msg, error, reason, requestId
| filter level = "ERROR" or @message like /Task timed out|Runtime exited|panic/
| sort @timestamp desc
| limit 100`},
		{"failed-requests", api, `filter status >= 400
| stats count(*) as requests, min(@timestamp) as first, max(@timestamp) as last
    by method, path, status, responseType, functionStatus
| sort requests desc`},
		{"slow-requests", api, `stats count(*) as requests, ` +
			`pct(latencyMs, 50) as half, pct(latencyMs, 99) as slowest by method, path
| sort slowest desc`},
		{"refused-tokens", api, `filter status = 401 or status = 403
| stats count(*) as requests by client, sourceIp, responseType, path
| sort requests desc
| limit 50`},
		{"one-customer", api, `# enter the customer's sub
filter customer = "<sub>"
| fields @timestamp, sourceIp, userAgent, client, method, path, status
| sort @timestamp desc`},
		{"one-request", append(functions, w.Logs.API), `# enter the requestId that the error message shows
filter requestId = "<id>" or @requestId = "<id>"
| fields @timestamp, @log, @message
| sort @timestamp`},
		{"blocked-addresses", firewalls, `filter action = "BLOCK"
| stats count(*) as requests by httpRequest.clientIp, httpRequest.country, terminatingRuleId
| sort requests desc
| limit 50`},
		{"sign-ups-by-address", firewalls[:1], `filter @message like /(?i)(signup|resend|forgotpassword|confirm)/
| stats count(*) as requests by httpRequest.clientIp, httpRequest.country, action, httpRequest.uri
| sort requests desc
| limit 50`},
		{"undelivered-messages", pool, `filter eventSource = "USER_NOTIFICATION"
| fields @timestamp, message.details
| sort @timestamp desc`},
		{"risky-sign-ins", pool, `# user activity is logged with plan Plus only
filter eventSource = "USER_ACTIVITY" and (message.riskLevel in ["High", "Medium"] ` +
			`or message.compromisedCredentialDetected = "true")
| fields @timestamp, message.userSub, message.eventType, message.eventResponse, message.riskLevel, message.riskDecision,
    message.ipAddress, message.country
| sort @timestamp desc`},
	}
}

// add saves the query in a folder of the stage.
func (q query) add(scope constructs.Construct, folder string) {
	awslogs.NewCfnQueryDefinition(scope, jsii.String("Query-"+q.name), &awslogs.CfnQueryDefinitionProps{
		Name: jsii.String(folder + "/" + q.name), QueryString: jsii.String(q.text), LogGroupNames: anyOf(q.groups),
	})
}

func anyOf(texts []string) *[]any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return &list
}
