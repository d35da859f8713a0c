package apigateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/localtest/must"
)

// at changes the method of a route of two words, such as "GET /orders".
func at(s *deployed.Stage, route string, change func(*deployed.Method)) {
	for i := range s.API.Methods {
		if m := &s.API.Methods[i]; m.HTTPMethod+" "+m.Path == route {
			change(m)
			return
		}
	}
	panic("no method " + route)
}

// only changes the single value of a map.
func only[V any](all map[string]V, change func(*V)) {
	for key, value := range all {
		change(&value)
		all[key] = value
		return
	}
	panic("empty")
}

// one is a map by content type.
func one(value string) map[string]string { return map[string]string{"application/json": value} }

func TestWhatIsNotUnderstoodStopsTheStartWithItsName(t *testing.T) {
	model := func(schema string) func(*deployed.Stage) {
		return func(s *deployed.Stage) {
			only(s.API.Models, func(m *deployed.Model) { m.Schema = json.RawMessage(schema) })
		}
	}
	get := func(change func(*deployed.Method)) func(*deployed.Stage) {
		return func(s *deployed.Stage) { at(s, "GET /orders", change) }
	}
	mock := func(change func(*deployed.Method)) func(*deployed.Stage) {
		return func(s *deployed.Stage) { at(s, "OPTIONS /orders", change) }
	}
	header := func(name, value string) func(*deployed.Stage) {
		return mock(func(m *deployed.Method) { m.Integration.IntegrationResponses[0].ResponseParameters[name] = value })
	}
	template := func(text string) func(*deployed.Stage) {
		return mock(func(m *deployed.Method) { m.Integration.RequestTemplates["application/json"] = text })
	}
	response := func(change func(*deployed.GatewayResponse)) func(*deployed.Stage) {
		return func(s *deployed.Stage) {
			r := s.API.GatewayResponses["UNAUTHORIZED"]
			change(&r)
			s.API.GatewayResponses["UNAUTHORIZED"] = r
		}
	}
	body := func(text string) func(*deployed.Stage) {
		return response(func(r *deployed.GatewayResponse) {
			for mediaType := range r.ResponseTemplates {
				r.ResponseTemplates[mediaType] = text
			}
		})
	}
	parameter := func(name, value string) func(*deployed.Stage) {
		return response(func(r *deployed.GatewayResponse) { r.ResponseParameters[name] = value })
	}
	authorizer := func(change func(*deployed.Authorizer)) func(*deployed.Stage) {
		return func(s *deployed.Stage) { only(s.API.Authorizers, change) }
	}
	const (
		vary    = "method.response.header.Vary"
		onGet   = "method GET /orders: "
		onMock  = "method OPTIONS /orders: "
		ofReply = "gateway response UNAUTHORIZED: "
	)
	log := func(format string) func(*deployed.Stage) {
		return func(s *deployed.Stage) { s.API.AccessLogFormat = format }
	}
	for name, test := range map[string]struct {
		change func(*deployed.Stage)
		want   string
	}{
		"no method": {func(s *deployed.Stage) { s.API.Methods = nil }, "no method"},
		"a method twice": {func(s *deployed.Stage) { s.API.Methods = append(s.API.Methods, s.API.Methods[0]) },
			"there twice"},
		"no throttle": {func(s *deployed.Stage) { s.API.Throttling.Rate = 0 }, "throttling"},
		"no burst":    {func(s *deployed.Stage) { s.API.Throttling.Burst = 0 }, "throttling"},
		"any verb":    {get(func(m *deployed.Method) { m.HTTPMethod = "ANY" }), `HttpMethod "ANY"`},
		"path parameter": {get(func(m *deployed.Method) { m.Path = "/orders/{id}" }),
			"method GET /orders/{id}: path parameters"},
		"API key": {get(func(m *deployed.Method) { m.ApiKeyRequired = true }), onGet + "ApiKeyRequired"},
		"custom authorizer": {get(func(m *deployed.Method) { m.AuthorizationType = "CUSTOM" }),
			onGet + `AuthorizationType "CUSTOM"`},
		"no authorization":   {get(func(m *deployed.Method) { m.AuthorizationType = "" }), onGet + `AuthorizationType ""`},
		"no authorizer":      {get(func(m *deployed.Method) { m.AuthorizerID = "" }), onGet + `AuthorizerId ""`},
		"unknown authorizer": {get(func(m *deployed.Method) { m.AuthorizerID = "abc" }), onGet + `AuthorizerId "abc"`},
		"integration type": {get(func(m *deployed.Method) { m.Integration.Type = "HTTP" }),
			onGet + `Integration.Type "HTTP"`},
		"GET of the function": {get(func(m *deployed.Method) { m.Integration.IntegrationHttpMethod = "GET" }),
			onGet + `IntegrationHttpMethod "GET"`},
		"unknown function": {get(func(m *deployed.Method) { m.Integration.FunctionARN = "arn:x" }),
			onGet + `function "arn:x"`},
		"time-out too long": {get(func(m *deployed.Method) { m.Integration.TimeoutInMillis = 29001 }),
			onGet + "TimeoutInMillis 29001"},
		"time-out too short": {get(func(m *deployed.Method) { m.Integration.TimeoutInMillis = 49 }),
			onGet + "TimeoutInMillis 49"},
		"template of a proxy": {get(func(m *deployed.Method) { m.Integration.RequestTemplates = one("{}") }),
			onGet + "request templates"},
		"path in parameters": {get(func(m *deployed.Method) { m.RequestParameters["method.request.path.id"] = true }),
			onGet + "request parameter"},
		"unknown validator": {get(func(m *deployed.Method) { m.RequestValidatorID = "abc" }),
			onGet + `RequestValidatorId "abc"`},
		"unknown model": {get(func(m *deployed.Method) { m.RequestModels = one("abc") }),
			onGet + `request model "abc"`},
		"model of all types": {get(func(m *deployed.Method) { m.RequestModels = map[string]string{"$default": "abc"} }),
			onGet + `a request model of "$default"`},
		"mock with logic": {template(`#if(true){"statusCode": 200}#end`), onMock + "request templates"},
		"mock of another type": {mock(func(m *deployed.Method) { m.Integration.RequestTemplates["text/plain"] = "{}" }),
			onMock + "request templates"},
		"mock without one": {mock(func(m *deployed.Method) { m.Integration.RequestTemplates = nil }),
			onMock + "request templates"},
		"mock that passes": {mock(func(m *deployed.Method) { m.Integration.PassthroughBehavior = "WHEN_NO_MATCH" }),
			onMock + "PassthroughBehavior"},
		"mock of no answer": {mock(func(m *deployed.Method) { m.Integration.IntegrationResponses = nil }),
			onMock + "0 integration responses"},
		"mock of no status": {mock(func(m *deployed.Method) { m.Integration.IntegrationResponses[0].StatusCode = "no" }),
			onMock + `status "no"`},
		"mock of two statuses": {mock(func(m *deployed.Method) { m.MethodResponses[0].StatusCode = "200" }),
			onMock + `status "204"`},
		"mapped header": {header(vary, "integration.response.header.Vary"), onMock + "response parameter " + vary},
		"undeclared header": {mock(func(m *deployed.Method) { delete(m.MethodResponses[0].ResponseParameters, vary) }),
			onMock + "response parameter " + vary},
		"header that is none": {header("method.response.body", "'x'"), `response parameter "method.response.body"`},
		"header with a line":  {header(vary, "'a\r\nb'"), onMock + "response parameter"},
		"authorizer's type":   {authorizer(func(a *deployed.Authorizer) { a.Type = "TOKEN" }), `Type "TOKEN"`},
		"authorizer's name": {authorizer(func(a *deployed.Authorizer) { a.Name, a.Type = "Special", "TOKEN" }),
			"authorizer Special: "},
		"identity in a query": {
			authorizer(func(a *deployed.Authorizer) { a.IdentitySource = "method.request.querystring.token" }),
			"IdentitySource"},
		"no identity source": {authorizer(func(a *deployed.Authorizer) { a.IdentitySource = "method.request.header." }),
			"IdentitySource"},
		"another pool": {authorizer(func(a *deployed.Authorizer) { a.ProviderARNs = []string{"arn:other"} }),
			"ProviderARNs"},
		"a second pool": {
			authorizer(func(a *deployed.Authorizer) { a.ProviderARNs = append(a.ProviderARNs, "arn:other") }), "ProviderARNs"},
		"no pool": {authorizer(func(a *deployed.Authorizer) { a.ProviderARNs = nil }), "ProviderARNs"},
		"TTL of a day": {authorizer(func(a *deployed.Authorizer) { a.AuthorizerResultTtlInSeconds = 86400 }),
			"AuthorizerResultTtlInSeconds 86400"},
		"schema draft":       {model(`{"$schema": "http://json-schema.org/draft-07/schema#"}`), "draft-07"},
		"inner schema draft": {model(`{"properties": {"a": {"items": {"$schema": "x"}}}}`), "$schema x"},
		"keyword of draft 6": {model(`{"properties": {"a": {"const": 1}}}`), `keyword "const"`},
		"reference":          {model(`{"additionalProperties": {"$ref": "https://example.com/model"}}`), `keyword "$ref"`},
		"items in a list":    {model(`{"items": [{"const": 1}]}`), "schema ["},
		"draft 2020 only":    {model(`{"required": []}`), "model "},
		"no schema":          {model(`"string"`), "schema string"},
		"broken schema":      {model(`{"type": 5}`), "model "},
		"model of XML": {
			func(s *deployed.Stage) { only(s.API.Models, func(m *deployed.Model) { m.ContentType = "a/b" }) },
			`ContentType "a/b"`},
		"unknown response": {func(s *deployed.Stage) { s.API.GatewayResponses["TEAPOT"] = deployed.GatewayResponse{} },
			"gateway response TEAPOT: the type"},
		"status that is none": {response(func(r *deployed.GatewayResponse) { r.StatusCode = "$status" }),
			ofReply + `StatusCode "$status"`},
		"status of success": {response(func(r *deployed.GatewayResponse) { r.StatusCode = "200" }),
			ofReply + `StatusCode "200"`},
		"mapped response": {parameter("gatewayresponse.header.X", "method.request.header.Origin"),
			ofReply + "response parameter gatewayresponse.header.X"},
		"one quote": {parameter("gatewayresponse.header.X", "'"),
			ofReply + "response parameter gatewayresponse.header.X"},
		"quote inside": {parameter("gatewayresponse.header.X", "'a'b'"),
			ofReply + "response parameter gatewayresponse.header.X"},
		"path of a response": {parameter("gatewayresponse.path.X", "'a'"),
			ofReply + `response parameter "gatewayresponse.path.X"`},
		"two templates": {response(func(r *deployed.GatewayResponse) { r.ResponseTemplates["text/plain"] = `"a"` }),
			ofReply + "response templates of different texts"},
		"unknown variable":   {body(`{"a":"$context.error.message"}`), ofReply + "variable $context.error.message"},
		"VTL":                {body(`{"a":"$util.escapeJavaScript(1)"}`), "a $ must begin"},
		"variable by itself": {body(`{"a":$context.requestId}`), "must be JSON"},
		"variable in the log": {log(`{"a":"$context.identity.apiKey"}`),
			"access log format: variable $context.identity.apiKey"},
		"all claims":        {log(`{"a":"$context.authorizer.claims"}`), "variable $context.authorizer.claims"},
		"claims of a claim": {log(`{"a":"$context.authorizer.claims.a.b"}`), "variable $context.authorizer.claims.a.b"},
		"CLF":               {log(`$context.requestId $context.status`), "access log format: "},
	} {
		t.Run(name, func(t *testing.T) {
			s := reviewed(t, nil)
			a := &api{stage: s}
			test.change(s)
			_, err := apigateway.New(a.options())
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "SecureCart-Dev") {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
		})
	}
}

func TestEverythingThatIsNotUnderstoodIsToldAtOnce(t *testing.T) {
	s := reviewed(t, nil)
	at(s, "GET /orders", func(m *deployed.Method) { m.AuthorizationType, m.Integration.Type = "CUSTOM", "HTTP" })
	s.API.AccessLogFormat = "$"
	s.API.GatewayResponses["TEAPOT"] = deployed.GatewayResponse{}
	only(s.API.Models, func(m *deployed.Model) { m.Schema = json.RawMessage(`{"oneOf": []}`) })
	_, err := apigateway.New((&api{stage: s}).options())
	for _, want := range []string{`"CUSTOM"`, `"HTTP"`, "access log format", "TEAPOT", "oneOf"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %s", err, want)
		}
	}
}

func TestEveryReviewedStageStarts(t *testing.T) {
	for _, id := range []string{"SecureCart-Dev", "SecureCart-Staging", "SecureCart-Prod"} {
		s := must.Get(deployed.Load(stagetest.Reviewed(t, id)))(t)
		serve(t, s)
	}
}
