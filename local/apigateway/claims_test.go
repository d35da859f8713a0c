package apigateway_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClaimsReachFunctionsAsStrings(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	bearer := token(t, a.stage, map[string]any{
		"cognito:groups": []string{"early-access", "staff"}, "empty": []string{}, "email_verified": true,
		"address":    map[string]any{"formatted": "Here 1"},
		"identities": []any{map[string]any{"providerName": "Google", "primary": true}}, "mixed": []any{"a", 1, true},
		"null": (*int)(nil), "ratio": 0.5, "quoted": "say \"hi\", ü",
	})
	if r := a.call(t, "GET", "/v1/orders", "", "Authorization", bearer); r.StatusCode != 200 {
		t.Fatal(r.StatusCode)
	}
	event, _ := a.event(t)
	want := map[string]any{"claims": map[string]any{
		"sub": sub, "username": sub, "client_id": web, "iss": issuer(a.stage), "token_use": "access", "version": "2",
		"scope": "openid securecart/orders.read securecart/profile.read", "jti": "7e2c1d63-aaaa-4bbb-8ccc-ddddeeeeffff",
		"auth_time": "1784115900", "exp": "Wed Jul 15 12:45:00 UTC 2026", "iat": "Wed Jul 15 11:45:00 UTC 2026",
		"cognito:groups": "early-access,staff", "empty": "", "email_verified": "true", "address": `{"formatted":"Here 1"}`,
		"identities": `{"primary":true,"providerName":"Google"}`, "mixed": "a,1,true", "ratio": "0.5",
		"quoted": "say \"hi\", ü",
	}}
	if diff := cmp.Diff(want, event.RequestContext.Authorizer); diff != "" {
		t.Errorf("authorizer (-want +got)\n%s", diff)
	}
}

func TestDaysOfOneDigitAreWrittenWithTwo(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, a.stage, map[string]any{"exp": 1785902400}))
	event, _ := a.event(t)
	claims := event.RequestContext.Authorizer["claims"].(map[string]any)
	if claims["exp"] != "Wed Aug 05 04:00:00 UTC 2026" {
		t.Errorf("exp %q", claims["exp"])
	}
}
