package threats

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// logged are the variables that the access log may hold. None of them is a token, a header or a name.
var logged = []string{
	"$context.authorizer.claims.client_id", "$context.authorizer.claims.sub", "$context.authorizer.status",
	"$context.error.responseType",
	"$context.httpMethod", "$context.identity.cognitoIdentityId", "$context.identity.sourceIp",
	"$context.identity.userAgent",
	"$context.integration.status", "$context.requestId", "$context.requestTime", "$context.resourcePath",
	"$context.responseLatency",
	"$context.responseLength", "$context.status", "$context.xrayTraceId",
}

// retentionDays is how long logs are kept at least where customers live (PCI DSS 4.0.1, 10.5.1).
const retentionDays = 365

// operation are the threats to the running API and to its logs.
var operation = []Threat{
	{
		ID:    "A11",
		Title: "Flood the API: guess, enumerate, cause costs, or deny service to others",
		Sources: []string{
			cdkNag + " APIG3", securityHub + "apigateway-controls.html (APIGateway.4)",
			gatewayGuide + "api-gateway-request-throttling.html",
		},
		Closed: "The API's own web ACL rate-limits each address and blocks common attacks. The stage throttles every " +
			"method (A21), and no request runs for more than half a minute.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			for _, s := range in.Every(apiStage) {
				acl := in.firewallOf(s, func(arn string) bool { return arn == in.stageARN(s) })
				acl.limitsAddresses(in.Config.WebACL.API, apiRequests)
				acl.knowsAttacks()
				in.guards()
				first := s.At("MethodSettings", 0)
				first.At("ResourcePath").Is("/*")
				first.At("HttpMethod").Is("*")
			}
			in.endsSoon()
		},
	},
	{
		ID:    "A12",
		Title: "Leave no trace at the API, or find tokens and names in its logs",
		Sources: []string{
			cdkNag + " APIG1, APIG6", securityHub + "apigateway-controls.html (APIGateway.1, APIGateway.9)",
			checkov + " (CKV_AWS_76)",
			hackGateway,
		},
		Closed: "Every request is logged with caller and result, but without token, body or name. Logs are encrypted and, " +
			"in Production, retained for a year.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/orders.TestLogHoldsNothingOfTheCaller", "lambda/customers.TestLogHoldsNothingOfTheCustomer",
			"lambda/links.TestLogHoldsNothingOfTheCustomer",
			"lambda/tokens.TestLogSaysWhatWasDecidedAndNothingOfTheUser",
		},
		check: func(in *Inspection) {
			for _, s := range in.Every(apiStage) {
				s.At("AccessLogSetting", "DestinationArn").Reads(in.arn("logs", "log-group:${Api.ShopAccessLog}"))
				s.At("AccessLogSetting", "Format").logs(logged)
				for _, setting := range s.At("MethodSettings").Each() {
					setting.At("LoggingLevel").Is("ERROR")
					setting.At("DataTraceEnabled").Is(false)
					setting.At("MetricsEnabled").Is(true)
				}
			}
			in.keepsLogs()
			in.logsExecution()
			for _, f := range in.Every(function) {
				group := strings.TrimSuffix(f.Name(), "Function") + "Log"
				f.At("LoggingConfig", "LogGroup").Reads("${" + group + "}")
			}
		},
	},
	{
		ID:      "A13",
		Title:   "Decrypt old TLS, use vulnerabilities of an old runtime, or hide in requests that cannot be traced",
		Sources: []string{securityHub + "apigateway-controls.html (APIGateway.3, APIGateway.11)", checkov + " (CKV_AWS_73)"},
		Closed: "Requests are traced; functions run on a runtime that AWS maintains; the login domain, and any future " +
			"domain of the API, accept TLS 1.2 or later. The API's own endpoint is A25.",
		Proofs: []Proof{Templates},
		Limit:  "AWS decides the TLS policy of a login domain by prefix. Production has a custom domain.",
		check: func(in *Inspection) {
			for _, s := range in.Every(apiStage) {
				s.At("TracingEnabled").Is(true)
			}
			for _, f := range in.Every(function) {
				f.At("TracingConfig", "Mode").Is("Active")
				f.At("Runtime").Is("provided.al2023")
			}
			for _, d := range in.Any(apiDomain) {
				d.At("SecurityPolicy").Among(
					"TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09")
				in.Only(restAPI).At("DisableExecuteApiEndpoint").Is(true)
			}
			if d := in.Only(userDomain); d.At("CustomDomainConfig").Got != nil {
				d.At("CustomDomainConfig", "SecurityPolicy").Is("TLS_V1_2_2021")
			}
		},
	},
	{
		ID:    "A17",
		Title: "Call a handler directly, with forged claims",
		Sources: []string{
			securityHub + "lambda-controls.html (Lambda.1)", cloudGoat + "terraform/lambda.tf (permission without source)",
		},
		Closed: "Each handler may be called only by this API, stage, verb and path of its routes, each trigger only by the " +
			"user pool, the removal of unconfirmed accounts and the export of users only by their schedules, the record of " +
			"changes only by its rules and the user pool's log. No function has a URL.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			calls := map[string]string{}
			for _, r := range in.Routes() {
				if r.Handler() != "" {
					calls[in.arn("execute-api", r.At("RestApiId").Text()+"/"+in.Only(apiStage).Ref()+"/"+r.Verb+r.Path)] = r.Handler()
				}
			}
			callers := in.callers()
			for _, p := range in.Every(permission) {
				p.At("Action").Is("lambda:InvokeFunction")
				if listed := callers[p.At("FunctionName").Text()]; len(listed) > 0 {
					if c := (caller{p.At("Principal").Text(), p.At("SourceArn").Text()}); !slices.Contains(listed, c) {
						p.Fail("lets %s call for %s, want one of %v", c.service, c.source, listed)
					}
					continue
				}
				p.At("Principal").Is("apigateway.amazonaws.com")
				from := p.At("SourceArn").Text()
				if p.At("FunctionName").Text() != calls[from] {
					p.At("SourceArn").Fail("is %q, which is no route of %s", from, p.At("FunctionName").Text())
				}
			}
			in.None(sideDoors...)
		},
	},
}

var (
	logVariable = regexp.MustCompile(`\$[A-Za-z][A-Za-z0-9_.]*(\([^)]*\))?`)
)

// sideDoors are other ways to start a function.
var sideDoors = []string{
	"AWS::Lambda::Url", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig", "AWS::Scheduler::Schedule",
	"AWS::Pipes::Pipe",
}

// caller is a service that may call a function, and for what.
type caller struct{ service, source string }

// callers are the callers of functions without a route, by the function.
func (in *Inspection) callers() map[string][]caller {
	const events = "events.amazonaws.com"
	callers := map[string][]caller{}
	for _, name := range triggerNames {
		callers[in.The(function, name+"Function").Ref("Arn")] = []caller{
			{"cognito-idp.amazonaws.com", in.Only(userPool).Ref("Arn")},
		}
	}
	keeps := in.The(function, keeperFunction).Ref("Arn")
	for _, rule := range in.Every(eventRule) {
		called := keeps
		switch rule.Name() {
		case hourlyRule:
			called = in.The(function, unconfirmedFunction).Ref("Arn")
		case exportRule:
			called = in.The(function, exportFunction).Ref("Arn")
		}
		callers[called] = append(callers[called], caller{events, rule.Ref("Arn")})
	}
	for _, s := range in.Any(subscriptionFilter) {
		callers[keeps] = append(callers[keeps], caller{
			"logs.amazonaws.com", in.arn("logs", "log-group:"+in.logGroupOf(s)+":*"),
		})
	}
	return callers
}

// logGroupOf is the name of the log group that a subscription hands over.
func (in *Inspection) logGroupOf(s Resource) string {
	name := s.At("LogGroupName").Text()
	if !slices.ContainsFunc(in.Any(logGroup), func(g Resource) bool { return g.At("LogGroupName").Got == name }) {
		s.At("LogGroupName").Fail("is no log group of this stage")
	}
	return name
}

// stageARN is the form of an API stage's ARN in associations.
func (in *Inspection) stageARN(s Resource) string {
	return "arn:aws:apigateway:" + in.Config.Region + "::/restapis/" + s.At("RestApiId").Text() + "/stages/" + s.Ref()
}

// logs expects the format of an access log: JSON, with exactly the listed variables.
func (v Value) logs(listed []string) {
	format := v.Text()
	if !json.Valid([]byte(format)) {
		v.Fail("is no JSON: %s", format)
	}
	got := logVariable.FindAllString(format, -1)
	if others := difference(got, listed); len(others) > 0 {
		v.Fail("logs %s, which nobody judged", sorted(others))
	}
	if missing := difference(listed, got); len(missing) > 0 {
		v.Fail("lacks %s", sorted(missing))
	}
}

// keepsLogs expects every log group to be encrypted with the key of the logs, but for the one that Cognito delivers to,
// and in Production to be kept for a year and to outlive its stack.
func (in *Inspection) keepsLogs() {
	delivered := in.delivery()
	for _, g := range in.Every(logGroup) {
		if slices.Contains(delivered, g.id) {
			g.At("KmsKeyId").Absent() // Cognito delivers to no group with a key of ours
		} else {
			g.At("KmsKeyId").Reads(in.The(kmsKey, logKey).Ref("Arn"))
		}
		g.At("RetentionInDays").Is(in.Config.Logs.RetentionDays)
		if in.production() {
			g.At("RetentionInDays").Between(retentionDays, 3653)
			g.outlives()
		}
	}
}
