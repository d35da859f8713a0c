package apigateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/stage"
	"github.com/securecart/identity/local/stage/stagetest"
)

// at changes the method of a route of two words, such as "GET /orders".
func at(s *stage.Stage, route string, change func(*stage.Method)) {
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

func TestWhatIsNotUnderstoodStopsTheStartWithItsName(t *testing.T) {
	model := func(schema string) func(*stage.Stage) {
		return func(s *stage.Stage) { only(s.API.Models, func(m *stage.Model) { m.Schema = json.RawMessage(schema) }) }
	}
	on := func(route string, change func(*stage.Method)) func(*stage.Stage) {
		return func(s *stage.Stage) { at(s, route, change) }
	}
	authorizer := func(change func(*stage.Authorizer)) func(*stage.Stage) {
		return func(s *stage.Stage) { only(s.API.Authorizers, change) }
	}
	response := func(change func(*stage.GatewayResponse)) func(*stage.Stage) {
		return func(s *stage.Stage) {
			r := s.API.GatewayResponses["UNAUTHORIZED"]
			change(&r)
			s.API.GatewayResponses["UNAUTHORIZED"] = r
		}
	}
	const (
		get       = "method GET /orders: "
		preflight = "method OPTIONS /orders: "
		refused   = "gateway response UNAUTHORIZED: "
	)
	for name, test := range map[string]struct {
		change func(*stage.Stage)
		want   string
	}{
		"no method":           {func(s *stage.Stage) { s.API.Methods = nil }, "no method"},
		"a method twice":      {func(s *stage.Stage) { s.API.Methods = append(s.API.Methods, s.API.Methods[0]) }, "there twice"},
		"no throttle":         {func(s *stage.Stage) { s.API.Throttling.Rate = 0 }, "throttling"},
		"no burst":            {func(s *stage.Stage) { s.API.Throttling.Burst = 0 }, "throttling"},
		"any verb":            {on("GET /orders", func(m *stage.Method) { m.HTTPMethod = "ANY" }), `HttpMethod "ANY"`},
		"path parameter":      {on("GET /orders", func(m *stage.Method) { m.Path = "/orders/{id}" }), "method GET /orders/{id}: path parameters"},
		"API key":             {on("GET /orders", func(m *stage.Method) { m.ApiKeyRequired = true }), get + "ApiKeyRequired"},
		"custom authorizer":   {on("GET /orders", func(m *stage.Method) { m.AuthorizationType = "CUSTOM" }), get + `AuthorizationType "CUSTOM"`},
		"no authorization":    {on("GET /orders", func(m *stage.Method) { m.AuthorizationType = "" }), get + `AuthorizationType ""`},
		"no authorizer":       {on("GET /orders", func(m *stage.Method) { m.AuthorizerID = "" }), get + `AuthorizerId ""`},
		"unknown authorizer":  {on("GET /orders", func(m *stage.Method) { m.AuthorizerID = "abc" }), get + `AuthorizerId "abc"`},
		"integration type":    {on("GET /orders", func(m *stage.Method) { m.Integration.Type = "HTTP" }), get + `Integration.Type "HTTP"`},
		"GET of the function": {on("GET /orders", func(m *stage.Method) { m.Integration.IntegrationHttpMethod = "GET" }), get + `IntegrationHttpMethod "GET"`},
		"unknown function":    {on("GET /orders", func(m *stage.Method) { m.Integration.FunctionARN = "arn:x" }), get + `function "arn:x"`},
		"time-out too long":   {on("GET /orders", func(m *stage.Method) { m.Integration.TimeoutInMillis = 29001 }), get + "TimeoutInMillis 29001"},
		"time-out too short":  {on("GET /orders", func(m *stage.Method) { m.Integration.TimeoutInMillis = 49 }), get + "TimeoutInMillis 49"},
		"template of a proxy": {on("GET /orders", func(m *stage.Method) { m.Integration.RequestTemplates = map[string]string{"a/b": "{}"} }), get + "request templates"},
		"path in parameters":  {on("GET /orders", func(m *stage.Method) { m.RequestParameters["method.request.path.id"] = true }), get + `request parameter "method.request.path.id"`},
		"unknown validator":   {on("GET /orders", func(m *stage.Method) { m.RequestValidatorID = "abc" }), get + `RequestValidatorId "abc"`},
		"unknown model":       {on("GET /orders", func(m *stage.Method) { m.RequestModels = map[string]string{"application/json": "abc"} }), get + `request model "abc"`},
		"mock with logic": {on("OPTIONS /orders", func(m *stage.Method) {
			m.Integration.RequestTemplates["application/json"] = `#if(true){"statusCode": 200}#end`
		}), preflight + "request templates"},
		"mock of another type": {on("OPTIONS /orders", func(m *stage.Method) { m.Integration.RequestTemplates["text/plain"] = `{"statusCode": 200}` }), preflight + "request templates"},
		"mock without one":     {on("OPTIONS /orders", func(m *stage.Method) { m.Integration.RequestTemplates = nil }), preflight + "request templates"},
		"mock that passes":     {on("OPTIONS /orders", func(m *stage.Method) { m.Integration.PassthroughBehavior = "WHEN_NO_MATCH" }), preflight + `PassthroughBehavior "WHEN_NO_MATCH"`},
		"mock of no answer":    {on("OPTIONS /orders", func(m *stage.Method) { m.Integration.IntegrationResponses = nil }), preflight + "0 integration responses"},
		"mock of no status":    {on("OPTIONS /orders", func(m *stage.Method) { m.Integration.IntegrationResponses[0].StatusCode = "no" }), preflight + `status "no"`},
		"mock of two statuses": {on("OPTIONS /orders", func(m *stage.Method) { m.MethodResponses[0].StatusCode = "200" }), preflight + `status "204"`},
		"mapped header": {on("OPTIONS /orders", func(m *stage.Method) {
			m.Integration.IntegrationResponses[0].ResponseParameters["method.response.header.Vary"] = "integration.response.header.Vary"
		}), preflight + "response parameter method.response.header.Vary"},
		"undeclared header": {on("OPTIONS /orders", func(m *stage.Method) { delete(m.MethodResponses[0].ResponseParameters, "method.response.header.Vary") }), preflight + "response parameter method.response.header.Vary is not among"},
		"header that is none": {on("OPTIONS /orders", func(m *stage.Method) {
			p := m.Integration.IntegrationResponses[0].ResponseParameters
			p["method.response.body"] = "'x'"
		}), `response parameter "method.response.body"`},
		"header with a line": {on("OPTIONS /orders", func(m *stage.Method) {
			m.Integration.IntegrationResponses[0].ResponseParameters["method.response.header.Vary"] = "'a\r\nb'"
		}), preflight + "response parameter"},
		"authorizer's type":   {authorizer(func(a *stage.Authorizer) { a.Type = "TOKEN" }), `Type "TOKEN"`},
		"authorizer's name":   {authorizer(func(a *stage.Authorizer) { a.Name, a.Type = "Special", "TOKEN" }), "authorizer Special: "},
		"identity in a query": {authorizer(func(a *stage.Authorizer) { a.IdentitySource = "method.request.querystring.token" }), "IdentitySource"},
		"no identity source":  {authorizer(func(a *stage.Authorizer) { a.IdentitySource = "method.request.header." }), "IdentitySource"},
		"another pool":        {authorizer(func(a *stage.Authorizer) { a.ProviderARNs = []string{"arn:other"} }), "ProviderARNs"},
		"a second pool":       {authorizer(func(a *stage.Authorizer) { a.ProviderARNs = append(a.ProviderARNs, "arn:other") }), "ProviderARNs"},
		"no pool":             {authorizer(func(a *stage.Authorizer) { a.ProviderARNs = nil }), "ProviderARNs"},
		"TTL of a day":        {authorizer(func(a *stage.Authorizer) { a.AuthorizerResultTtlInSeconds = 86400 }), "AuthorizerResultTtlInSeconds 86400"},
		"schema draft":        {model(`{"$schema": "http://json-schema.org/draft-07/schema#"}`), "draft-07"},
		"inner schema draft":  {model(`{"properties": {"a": {"items": {"$schema": "x"}}}}`), "$schema x"},
		"keyword of draft 6":  {model(`{"properties": {"a": {"const": 1}}}`), `keyword "const"`},
		"reference":           {model(`{"additionalProperties": {"$ref": "https://example.com/model"}}`), `keyword "$ref"`},
		"items in a list":     {model(`{"items": [{"const": 1}]}`), "schema ["},
		"draft 2020 only":     {model(`{"required": []}`), "model "},
		"no schema":           {model(`"string"`), "schema string"},
		"broken schema":       {model(`{"type": 5}`), "model "},
		"model of XML":        {func(s *stage.Stage) { only(s.API.Models, func(m *stage.Model) { m.ContentType = "application/xml" }) }, `ContentType "application/xml"`},
		"unknown response":    {func(s *stage.Stage) { s.API.GatewayResponses["TEAPOT"] = stage.GatewayResponse{} }, "gateway response TEAPOT: the type"},
		"status that is none": {response(func(r *stage.GatewayResponse) { r.StatusCode = "$status" }), refused + `StatusCode "$status"`},
		"status of success":   {response(func(r *stage.GatewayResponse) { r.StatusCode = "200" }), refused + `StatusCode "200"`},
		"mapped response": {response(func(r *stage.GatewayResponse) {
			r.ResponseParameters["gatewayresponse.header.X"] = "method.request.header.Origin"
		}), refused + "response parameter gatewayresponse.header.X"},
		"one quote":          {response(func(r *stage.GatewayResponse) { r.ResponseParameters["gatewayresponse.header.X"] = "'" }), refused + "response parameter gatewayresponse.header.X"},
		"quote inside":       {response(func(r *stage.GatewayResponse) { r.ResponseParameters["gatewayresponse.header.X"] = "'a'b'" }), refused + "response parameter gatewayresponse.header.X"},
		"path of a response": {response(func(r *stage.GatewayResponse) { r.ResponseParameters["gatewayresponse.path.X"] = "'a'" }), refused + `response parameter "gatewayresponse.path.X"`},
		"two templates":      {response(func(r *stage.GatewayResponse) { r.ResponseTemplates["text/plain"] = `"a"` }), refused + "more than one"},
		"unknown variable": {response(func(r *stage.GatewayResponse) {
			r.ResponseTemplates["application/problem+json"] = `{"a":"$context.error.message"}`
		}), refused + "variable $context.error.message"},
		"VTL": {response(func(r *stage.GatewayResponse) {
			r.ResponseTemplates["application/problem+json"] = `{"a":"$util.escapeJavaScript(1)"}`
		}), "a $ must begin"},
		"variable by itself": {response(func(r *stage.GatewayResponse) {
			r.ResponseTemplates["application/problem+json"] = `{"a":$context.requestId}`
		}), "must be JSON"},
		"variable in the log": {func(s *stage.Stage) { s.API.AccessLogFormat = `{"a":"$context.identity.apiKey"}` }, "access log format: variable $context.identity.apiKey"},
		"all claims":          {func(s *stage.Stage) { s.API.AccessLogFormat = `{"a":"$context.authorizer.claims"}` }, "variable $context.authorizer.claims"},
		"claims of a claim":   {func(s *stage.Stage) { s.API.AccessLogFormat = `{"a":"$context.authorizer.claims.a.b"}` }, "variable $context.authorizer.claims.a.b"},
		"CLF":                 {func(s *stage.Stage) { s.API.AccessLogFormat = `$context.requestId $context.status` }, "access log format: "},
	} {
		t.Run(name, func(t *testing.T) {
			s := deployed(t, nil)
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
	s := deployed(t, nil)
	at(s, "GET /orders", func(m *stage.Method) { m.AuthorizationType, m.Integration.Type = "CUSTOM", "HTTP" })
	s.API.AccessLogFormat = "$"
	s.API.GatewayResponses["TEAPOT"] = stage.GatewayResponse{}
	only(s.API.Models, func(m *stage.Model) { m.Schema = json.RawMessage(`{"oneOf": []}`) })
	_, err := apigateway.New((&api{stage: s}).options())
	for _, want := range []string{`"CUSTOM"`, `"HTTP"`, "access log format", "TEAPOT", "oneOf"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %s", err, want)
		}
	}
}

func TestEveryReviewedStageStarts(t *testing.T) {
	for _, id := range []string{"SecureCart-Dev", "SecureCart-Staging", "SecureCart-Prod"} {
		s, err := stage.Load(stagetest.Reviewed(t, id))
		if err != nil {
			t.Fatal(err)
		}
		serve(t, s)
	}
}

func TestOptionsThatAreRequiredMustBeGiven(t *testing.T) {
	for name, without := range map[string]func(*apigateway.Options){
		"Stage":       func(o *apigateway.Options) { o.Stage = nil },
		"Keys":        func(o *apigateway.Options) { o.Keys = nil },
		"Issuer":      func(o *apigateway.Options) { o.Issuer = "" },
		"Invoke":      func(o *apigateway.Options) { o.Invoke = nil },
		"Credentials": func(o *apigateway.Options) { o.Credentials = nil },
	} {
		options := (&api{stage: deployed(t, nil)}).options()
		without(&options)
		if _, err := apigateway.New(options); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error %v", name, err)
		}
	}
}

func TestClockAndLogMayBeLeftOut(t *testing.T) {
	a := &api{stage: deployed(t, nil)}
	options := a.options()
	options.Now, options.Log = nil, nil
	options.Keys = func() jose.JSONWebKeySet { return jose.JSONWebKeySet{} }
	var err error
	if a.Gateway, err = apigateway.New(options); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, a.stage, nil)), 401, "UnauthorizedException", "Unauthorized")
}
