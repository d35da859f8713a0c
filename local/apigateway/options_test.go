package apigateway_test

import (
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/local/apigateway"
)

func TestOptionsThatAreRequiredMustBeGiven(t *testing.T) {
	for name, without := range map[string]func(*apigateway.Options){
		"Stage":       func(o *apigateway.Options) { o.Stage = nil },
		"Keys":        func(o *apigateway.Options) { o.Keys = nil },
		"Issuer":      func(o *apigateway.Options) { o.Issuer = "" },
		"Invoke":      func(o *apigateway.Options) { o.Invoke = nil },
		"Credentials": func(o *apigateway.Options) { o.Credentials = nil },
	} {
		options := (&api{stage: reviewed(t, nil)}).options()
		without(&options)
		if _, err := apigateway.New(options); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error %v", name, err)
		}
	}
}

func TestClockAndLogMayBeLeftOut(t *testing.T) {
	a := &api{stage: reviewed(t, nil)}
	options := a.options()
	options.Now, options.Log = nil, nil
	options.Keys = func() jose.JSONWebKeySet { return jose.JSONWebKeySet{} }
	var err error
	if a.Gateway, err = apigateway.New(options); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, a.stage, nil)), 401,
		"UnauthorizedException", "Unauthorized")
}
