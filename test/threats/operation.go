package threats

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// logged are the variables that the access log may hold. None of them is a token, a header or a name.
var logged = []string{
	"$context.authorizer.claims.client_id", "$context.authorizer.claims.sub", "$context.authorizer.status", "$context.error.responseType",
	"$context.httpMethod", "$context.identity.cognitoIdentityId", "$context.identity.sourceIp", "$context.identity.userAgent",
	"$context.integration.status", "$context.requestId", "$context.requestTime", "$context.resourcePath", "$context.responseLatency",
	"$context.responseLength", "$context.status", "$context.xrayTraceId",
}

// retentionDays is how long logs are kept at least where customers live (PCI DSS 4.0.1, 10.5.1).
const retentionDays = 365

// operation are the threats to the running API, and to those who want to know what happened.
var operation = []Threat{
	{
		ID:    "A11",
		Title: "Flood the API: guess, enumerate, run up the bill, or keep everybody else out",
		Sources: []string{
			cdkNag + " APIG3", securityHub + "apigateway-controls.html (APIGateway.4)",
			gatewayGuide + "api-gateway-request-throttling.html",
		},
		Closed: "A web ACL of its own bounds what one address sends and knows common attacks; the stage throttles " +
			"every method (A21), and no request runs for more than half a minute.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			for _, s := range in.every(apiStage) {
				acl := in.firewallOf(s, func(arn string) bool { return arn == in.stageARN(s) })
				acl.limitsAddresses(apiRequests)
				acl.knowsAttacks()
				in.guards()
				first := s.at("MethodSettings", 0)
				first.at("ResourcePath").is("/*")
				first.at("HttpMethod").is("*")
			}
			in.endsSoon()
		},
	},
	{
		ID:    "A12",
		Title: "Leave no trace at the API, or find tokens and names in the traces of others",
		Sources: []string{
			cdkNag + " APIG1, APIG6", securityHub + "apigateway-controls.html (APIGateway.1, APIGateway.9)", checkov + " (CKV_AWS_76)",
			hackGateway,
		},
		Closed: "Every request is logged, by whom and with what result, without token, body or name; logs are " +
			"encrypted and, in Production, kept a year.",
		Proofs: []Proof{Templates, Code},
		Tests: []string{
			"lambda/orders.TestLogHoldsNothingOfTheCaller", "lambda/customers.TestLogHoldsNothingOfTheCustomer",
			"lambda/links.TestLogHoldsNothingOfTheCustomer",
			"lambda/tokens.TestLogSaysWhatWasDecidedAndNothingOfTheUser",
		},
		check: func(in *inspection) {
			for _, s := range in.every(apiStage) {
				s.at("AccessLogSetting", "DestinationArn").reads(in.arn("logs", "log-group:${Api.ShopAccessLog}"))
				s.at("AccessLogSetting", "Format").logsOnly(logged)
				for _, setting := range s.at("MethodSettings").each() {
					setting.at("LoggingLevel").is("ERROR")
					setting.at("DataTraceEnabled").is(false)
					setting.at("MetricsEnabled").is(true)
				}
			}
			in.keepsLogs()
			in.logsExecution()
			for _, f := range in.every(function) {
				group := strings.TrimSuffix(f.name(), "Function") + "Log"
				f.at("LoggingConfig", "LogGroup").reads("${" + group + "}")
			}
		},
	},
	{
		ID:      "A13",
		Title:   "Listen in on old TLS, use an old runtime's holes, or hide where nobody can follow a request",
		Sources: []string{securityHub + "apigateway-controls.html (APIGateway.3, APIGateway.11)", checkov + " (CKV_AWS_73)"},
		Closed: "Requests are traced; functions run on a runtime that AWS maintains; the login domain, and any that " +
			"the API gets, takes TLS 1.2 or later. The API's own endpoint is A25.",
		Proofs: []Proof{Templates},
		Limit:  "A login domain by prefix is AWS's, and so is its TLS policy. Production has a domain of its own.",
		check: func(in *inspection) {
			for _, s := range in.every(apiStage) {
				s.at("TracingEnabled").is(true)
			}
			for _, f := range in.every(function) {
				f.at("TracingConfig", "Mode").is("Active")
				f.at("Runtime").is("provided.al2023")
			}
			for _, d := range in.any(apiDomain) {
				d.at("SecurityPolicy").among("TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09")
				in.only(restAPI).at("DisableExecuteApiEndpoint").is(true)
			}
			if d := in.only(userDomain); d.at("CustomDomainConfig").got != nil {
				d.at("CustomDomainConfig", "SecurityPolicy").is("TLS_V1_2_2021")
			}
		},
	},
	{
		ID:      "A17",
		Title:   "Call a handler directly, with claims of one's own making",
		Sources: []string{securityHub + "lambda-controls.html (Lambda.1)", cloudGoat + "terraform/lambda.tf (permission without source)"},
		Closed: "Each handler may be called by this API, stage, verb and path only, for the routes that it has, each " +
			"trigger by the user pool, the removal of unconfirmed accounts by its schedule; no function has a URL.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			calls := map[string]string{}
			for _, r := range in.routes() {
				if r.handler() != "" {
					calls[in.arn("execute-api", r.at("RestApiId").text()+"/"+in.only(apiStage).ref()+"/"+r.verb+r.path)] = r.handler()
				}
			}
			callers := in.callers()
			for _, p := range in.every(permission) {
				p.at("Action").is("lambda:InvokeFunction")
				if caller, listed := callers[p.at("FunctionName").text()]; listed {
					p.at("Principal").is(caller.service)
					p.at("SourceArn").reads(caller.source)
					continue
				}
				p.at("Principal").is("apigateway.amazonaws.com")
				from := p.at("SourceArn").text()
				if p.at("FunctionName").text() != calls[from] {
					p.at("SourceArn").fail("is %q, which is no route of %s", from, p.at("FunctionName").text())
				}
			}
			in.none(sideDoors...)
		},
	},
}

var (
	logVariable = regexp.MustCompile(`\$[A-Za-z][A-Za-z0-9_.]*(\([^)]*\))?`)
)

// sideDoors are other ways to have a function run.
var sideDoors = []string{
	"AWS::Lambda::Url", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig", "AWS::Scheduler::Schedule",
	"AWS::Pipes::Pipe",
}

// caller is the one service that may call a function, and for what.
type caller struct{ service, source string }

// callers are those of the functions that are behind no route, by the function.
func (in *inspection) callers() map[string]caller {
	callers := map[string]caller{
		in.the(function, unconfirmedFunction).ref("Arn"): {"events.amazonaws.com", in.only(eventRule).ref("Arn")},
	}
	for _, name := range triggerNames {
		callers[in.the(function, name+"Function").ref("Arn")] = caller{"cognito-idp.amazonaws.com",
			in.only(userPool).ref("Arn")}
	}
	return callers
}

// stageARN is what associations call a stage of the API.
func (in *inspection) stageARN(s resource) string {
	return "arn:aws:apigateway:" + in.Config.Region + "::/restapis/" + s.at("RestApiId").text() + "/stages/" + s.ref()
}

// logsOnly expects the format of an access log: JSON, with variables from a list.
func (v value) logsOnly(allowed []string) {
	format := v.text()
	if !json.Valid([]byte(format)) {
		v.fail("is no JSON: %s", format)
	}
	if others := difference(logVariable.FindAllString(format, -1), allowed); len(others) > 0 {
		v.fail("logs %s, which nobody judged", sorted(others))
	}
}

// keepsLogs expects every log group to be encrypted with the key of the logs, but for the one that Cognito delivers to, and in
// Production to be kept for a year and to outlive its stack.
func (in *inspection) keepsLogs() {
	delivered := in.delivery()
	for _, g := range in.every(logGroup) {
		if !slices.Contains(delivered, g.id) {
			g.at("KmsKeyId").reads(in.the(kmsKey, logKey).ref("Arn"))
		}
		g.at("RetentionInDays").is(in.Config.Logs.RetentionDays)
		if in.production() {
			g.at("RetentionInDays").between(retentionDays, 3653)
			g.outlives()
		}
	}
}
