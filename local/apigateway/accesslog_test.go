package apigateway_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/credentials"
)

// logged is the only line of the log.
func (a *api) logged(t *testing.T) map[string]string {
	t.Helper()
	line, ended := strings.CutSuffix(a.lines.String(), "\n")
	var fields map[string]string
	if err := json.Unmarshal([]byte(line), &fields); err != nil || !ended || strings.Contains(line, "\n") {
		t.Fatalf("log %q: %v", a.lines, err)
	}
	a.lines.Reset()
	return fields
}

func TestEachRequestIsOneLineInTheStagesFormat(t *testing.T) {
	guest := &caller{session: &credentials.Session{Identity: &credentials.Identity{ID: "eu-central-1:guest"}}}
	a := serve(t, reviewed(t, nil), func(o *apigateway.Options) { o.Credentials = guest })
	bearer := token(t, a.stage, nil)
	for name, test := range map[string]struct {
		method, path, token, userAgent string
		want                           map[string]string
	}{
		"served": {"GET", "/v1/orders", bearer, "tests", map[string]string{
			"authorizerStatus": "200", "client": web, "customer": sub, "functionStatus": "200", "identity": "-",
			"path": "/orders", "responseLength": "6", "responseType": "-", "status": "200", "userAgent": "tests",
		}},
		"refused": {"GET", "/v1/orders", "garbage", "tests", map[string]string{
			"authorizerStatus": "401", "client": "-", "customer": "-", "functionStatus": "-", "identity": "-", "path": "/orders",
			"responseType": "UNAUTHORIZED", "status": "401", "userAgent": "tests",
		}},
		"unknown": {"GET", "/v1/nothing", bearer, "", map[string]string{
			"authorizerStatus": "-", "client": "-", "customer": "-", "functionStatus": "-", "identity": "-", "path": "-",
			"responseType": "MISSING_AUTHENTICATION_TOKEN", "status": "403", "userAgent": "-",
		}},
		"preflight": {"OPTIONS", "/v1/orders", "", "tests", map[string]string{
			"authorizerStatus": "-", "client": "-", "customer": "-", "functionStatus": "204", "identity": "-", "path": "/orders",
			"responseLength": "0", "responseType": "-", "status": "204", "userAgent": "tests",
		}},
		"signed": {"GET", "/v1/products", "", "tests", map[string]string{
			"authorizerStatus": "-", "client": "-", "customer": "-", "functionStatus": "200", "identity": "eu-central-1:guest",
			"path": "/products", "responseLength": "6", "responseType": "-", "status": "200", "userAgent": "tests",
		}},
		"injected": {"GET", "/v1/nothing", "", `"}` + "\n" + `{"status":"200", "<`, map[string]string{
			"authorizerStatus": "-", "client": "-", "customer": "-", "functionStatus": "-", "identity": "-", "path": "-",
			"responseType": "MISSING_AUTHENTICATION_TOKEN", "status": "403", "userAgent": `"}` + "\n" + `{"status":"200", "<`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"User-Agent", test.userAgent}
			if test.token != "" {
				headers = append(headers, "Authorization", test.token)
			}
			r := a.call(t, test.method, test.path, "", headers...)
			got := a.logged(t)
			if !strings.HasPrefix(got["traceId"], "1-6a577640-") || got["requestId"] != r.Header.Get("x-amzn-RequestId") {
				t.Errorf("traceId %q, requestId %q", got["traceId"], got["requestId"])
			}
			delete(got, "traceId")
			delete(got, "requestId")
			if got["responseType"] != "-" { // the length of the template is the template's
				delete(got, "responseLength")
			}
			test.want["method"], test.want["sourceIp"], test.want["latencyMs"] = test.method, "192.0.2.1", "0"
			test.want["time"] = "15/Jul/2026:12:00:00 +0000"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("line (-want +got)\n%s", diff)
			}
		})
	}
}

func TestAStageWithoutAccessLogWritesNone(t *testing.T) {
	s := reviewed(t, nil)
	s.API.AccessLogFormat = ""
	a := serve(t, s)
	if r := a.call(t, "GET", "/v1/orders", "", "Authorization", token(t, s, nil)); r.StatusCode != http.StatusOK ||
		a.lines.Len() != 0 {
		t.Errorf("%d, log %q", r.StatusCode, a.lines)
	}
}
