package apigateway_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/apigateway"
)

func TestTheLogHoldsNoTokenWhetherGoodOrBad(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	for _, value := range []string{token(t, a.stage, nil), token(t, a.stage, map[string]any{"scope": nil}),
		"garbage-secret"} {
		a.call(t, "GET", "/v1/orders?access_token="+value, "", "Authorization", value)
		signature := value[strings.LastIndexByte(value, '.')+1:]
		if strings.Contains(a.lines.String(), signature) {
			t.Errorf("the token is in the log:\n%s", a.lines)
		}
	}
}

func TestExpiredTokensAreRefusedAs401WithApiGatewaysMessage(t *testing.T) {
	s := reviewed(t, nil)
	s.API.GatewayResponses = nil
	r := serve(t, s).call(t, "GET", "/v1/orders", "", "Authorization",
		token(t, s, map[string]any{"exp": noon.Add(-time.Second).Unix()}))
	if body := text(t, r); r.StatusCode != 401 || body != `{"message":"The incoming token has expired"}` {
		t.Errorf("%d %s", r.StatusCode, body)
	}
}

func TestOneScopeOfSeveralIsEnough(t *testing.T) {
	s := reviewed(t, func(api assembly.Template) {
		method(api, "GET", "/orders")["AuthorizationScopes"] = []any{"securecart/orders.read", "securecart/orders.write"}
	})
	for scope, want := range map[string]int{
		"securecart/orders.read": 200, "openid securecart/orders.write": 200, "securecart/profile.read": 401,
	} {
		r := serve(t, s).call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, map[string]any{"scope": scope}))
		if r.StatusCode != want {
			t.Errorf("scope %q: %d, want %d", scope, r.StatusCode, want)
		}
	}
}

func TestMethodsWithoutScopesTakeIDTokensOfThePoolsClientsOnly(t *testing.T) {
	s := reviewed(t, func(api assembly.Template) { delete(method(api, "GET", "/orders"), "AuthorizationScopes") })
	for name, test := range map[string]struct {
		changes map[string]any
		want    int
	}{
		"ID token":                      {map[string]any{"token_use": "id", "aud": web}, 200},
		"ID token of an unknown client": {map[string]any{"token_use": "id", "aud": "unknown"}, 401},
		"ID token without client":       {map[string]any{"token_use": "id"}, 401},
		"access token":                  {nil, 401},
		"access token with an audience": {map[string]any{"aud": web}, 401},
		"token_use of neither":          {map[string]any{"token_use": "refresh", "aud": web}, 401},
		"ID token that has expired":     {map[string]any{"token_use": "id", "aud": web, "exp": noon.Unix() - 1}, 401},
		"ID token with email_verified":  {map[string]any{"token_use": "id", "aud": web, "email_verified": true}, 200},
		"ID token of one client of two": {map[string]any{"token_use": "id", "aud": []string{"unknown", web}}, 200},
		"ID token with claims of a group": {map[string]any{"token_use": "id", "aud": web, "cognito:groups": []string{"a"}},
			200},
	} {
		r := serve(t, s).call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, test.changes))
		if r.StatusCode != test.want {
			t.Errorf("%s: %d, want %d", name, r.StatusCode, test.want)
		}
	}
}

func TestGoodTokensAreCachedForTheTTLAndNeverBeyondTheirExpiry(t *testing.T) {
	s := reviewed(t, nil)
	a := serve(t, s)
	bearer := token(t, s, map[string]any{"exp": noon.Add(8 * time.Minute).Unix()})
	get := func(want, keysAsked int) {
		t.Helper()
		if r := a.call(t, "GET", "/v1/orders", "", "Authorization", bearer); r.StatusCode != want ||
			a.keysAsked != keysAsked {
			t.Fatalf("%s: %d after %d verifications, want %d after %d", a.now.Sub(noon), r.StatusCode, a.keysAsked, want,
				keysAsked)
		}
	}
	get(200, 1)
	a.now = noon.Add(5*time.Minute - time.Second)
	get(200, 1)
	a.now = noon.Add(5 * time.Minute)
	get(200, 2)
	a.now = noon.Add(8*time.Minute - time.Second)
	get(200, 2)
	a.now = noon.Add(8*time.Minute + time.Second)
	get(401, 3)
	get(401, 4) // refusals are not cached
}

func TestTheScopeIsCheckedForEachMethodAlsoOfACachedToken(t *testing.T) {
	s := reviewed(t, nil)
	a := serve(t, s)
	orders := token(t, s, map[string]any{"scope": "securecart/orders.read"})
	for path, want := range map[string]int{"/v1/orders": 200, "/v1/profile": 401} {
		for range 2 {
			if r := a.call(t, "GET", path, "", "Authorization", orders); r.StatusCode != want {
				t.Errorf("GET %s: %d, want %d", path, r.StatusCode, want)
			}
		}
	}
	if a.keysAsked != 1 {
		t.Errorf("%d verifications, want 1: the authorizer is the same", a.keysAsked)
	}
}

func TestTheSteppedUpAuthorizerVerifiesEachRequest(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	write := token(t, a.stage, map[string]any{"scope": "securecart/orders.write"})
	for range 3 {
		if r := a.call(t, "POST", "/v1/orders", `{"items":[]}`, "Authorization", write, "Idempotency-Key",
			"k"); r.StatusCode != http.StatusOK {
			t.Fatal(r.StatusCode)
		}
	}
	if a.keysAsked != 3 {
		t.Errorf("%d verifications of 3 requests: the template says AuthorizerResultTtlInSeconds 0", a.keysAsked)
	}
}

// method is one of the template's by verb and path of one segment.
func method(api assembly.Template, verb, path string) map[string]any {
	for id, resource := range api.OfType("AWS::ApiGateway::Resource") {
		if "/"+resource.Properties["PathPart"].(string) != path {
			continue
		}
		for _, m := range api.OfType("AWS::ApiGateway::Method") {
			if m.Properties["HttpMethod"] == verb && m.Properties["ResourceId"].(map[string]any)["Ref"] == id {
				return m.Properties
			}
		}
	}
	panic("no method " + verb + " " + path)
}

func TestWithoutItsProtectionInTheTemplateARouteLetsThroughWhatItRefused(t *testing.T) {
	read := map[string]any{"scope": "securecart/orders.read"}
	for name, test := range map[string]struct {
		verb    string
		without func(assembly.Template)
		claims  map[string]any // nil for no token
	}{
		"authorizer": {"GET", func(api assembly.Template) { method(api, "GET", "/orders")["AuthorizationType"] = "NONE" },
			nil},
		"scope of writing": {"POST", func(api assembly.Template) {
			method(api, "POST", "/orders")["AuthorizationScopes"] = []any{"securecart/orders.read"}
		}, read},
		"any scope": {"POST", func(api assembly.Template) { delete(method(api, "POST", "/orders"), "AuthorizationScopes") },
			map[string]any{"token_use": "id", "aud": web}},
		"user pool": {"POST", func(api assembly.Template) { method(api, "POST", "/orders")["AuthorizationType"] = "AWS_IAM" },
			nil},
	} {
		t.Run(name, func(t *testing.T) {
			call := func(s *deployed.Stage) int {
				a := serve(t, s)
				headers := []string{"Idempotency-Key", "k"}
				if test.claims != nil {
					headers = append(headers, "Authorization", token(t, s, test.claims))
				}
				return a.call(t, test.verb, "/v1/orders", "", headers...).StatusCode
			}
			body := func(api assembly.Template) { delete(method(api, "POST", "/orders"), "RequestValidatorId") }
			if status := call(reviewed(t, body)); status != 401 {
				t.Fatalf("as reviewed: %d, want 401", status)
			}
			if status := call(reviewed(t, func(api assembly.Template) { body(api); test.without(api) })); status != 200 {
				t.Errorf("without it: %d, want 200", status)
			}
		})
	}
}

func TestManyTokensDoNotFillTheMemory(t *testing.T) {
	s := reviewed(t, nil)
	s.API.Throttling = deployed.Throttling{Rate: 1e6, Burst: 1e6}
	a := serve(t, s)
	first := token(t, s, nil)
	call := func(bearer string) {
		t.Helper()
		if r := a.call(t, "GET", "/v1/orders", "", "Authorization", bearer); r.StatusCode != http.StatusOK {
			t.Fatal(r.StatusCode)
		}
	}
	call(first)
	// A prefix makes the header another one for the same token: digests differ only by the token itself.
	call("Bearer " + first)
	if a.keysAsked != 1 {
		t.Errorf("%d verifications of one token", a.keysAsked)
	}
	if got := apigateway.CacheAfter(time.Minute, 2999); got != 999 {
		t.Errorf("%d tokens in the cache after 2999, want the last 999", got)
	}
	if got := apigateway.CacheAfter(0, 10); got != 0 {
		t.Errorf("%d tokens in a cache without TTL", got)
	}
}
