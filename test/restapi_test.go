package test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// route is one method of the API as its template says.
type route struct {
	path, method, authorization, scopes, handler string
}

// routes is the closed world of the API: what is not here must not exist.
var routes = []route{
	{"/orders", "GET", "COGNITO_USER_POOLS", "securecart/orders.read", "${Api.OrdersFunction.Arn}"},
	{"/orders", "OPTIONS", "NONE", "", ""},
	{"/products", "GET", "AWS_IAM", "", "${Api.CatalogFunction.Arn}"},
	{"/products", "OPTIONS", "NONE", "", ""},
}

// read decodes a method into a route.
func (f found) route(t *testing.T) route {
	t.Helper()
	resource := f.get("ResourceId", "Ref").(string)
	r := route{
		path:          "/" + f.stack.Template.Resources[resource].Properties["PathPart"].(string),
		method:        f.text(t, "HttpMethod"),
		authorization: f.text(t, "AuthorizationType"),
	}
	if f.get("AuthorizationScopes") != nil {
		r.scopes = strings.Join(f.strings(t, "AuthorizationScopes"), " ")
	}
	if f.get("Integration", "Type") == "AWS_PROXY" {
		uri := f.text(t, "Integration", "Uri")
		uri = strings.TrimPrefix(uri, "arn:aws:apigateway:"+f.stage.config.Region+":lambda:path/2015-03-31/functions/")
		r.handler = strings.TrimSuffix(uri, "/invocations")
	}
	return r
}

func TestTheAPIHasExactlyTheListedRoutes(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var got []route
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			got = append(got, method.route(t))
		}
		sortRoutes := cmp.Transformer("sort", func(in []route) map[route]int {
			counted := map[route]int{}
			for _, r := range in {
				counted[r]++
			}
			return counted
		})
		if diff := cmp.Diff(routes, got, sortRoutes, cmp.AllowUnexported(route{})); diff != "" {
			t.Errorf("%s: routes (-want +got): a route that nobody listed may be open, a listed one is gone\n%s", s.ID, diff)
		}
	})
}

// TestEveryMethodAuthenticates is what "nothing reachable without authentication" means, whatever routes there are.
func TestEveryMethodAuthenticates(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		authorizer := s.only(t, "AWS::ApiGateway::Authorizer")
		want(t, authorizer, "COGNITO_USER_POOLS", "tokens would be checked by code of ours", "Type")
		want(t, authorizer, "method.request.header.Authorization", "tokens would be looked for elsewhere", "IdentitySource")
		want(t, authorizer, 300.0, "how long a revoked token may still work would be a default", "AuthorizerResultTtlInSeconds")
		compare(t, authorizer.strings(t, "ProviderARNs"), []string{"${UserPool.UsersPool.Arn}"}, "tokens of another pool would be accepted")
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			r := method.route(t)
			want(t, method, false, "an API key is no authentication", "ApiKeyRequired")
			switch r.authorization {
			case "COGNITO_USER_POOLS":
				want(t, method, map[string]any{"Ref": authorizer.id}, "another authorizer would decide", "AuthorizerId")
				if strings.Count(r.scopes, " ") > 0 || !strings.HasPrefix(r.scopes, "securecart/") {
					t.Errorf("%s: scopes %q: without exactly one scope of ours, ID tokens or any access token would open it", method, r.scopes)
				}
			case "AWS_IAM":
				want(t, method, nil, "IAM methods have no authorizer", "AuthorizerId")
			default:
				if r.method != "OPTIONS" || method.get("Integration", "Type") != "MOCK" {
					t.Errorf("%s: %s %s is open to everybody", method, r.method, r.path)
				}
			}
			if r.method == "ANY" || strings.Contains(r.path, "{") {
				t.Errorf("%s: %s %s hides methods that nobody listed", method, r.method, r.path)
			}
			want(t, method, "NEVER", "a body of another type would pass unvalidated", "Integration", "PassthroughBehavior")
		}
	})
}

func TestEveryRequestIsValidated(t *testing.T) {
	query := map[string]map[string]any{
		"/orders":   {"method.request.querystring.limit": false, "method.request.querystring.cursor": false},
		"/products": {"method.request.querystring.limit": false, "method.request.querystring.cursor": false, "method.request.querystring.category": false},
	}
	eachStage(t, func(t *testing.T, s stageOf) {
		validator := s.only(t, "AWS::ApiGateway::RequestValidator")
		want(t, validator, true, "bodies would reach the handlers unvalidated", "ValidateRequestBody")
		want(t, validator, true, "parameters would reach the handlers unvalidated", "ValidateRequestParameters")
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			r := method.route(t)
			if r.method == "OPTIONS" {
				continue
			}
			want(t, method, map[string]any{"Ref": validator.id}, "nothing would be validated", "RequestValidatorId")
			want(t, method, query[r.path], "the route would document other parameters than it takes", "RequestParameters")
		}
	})
}

func TestBrowsersMayCallFromTheWebOriginOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		origin, preflights := "'"+s.config.Web.Origin+"'", 0
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			if method.route(t).method != "OPTIONS" {
				continue
			}
			preflights++
			headers := []any{"Integration", "IntegrationResponses", 0, "ResponseParameters"}
			want(t, method, origin, "pages of others could call the API in a customer's name", append(headers, "method.response.header.Access-Control-Allow-Origin")...)
			want(t, method, nil, "cookies would be sent along", append(headers, "method.response.header.Access-Control-Allow-Credentials")...)
			want(t, method, "'Origin'", "a cache could answer another origin", append(headers, "method.response.header.Vary")...)
		}
		if preflights != len(s.all(t, "AWS::ApiGateway::Resource")) {
			t.Errorf("%s: %d preflights for %d paths: browsers could not call the others", s.ID, preflights, len(s.all(t, "AWS::ApiGateway::Resource")))
		}
		for _, response := range s.all(t, "AWS::ApiGateway::GatewayResponse") {
			want(t, response, origin, "the front end would see a network error", "ResponseParameters", "gatewayresponse.header.Access-Control-Allow-Origin")
		}
		for _, function := range s.all(t, "AWS::Lambda::Function") {
			want(t, function, s.config.Web.Origin, "answers could not be read by the front end", "Environment", "Variables", "WEB_ORIGIN")
		}
	})
}

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
			if !ok || len(templates) != 1 {
				t.Fatalf("%s answers other than application/problem+json: %v", response, templates)
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
		want(t, stage, []any{map[string]any{
			"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "ERROR", "DataTraceEnabled": false, "MetricsEnabled": true, "CachingEnabled": false,
			"ThrottlingRateLimit": float64(s.config.API.RateLimit), "ThrottlingBurstLimit": float64(s.config.API.BurstLimit),
		}}, "a flood would cost what it likes, or tokens would stand in the log", "MethodSettings")
		if got := stage.text(t, "AccessLogSetting", "DestinationArn"); got != "${Api.ShopAccessLog.Arn}" {
			t.Errorf("%s logs to %s", stage, got)
		}
		// API Gateway would make the group itself and keep it for ever.
		execution := s.resource(t, "Api", "ShopExecutionLog")
		if got := execution.text(t, "LogGroupName"); got != "API-Gateway-Execution-Logs_${Api.ShopRest}/v1" {
			t.Errorf("%s is called %s: API Gateway would not find it", execution, got)
		}
	})
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

func TestOnlyTheAPIMayInvokeItsHandlers(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		var got, expected []string
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
