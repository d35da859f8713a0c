package userpool

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// send calls an operation without the SDK.
func (r *rig) send(target, body string) (*http.Response, map[string]any) {
	r.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("X-Amz-Target", target)
	recorder := httptest.NewRecorder()
	r.Handler().ServeHTTP(recorder, request)
	var read map[string]any
	if err := json.Unmarshal(recorder.Body.Bytes(), &read); err != nil {
		r.t.Fatalf("%s: %q is no JSON: %v", target, recorder.Body, err)
	}
	return recorder.Result(), read
}

func TestRequestsThatAreNoneAreAnsweredWithAnError(t *testing.T) {
	r := newRig(t)
	const prefix = Target + "."
	for name, test := range map[string]struct {
		target, body string
		status       int
		code         string
	}{
		"no target":           {"", "{}", 400, "UnknownOperationException"},
		"another service":     {"DynamoDB_20120810.GetItem", "{}", 400, "UnknownOperationException"},
		"an operation to be":  {prefix + "AdminListDevices", "{}", 400, "UnknownOperationException"},
		"header injection":    {prefix + "X\r\nSet-Cookie: a=b", "{}", 400, "UnknownOperationException"},
		"no body":             {prefix + "SignUp", "", 400, "SerializationException"},
		"broken JSON":         {prefix + "SignUp", `{"ClientId":`, 400, "SerializationException"},
		"a list":              {prefix + "SignUp", `[]`, 400, "SerializationException"},
		"a number for a text": {prefix + "SignUp", `{"ClientId":1,"Username":"x"}`, 400, "SerializationException"},
		"deep nesting":        {prefix + "SignUp", strings.Repeat("[", 100_000), 400, "SerializationException"},
		"10 MB": {prefix + "SignUp", `{"ClientId":"` + strings.Repeat("x", 10<<20) + `"}`, 400,
			"RequestEntityTooLargeException"},
		"another client": {prefix + "SignUp", `{"ClientId":"x","Username":"x"}`, 400, "ResourceNotFoundException"},
		"another pool": {prefix + "AdminGetUser", `{"UserPoolId":"eu-central-1_x","Username":"x"}`, 400,
			"ResourceNotFoundException"},
		"a challenge that nobody asks": {
			prefix + "RespondToAuthChallenge",
			`{"ClientId":"` + webID + `","ChallengeName":"CUSTOM_CHALLENGE","ChallengeResponses":{"USERNAME":"x"}}`, 400,
			"InvalidParameterException",
		},
		"a challenge without user": {
			prefix + "RespondToAuthChallenge", `{"ClientId":"` + webID + `","ChallengeName":"SMS_MFA"}`, 400,
			"InvalidParameterException",
		},
	} {
		response, body := r.send(test.target, test.body)
		if response.StatusCode != test.status || body["__type"] != test.code || body["message"] == "" || len(body) != 2 {
			t.Errorf("%s: %d %v, want %d %s", name, response.StatusCode, body, test.status, test.code)
		}
		header := response.Header
		if header.Get("x-amzn-ErrorType") != test.code+":" || header.Get("x-amzn-ErrorMessage") != body["message"] ||
			header.Get("Content-Type") != "application/x-amz-json-1.1" ||
			!uuidFormat.MatchString(header.Get("x-amzn-RequestId")) ||
			header.Get("Access-Control-Allow-Origin") != "*" || header.Get("Set-Cookie") != "" {
			t.Errorf("%s: headers %v", name, header)
		}
	}
	_, body := r.send(prefix+"AdminListDevices", "{}")
	if !strings.Contains(body["message"].(string), "AdminListDevices") {
		t.Errorf("the error does not name the operation: %v", body)
	}
	r.register(jane)
}

func TestThousandRequestsAtOnceAreAnswered(t *testing.T) {
	r := newRig(t).with(jane)
	access := *r.signIn(webID, jane).AccessToken
	handler := r.Handler()
	var requests sync.WaitGroup
	failures := make(chan string, 1000)
	for i := range 1000 {
		requests.Go(func() {
			operation, body := "GetUser", `{"AccessToken":"`+access+`"}`
			if i%2 == 0 {
				nobody := "nobody" + strings.Repeat("x", i%100) + "@example.com"
				operation, body = "ResendConfirmationCode", `{"ClientId":"`+webID+`","Username":"`+nobody+`"}`
			}
			request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			request.Header.Set("X-Amz-Target", Target+"."+operation)
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			if recorder.Code != http.StatusOK {
				failures <- recorder.Body.String()
			}
		})
	}
	requests.Wait()
	if len(failures) > 0 {
		t.Errorf("%d failed, such as %s", len(failures), <-failures)
	}
}

func TestErrorsInsideAreNotShown(t *testing.T) {
	r := newRig(t)
	operations["Fail"] = public(func(*Pool, context.Context, nothing) (any, error) { return nil, io.ErrUnexpectedEOF })
	t.Cleanup(func() { delete(operations, "Fail") })
	response, body := r.send(Target+".Fail", "{}")
	want := map[string]any{"__type": "InternalErrorException", "message": "The local user pool has failed."}
	if diff := cmp.Diff(want, body); diff != "" || response.StatusCode != http.StatusInternalServerError {
		t.Errorf("%d (-want +got):\n%s", response.StatusCode, diff)
	}
}

func TestBrowsersOfEveryOriginMayCall(t *testing.T) {
	r := newRig(t)
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodOptions, "/", nil)
	request.Header.Set("Origin", "http://localhost:5173")
	request.Header.Set("Access-Control-Request-Headers", "content-type,x-amz-target,x-amz-user-agent,cache-control")
	r.Handler().ServeHTTP(recorder, request)
	header := recorder.Header()
	if recorder.Code != http.StatusOK || header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(header.Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("%d %v", recorder.Code, header)
	}
	allowed := strings.ToLower(header.Get("Access-Control-Allow-Headers"))
	for _, name := range strings.Split(request.Header.Get("Access-Control-Request-Headers"), ",") {
		if !strings.Contains(","+allowed+",", ","+name+",") {
			t.Errorf("%s is not allowed", name)
		}
	}
	if !strings.Contains(header.Get("Access-Control-Expose-Headers"), "x-amzn-ErrorType") {
		t.Errorf("exposed: %s", header.Get("Access-Control-Expose-Headers"))
	}
}

func TestDiscoveryDocumentsAreServed(t *testing.T) {
	r := newRig(t)
	get := func(path string) (int, map[string]any) {
		recorder := httptest.NewRecorder()
		r.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
		var read map[string]any
		_ = json.NewDecoder(bytes.NewReader(recorder.Body.Bytes())).Decode(&read)
		return recorder.Code, read
	}
	status, keys := get("/" + poolID + "/.well-known/jwks.json")
	if list, _ := keys["keys"].([]any); status != 200 || len(list) != 2 {
		t.Errorf("%d %v", status, keys)
	}
	status, document := get("/" + poolID + "/.well-known/openid-configuration")
	want := map[string]any{
		"issuer":                                "https://cognito-idp.eu-central-1.amazonaws.com/" + poolID,
		"jwks_uri":                              "http://127.0.0.1:8701/" + poolID + "/.well-known/jwks.json",
		"authorization_endpoint":                "https://127.0.0.1:8703/oauth2/authorize",
		"token_endpoint":                        "https://127.0.0.1:8703/oauth2/token",
		"userinfo_endpoint":                     "https://127.0.0.1:8703/oauth2/userInfo",
		"revocation_endpoint":                   "https://127.0.0.1:8703/oauth2/revoke",
		"end_session_endpoint":                  "https://127.0.0.1:8703/logout",
		"scopes_supported":                      []any{"openid", "email", "phone", "profile"},
		"response_types_supported":              []any{"code", "token"},
		"subject_types_supported":               []any{"public"},
		"id_token_signing_alg_values_supported": []any{"RS256"},
		"token_endpoint_auth_methods_supported": []any{"client_secret_basic", "client_secret_post"},
	}
	if diff := cmp.Diff(want, document); diff != "" || status != 200 {
		t.Errorf("%d (-want +got):\n%s", status, diff)
	}
	for _, path := range []string{"/other/.well-known/jwks.json", "/" + poolID} {
		if status, _ := get(path); status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAdministratorsOperationsNeedPermissionsAndNoOthersDo(t *testing.T) {
	r := newRig(t)
	var asked []string
	r.authorizeCaller = func(_ *http.Request, _ []byte, action, resource string) error {
		asked = append(asked, action+" "+resource)
		return notAuthorized("refused")
	}
	for _, name := range Operations() {
		asked = nil
		_, answer := r.send(Target+"."+name, "{}")
		var want []string
		switch {
		case name == "ListUserPools":
			want = []string{"cognito-idp:ListUserPools *"}
		case strings.HasPrefix(name, "Admin"), strings.HasPrefix(name, "List"), strings.HasPrefix(name, "Describe"),
			name == "GetUserPoolMfaConfig":
			want = []string{"cognito-idp:" + name + " " + r.pool.ARN}
		}
		if diff := cmp.Diff(want, asked); diff != "" || (want != nil) != (answer["message"] == "refused") {
			t.Errorf("%s is answered with %v (-want +asked):\n%s", name, answer, diff)
		}
	}
}
