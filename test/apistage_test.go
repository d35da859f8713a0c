package test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// statuses are all gateway responses with the status that callers see; the two defaults leave it to API Gateway.
var statuses = map[string]any{
	"UNAUTHORIZED": "401", "ACCESS_DENIED": "403", "MISSING_AUTHENTICATION_TOKEN": "403", "INVALID_SIGNATURE": "403", "EXPIRED_TOKEN": "403",
	"INVALID_API_KEY": "403", "WAF_FILTERED": "403", "BAD_REQUEST_PARAMETERS": "400", "BAD_REQUEST_BODY": "400", "RESOURCE_NOT_FOUND": "404",
	"REQUEST_TOO_LARGE": "413", "UNSUPPORTED_MEDIA_TYPE": "415", "THROTTLED": "429", "QUOTA_EXCEEDED": "429", "AUTHORIZER_FAILURE": "500",
	"AUTHORIZER_CONFIGURATION_ERROR": "500", "API_CONFIGURATION_ERROR": "500", "INTEGRATION_FAILURE": "504", "INTEGRATION_TIMEOUT": "504",
	"DEFAULT_4XX": nil, "DEFAULT_5XX": nil,
}

func TestEveryGatewayResponseIsAProblemThatTellsNothing(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		got := map[string]any{}
		for _, response := range s.all(t, "AWS::ApiGateway::GatewayResponse") {
			kind := response.text(t, "ResponseType")
			got[kind] = response.get("StatusCode")
			templates := response.get("ResponseTemplates").(map[string]any)
			body, ok := templates["application/problem+json"].(string)
			if !ok || len(templates) != 2 || templates["application/json"] != body {
				t.Fatalf("%s answers other than one problem, for two media types: %v", response, templates)
			}
			var problem map[string]any
			if err := json.Unmarshal([]byte(body), &problem); err != nil {
				t.Errorf("%s: %v in %s", response, err, body)
			}
			for _, member := range []string{"type", "title", "detail", "requestId"} {
				if problem[member] == nil {
					t.Errorf("%s: problem without %s: %s", response, member, body)
				}
			}
			if rest := strings.Replace(body, "$context.requestId", "", 1); strings.Contains(rest, "$") {
				t.Errorf("%s tells the caller what it should not: %s", response, body)
			}
		}
		if diff := cmp.Diff(statuses, got); diff != "" {
			t.Errorf("%s: gateway responses (-want +got)\n%s", s.ID, diff)
		}
		want(t, s.resource(t, "Api", "ShopRestUnauthorized"), "'Bearer'", "RFC 9110 wants a challenge with 401",
			"ResponseParameters", "gatewayresponse.header.WWW-Authenticate")
	})
}

func TestTheAPIStageLogsThrottlesAndTraces(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		api, stage := s.only(t, "AWS::ApiGateway::RestApi"), s.only(t, "AWS::ApiGateway::Stage")
		want(t, api, map[string]any{"Types": []any{"REGIONAL"}}, "requests would take a detour", "EndpointConfiguration")
		want(t, stage, true, "slow requests could not be explained", "TracingEnabled")
		want(t, stage, nil, "one customer's answer could be served to another", "CacheClusterEnabled")
		want(t, api, "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", "TLS 1.0 would be accepted", "SecurityPolicy")
		want(t, api, "STRICT", "a request could name another host than its handshake", "EndpointAccessMode")
		compareSettings(t, s, stage)
		// Without the ":*" that the group's own attribute ends in.
		log := "arn:aws:logs:" + s.config.Region + ":" + s.account() + ":log-group:${Api.ShopAccessLog}"
		if got := stage.text(t, "AccessLogSetting", "DestinationArn"); got != log {
			t.Errorf("%s logs to %s", stage, got)
		}
		// API Gateway would make the group itself and keep it for ever.
		execution := s.resource(t, "Api", "ShopExecutionLog")
		if got := execution.text(t, "LogGroupName"); got != "API-Gateway-Execution-Logs_${Api.ShopRest}/v1" {
			t.Errorf("%s is called %s: API Gateway would not find it", execution, got)
		}
	})
}

// compareSettings demands that each method, preflights included, has a throttle of its own, so that none can eat what another
// needs.
func compareSettings(t *testing.T, s stageOf, stage found) {
	t.Helper()
	expected := map[string]any{}
	setting := func(method, path string, limit config.Throttle) {
		expected[method+" "+path] = map[string]any{
			"ResourcePath": path, "HttpMethod": method, "LoggingLevel": "ERROR", "DataTraceEnabled": false, "MetricsEnabled": true,
			"CachingEnabled": false, "ThrottlingRateLimit": float64(limit.Rate), "ThrottlingBurstLimit": float64(limit.Burst),
		}
	}
	customers := config.Throttle{Rate: s.config.API.RateLimit, Burst: s.config.API.BurstLimit}
	setting("*", "/*", customers)
	for _, r := range routes {
		limit := map[string]config.Throttle{"AWS_IAM": s.config.API.Guests, "NONE": s.config.API.Preflights, "COGNITO_USER_POOLS": customers}
		setting(r.method, "/"+strings.ReplaceAll(r.path, "/", "~1"), limit[r.authorization])
	}
	got := map[string]any{}
	for i, setting := range stage.get("MethodSettings").([]any) {
		got[stage.text(t, "MethodSettings", i, "HttpMethod")+" "+stage.text(t, "MethodSettings", i, "ResourcePath")] = setting
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("%s: settings of methods (-want +got): a flood of one would use up what another needs, or tokens would stand in the log\n%s", stage, diff)
	}
}

func TestTheAccessLogIsJSONWithoutTokensOrNames(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		format := s.only(t, "AWS::ApiGateway::Stage").text(t, "AccessLogSetting", "Format")
		var line map[string]string
		if err := json.Unmarshal([]byte(format), &line); err != nil {
			t.Fatalf("the access log is not JSON: %v", err)
		}
		allowed := []string{
			"$context.authorizer.claims.client_id", "$context.authorizer.claims.sub", "$context.authorizer.status", "$context.error.responseType",
			"$context.httpMethod", "$context.identity.cognitoIdentityId", "$context.identity.sourceIp", "$context.identity.userAgent",
			"$context.integration.status", "$context.requestId", "$context.requestTime", "$context.resourcePath", "$context.responseLatency",
			"$context.responseLength", "$context.status", "$context.xrayTraceId",
		}
		var got []string
		for _, variable := range line {
			got = append(got, variable)
		}
		compare(t, got, allowed, "a field that nobody judged could hold a token or a name")
	})
}

func TestTheAccountsLoggingRoleIsMadeOnlyByItsOwner(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		if !s.config.API.OwnsAccountLogging {
			s.none(t, "AWS::ApiGateway::Account", "it would take the setting from the stack that owns it")
			return
		}
		account := s.only(t, "AWS::ApiGateway::Account")
		if got := account.text(t, "CloudWatchRoleArn"); got != "${Api.ShopLoggingRole.Arn}" {
			t.Errorf("%s sets %s", account, got)
		}
		compare(t, s.resource(t, "Api", "ShopLoggingRole").trust(t), []string{"Allow sts:AssumeRole to Service apigateway.amazonaws.com"}, "others could write logs")
		for _, r := range []found{account, s.resource(t, "Api", "ShopLoggingRole")} {
			if r.DeletionPolicy != "Retain" {
				t.Errorf("%s goes with its stack, and with it the logging of every other API of the account", r)
			}
		}
		stage := s.only(t, "AWS::ApiGateway::Stage")
		if !strings.Contains(strings.Join(stage.DependsOn, " "), account.id) {
			t.Errorf("%s does not wait for %s: the first deploy would fail", stage, account)
		}
	})
}

func TestOnlyTheAPIThePoolAndTheScheduleMayInvokeTheirFunctions(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var got, expected []string
		for _, trigger := range []string{"Tokens", "Registration"} {
			expected = append(expected, "lambda:InvokeFunction of ${UserPool."+trigger+"Function.Arn} to cognito-idp.amazonaws.com from ${UserPool.UsersPool.Arn}")
		}
		expected = append(expected, "lambda:InvokeFunction of ${UserPool.UnconfirmedFunction.Arn} to events.amazonaws.com from ${UserPool.UnconfirmedScheduleRule.Arn}")
		for _, permission := range s.all(t, "AWS::Lambda::Permission") {
			got = append(got, permission.text(t, "Action")+" of "+permission.text(t, "FunctionName")+" to "+permission.text(t, "Principal")+" from "+permission.text(t, "SourceArn"))
		}
		for _, r := range routes {
			if r.handler != "" {
				expected = append(expected, "lambda:InvokeFunction of "+r.handler+" to apigateway.amazonaws.com from arn:aws:execute-api:"+
					s.config.Region+":"+s.account()+":${Api.ShopRest}/${Api.ShopRestDeploymentStagev1}/"+r.method+r.path)
			}
		}
		compare(t, got, expected, "somebody else could call a handler, with claims of their own making")
	})
}
