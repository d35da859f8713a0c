package deployed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// throttled replaces the settings of the API's stage.
func throttled(settings ...any) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for _, r := range templates["Api"].OfType("AWS::ApiGateway::Stage") {
			r.Properties["MethodSettings"] = settings
		}
	}
}

func setting(verb, path string, rate float64, burst int) map[string]any {
	return map[string]any{
		"HttpMethod": verb, "ResourcePath": path, "ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst,
		"DataTraceEnabled": false, "LoggingLevel": "ERROR", "MetricsEnabled": true,
	}
}

func TestMethodsHaveTheirOwnThrottles(t *testing.T) {
	api := stagetest.Dev(t, throttled(
		setting("POST", "/~1orders", 20, 40), setting("*", "/*", 50, 100), setting("OPTIONS", "/~1payment-method", 1.5, 3),
	)).API
	if want := (deployed.Throttling{Rate: 50, Burst: 100}); api.Throttling != want {
		t.Errorf("every method: got %v, want %v", api.Throttling, want)
	}
	want := map[string]deployed.Throttling{
		"POST /orders": {Rate: 20, Burst: 40}, "OPTIONS /payment-method": {Rate: 1.5, Burst: 3},
	}
	if diff := cmp.Diff(want, api.MethodThrottling); diff != "" {
		t.Errorf("single methods (-want +got)\n%s", diff)
	}
}

func TestThrottlesThatAreNotCertainStopTheStart(t *testing.T) {
	all := setting("*", "/*", 50, 100)
	cached := setting("GET", "/~1orders", 1, 1)
	cached["CachingEnabled"] = true
	for name, c := range map[string]struct {
		settings []any
		want     string
	}{
		"none for every method": {[]any{setting("POST", "/~1orders", 1, 1)}, "want one for every method"},
		"two for every method":  {[]any{all, all}, "there are two for every method"},
		"two for one method": {[]any{all, setting("POST", "/~1orders", 1, 1), setting("POST", "/~1orders", 1, 2)},
			"there is one for POST /orders already"},
		"a method that is not there": {[]any{all, setting("POST", "/~1order", 1, 1)}, "the API does not have POST /order"},
		"a path that is not encoded": {[]any{all, setting("POST", "/orders", 1, 1)},
			"MethodSettings: POST /orders is not understood"},
		"a path with a wildcard": {[]any{all, setting("POST", "/*", 1, 1)}, "MethodSettings: POST /* is not understood"},
		"every verb of a path": {[]any{all, setting("*", "/~1orders", 1, 1)},
			"MethodSettings: * /~1orders is not understood"},
		"no rate":  {[]any{all, setting("POST", "/~1orders", 0, 1)}, "must state ThrottlingRateLimit"},
		"no burst": {[]any{all, setting("POST", "/~1orders", 1, 0)}, "must state ThrottlingRateLimit"},
		"a cache":  {[]any{all, cached}, "caching is not understood"},
	} {
		_, err := deployed.Load(stagetest.Reviewed(t, "SecureCart-Dev", throttled(c.settings...)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}
