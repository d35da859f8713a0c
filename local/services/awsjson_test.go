package services_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/services/awsjson"
)

var protocol = awsjson.Protocol{Target: "Shop", Version: "1.1", Limit: 20}

// answer serves one request by an operation that returns its name.
func answer(p awsjson.Protocol, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.Handler(func(_ *http.Request, operation string, body []byte) (any, error) {
		switch operation {
		case "Echo":
			return json.RawMessage(body), nil
		case "Decode":
			var target struct{ Name string }
			return target, awsjson.Decode(body, &target)
		case "Throttled":
			return nil, &smithy.GenericAPIError{Code: "ThrottlingException", Message: "slowly", Fault: smithy.FaultServer}
		case "Broken":
			return nil, errors.New("out of order")
		}
		return nil, awsjson.Unknown(operation)
	}).ServeHTTP(w, r)
	return w
}

func request(method, path, target, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	return r
}

func TestAnswersAndErrorsHaveTheProtocolsForm(t *testing.T) {
	type got struct {
		Status            int
		ErrorType, Answer string
	}
	failed := func(status int, code, message string) got {
		return got{status, code, `{"__type":"` + code + `","message":"` + message + `"}`}
	}
	refused := func(code, message string) got { return failed(http.StatusBadRequest, code, message) }
	misled := func(what string) got {
		return refused("UnknownOperationException", `Want POST / with X-Amz-Target Shop.\u003coperation\u003e, got `+what+`.`)
	}
	for name, test := range map[string]struct {
		request *http.Request
		want    got
	}{
		"answer":        {request("POST", "/", "Shop.Echo", `{"a": 1}`), got{http.StatusOK, "", `{"a":1}`}},
		"of no service": {request("POST", "/", "Other.Echo", ""), misled(`POST / with \"Other.Echo\"`)},
		"no operation":  {request("POST", "/", "Shop.", ""), misled(`POST / with \"Shop.\"`)},
		"GET":           {request("GET", "/", "Shop.Echo", ""), misled(`GET / with \"Shop.Echo\"`)},
		"another path":  {request("POST", "/x", "Shop.Echo", ""), misled(`POST /x with \"Shop.Echo\"`)},
		"unknown": {request("POST", "/", "Shop.Sell", ""),
			refused("UnknownOperationException", `The operation \"Sell\" is not served here.`)},
		"a byte less": {request("POST", "/", "Shop.Echo", `"`+strings.Repeat("x", 18)+`"`),
			got{http.StatusOK, "", `"` + strings.Repeat("x", 18) + `"`}},
		"a byte more": {request("POST", "/", "Shop.Echo", `"`+strings.Repeat("x", 19)+`"`),
			refused("RequestEntityTooLargeException", "The request has more than 20 bytes.")},
		"other member": {request("POST", "/", "Shop.Decode", `{"Other": 1}`),
			refused("SerializationException", `The request cannot be read: json: unknown field \"Other\"`)},
		"server's": {request("POST", "/", "Shop.Throttled", ""),
			failed(http.StatusInternalServerError, "ThrottlingException", "slowly")},
		"no code": {request("POST", "/", "Shop.Broken", ""),
			failed(http.StatusInternalServerError, "InternalServerError", "out of order")},
	} {
		w := answer(protocol, test.request)
		errorType := strings.TrimSuffix(w.Header().Get("x-amzn-ErrorType"), ":")
		if diff := cmp.Diff(test.want, got{w.Code, errorType, w.Body.String()}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if w.Header().Get("Content-Type") != "application/x-amz-json-1.1" || len(w.Header().Get("x-amzn-RequestId")) != 36 {
			t.Errorf("%s: headers %v", name, w.Header())
		}
	}
}

func TestOnlyServicesForBrowsersAnswerPreflights(t *testing.T) {
	for _, browsers := range []bool{true, false} {
		p := protocol
		p.Browsers = browsers
		preflight := request("OPTIONS", "/", "", "")
		preflight.Header.Set("Access-Control-Request-Headers", "x-amz-target")
		w := answer(p, preflight)
		origin, headers := w.Header().Get("Access-Control-Allow-Origin"), w.Header().Get("Access-Control-Allow-Headers")
		if browsers != (w.Code == http.StatusOK && origin == "*" && headers == "x-amz-target") {
			t.Errorf("for browsers %t: preflight %d %v", browsers, w.Code, w.Header())
		}
		w = answer(p, request("POST", "/", "Shop.Broken", ""))
		if got := w.Header().Get("Access-Control-Allow-Origin"); browsers != (got == "*") {
			t.Errorf("for browsers %t: allowed origin of an answer %q", browsers, got)
		}
	}
}
