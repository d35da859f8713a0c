package apigateway_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// add adds a method to the API that is like GET /orders but for its verb and path, with the function's permission for
// it.
func add(s *deployed.Stage, verb, path string, change func(*deployed.Method)) {
	var made deployed.Method
	at(s, "GET /orders", func(m *deployed.Method) { made = *m })
	made.HTTPMethod, made.Path = verb, path
	made.RequestModels, made.RequestParameters, made.RequestValidatorID = nil, nil, ""
	if change != nil {
		change(&made)
	}
	s.API.Methods = append(s.API.Methods, made)
	s.Permissions = append(s.Permissions, deployed.Permission{
		Action: "lambda:InvokeFunction", Principal: deployed.APIGateway, FunctionName: made.Integration.FunctionARN,
		SourceArn: fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s",
			s.Region, s.Account, s.API.ID, s.API.StageName, verb, path),
	})
}

// TestWhatOneMethodUsesUpIsNotTakenFromAnother: guests and preflights cannot take what checkout needs.
func TestWhatOneMethodUsesUpIsNotTakenFromAnother(t *testing.T) {
	s := reviewed(t, nil)
	s.API.Throttling = deployed.Throttling{Rate: 1, Burst: 2}
	s.API.MethodThrottling = map[string]deployed.Throttling{
		"GET /orders": {Rate: 3, Burst: 5}, "OPTIONS /orders": {Rate: 1, Burst: 1},
	}
	a := serve(t, s)
	bearer := token(t, s, nil)
	answered := func(method, path string) (count int) {
		for range 20 {
			if r := a.call(t, method, path, "", "Authorization", bearer); r.StatusCode != http.StatusTooManyRequests {
				count++
			}
		}
		return count
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"OPTIONS", "/v1/orders", 1}, {"GET", "/v1/products", 2}, {"OPTIONS", "/v1/products", 2}, {"GET", "/v1/profile", 2},
		// After all that, and although it comes last.
		{"GET", "/v1/orders", 5},
	} {
		if got := answered(c.method, c.path); got != c.want {
			t.Errorf("%s %s: %d of 20 were answered, want its own burst of %d", c.method, c.path, got, c.want)
		}
	}
	a.now = a.now.Add(time.Second)
	if got := answered("GET", "/v1/orders"); got != 3 {
		t.Errorf("a second later %d were answered, want its own rate of 3", got)
	}
}

func TestMethodsMayDeleteAndMayTakeNoBody(t *testing.T) {
	s := reviewed(t, nil)
	add(s, "DELETE", "/wishes", func(m *deployed.Method) {
		m.RequestParameters = map[string]bool{"method.request.querystring.of": true}
		s.API.Validators["parameters"] = deployed.RequestValidator{ValidateRequestParameters: true}
		m.RequestValidatorID = "parameters"
	})
	add(s, "POST", "/wishes", nil)
	bearer := token(t, s, nil)

	a := serve(t, s)
	a.answers = nil
	wantRefused(t, a.call(t, "DELETE", "/v1/wishes", "", "Authorization", bearer), 400, "BadRequestException",
		"Bad request")
	wantRefused(t, a.call(t, "DELETE", "/v1/wishes?of=Google", ""), 401, "UnauthorizedException", "Unauthorized")

	a = serve(t, s)
	if r := a.call(t, "DELETE", "/v1/wishes?of=Google", "", "Authorization", bearer); r.StatusCode != http.StatusOK {
		t.Fatalf("DELETE: %d, want 200", r.StatusCode)
	}
	if event, _ := a.event(t); event.HTTPMethod != "DELETE" || event.QueryStringParameters["of"] != "Google" ||
		event.Body != "" {
		t.Errorf("DELETE: the function got %+v", event)
	}

	a = serve(t, s)
	if r := a.call(t, "POST", "/v1/wishes", "", "Authorization", bearer); r.StatusCode != http.StatusOK {
		t.Fatalf("POST without a body: %d, want 200", r.StatusCode)
	}
	if event, raw := a.event(t); event.HTTPMethod != "POST" || raw["body"] != nil {
		t.Errorf("POST without a body: the function got body %v", raw["body"])
	}
}
