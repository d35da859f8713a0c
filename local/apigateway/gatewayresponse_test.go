package apigateway_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
)

func TestGatewayResponsesFallBackToTheDefaultOfTheirClassAndThenToApiGatewaysOwn(t *testing.T) {
	with := func(status, template string) deployed.GatewayResponse {
		return deployed.GatewayResponse{
			StatusCode: status, ResponseParameters: map[string]string{"gatewayresponse.header.X-Of": "'" + template + "'"},
			ResponseTemplates: map[string]string{"text/plain": `"` + template + ` $context.status"`},
		}
	}
	type answer struct {
		Status                int
		ContentType, Of, Body string
	}
	own := func(status int, message string) answer {
		return answer{status, "application/json", "", `{"message":"` + message + `"}`}
	}
	type responses = map[string]deployed.GatewayResponse
	for name, test := range map[string]struct {
		responses responses
		unrouted  answer // MISSING_AUTHENTICATION_TOKEN
		failing   answer // DEFAULT_5XX, 502
	}{
		"none": {nil, own(403, "Missing Authentication Token"), own(502, "Internal server error")},
		"of the type": {responses{"MISSING_AUTHENTICATION_TOKEN": with("404", "type"), "DEFAULT_4XX": with("", "default")},
			answer{404, "text/plain", "type", `"type 404"`}, own(502, "Internal server error")},
		"defaults": {responses{"DEFAULT_4XX": with("", "default 4"), "DEFAULT_5XX": with("", "default 5")},
			answer{403, "text/plain", "default 4", `"default 4 403"`},
			answer{502, "text/plain", "default 5", `"default 5 502"`}},
		"defaults with a status": {
			responses{"DEFAULT_4XX": with("400", "default 4"), "DEFAULT_5XX": with("503", "default 5")},
			answer{400, "text/plain", "default 4", `"default 4 400"`},
			answer{503, "text/plain", "default 5", `"default 5 503"`}},
		"of other types": {
			responses{
				"UNAUTHORIZED": with("401", "u"), "INTEGRATION_FAILURE": with("504", "i"),
				"API_CONFIGURATION_ERROR": with("500", "c"),
			},
			own(403, "Missing Authentication Token"), own(502, "Internal server error"),
		},
		"headers only": {
			responses{"DEFAULT_4XX": {ResponseParameters: map[string]string{"gatewayresponse.header.X-Of": "'d'"}}},
			answer{403, "application/json", "d", `{"message":"Missing Authentication Token"}`},
			own(502, "Internal server error")},
	} {
		t.Run(name, func(t *testing.T) {
			s := reviewed(t, nil)
			s.API.GatewayResponses = test.responses
			a := serve(t, s)
			got := func(r *http.Response) answer {
				return answer{r.StatusCode, r.Header.Get("Content-Type"), r.Header.Get("X-Of"), text(t, r)}
			}
			if diff := cmp.Diff(test.unrouted, got(a.call(t, "GET", "/v1/nothing", ""))); diff != "" {
				t.Errorf("unknown route (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.failing, got(a.answering(t, token(t, s, nil), "garbage"))); diff != "" {
				t.Errorf("failing function (-want +got)\n%s", diff)
			}
		})
	}
}

func TestARouteWithoutPermissionIsAConfigurationError(t *testing.T) {
	s := reviewed(t, nil)
	for i := range s.API.Methods {
		if s.API.Methods[i].HTTPMethod != "GET" {
			continue
		}
		// API Gateway may invoke it for another verb only.
		for j := range s.Permissions {
			if s.Permissions[j].FunctionName == s.API.Methods[i].Integration.FunctionARN {
				s.Permissions[j].SourceArn += "x"
			}
		}
	}
	a := serve(t, s)
	wantRefused(t, a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, nil)), 500,
		"InternalServerErrorException", "Internal error")
	if len(a.events) != 0 {
		t.Error("the function was invoked")
	}
}

func TestPermissionsMustNameFunctionCallerAndRoute(t *testing.T) {
	s := reviewed(t, nil)
	route := "arn:aws:execute-api:eu-central-1:111122223333:" + s.API.ID + "/v1/GET/orders"
	function := ""
	for _, m := range s.API.Methods {
		if m.HTTPMethod == "GET" && m.Path == "/orders" {
			function = m.Integration.FunctionARN
		}
	}
	right := deployed.Permission{
		Action: "lambda:InvokeFunction", FunctionName: function, Principal: "apigateway.amazonaws.com", SourceArn: route,
	}
	for name, test := range map[string]struct {
		change func(*deployed.Permission)
		want   int
	}{
		"exactly":          {func(*deployed.Permission) {}, 200},
		"function by name": {func(p *deployed.Permission) { p.FunctionName = s.Functions[function].Name }, 200},
		"without source":   {func(p *deployed.Permission) { p.SourceArn = "" }, 200},
		"right account":    {func(p *deployed.Permission) { p.SourceAccount = "111122223333" }, 200},
		"any verb and path": {
			func(p *deployed.Permission) { p.SourceArn = "arn:aws:execute-api:*:111122223333:" + s.API.ID + "/*/*" }, 200},
		"any character":         {func(p *deployed.Permission) { p.SourceArn = route[:len(route)-1] + "?" }, 200},
		"two characters":        {func(p *deployed.Permission) { p.SourceArn = route + "?" }, 500},
		"wildcard across parts": {func(p *deployed.Permission) { p.SourceArn = "arn:aws:execute-api:*" }, 500},
		"dot is no wildcard":    {func(p *deployed.Permission) { p.SourceArn = route[:len(route)-1] + "." }, 500},
		"another verb": {
			func(p *deployed.Permission) { p.SourceArn = route[:len(route)-len("GET/orders")] + "POST/orders" }, 500},
		"another stage": {func(p *deployed.Permission) {
			p.SourceArn = "arn:aws:execute-api:eu-central-1:111122223333:" + s.API.ID + "/v2/GET/orders"
		}, 500},
		"another account":   {func(p *deployed.Permission) { p.SourceAccount = "444455556666" }, 500},
		"another action":    {func(p *deployed.Permission) { p.Action = "lambda:InvokeFunctionUrl" }, 500},
		"another principal": {func(p *deployed.Permission) { p.Principal = "events.amazonaws.com" }, 500},
		"another function":  {func(p *deployed.Permission) { p.FunctionName += "x" }, 500},
		"no function":       {func(p *deployed.Permission) { p.FunctionName = "" }, 500},
	} {
		permission := right
		test.change(&permission)
		s.Permissions = []deployed.Permission{permission}
		if r := serve(t, s).call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, nil)); r.StatusCode != test.want {
			t.Errorf("%s: %d, want %d", name, r.StatusCode, test.want)
		}
	}
}
