package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	parameter = "/securecart/test/clients"
	webID     = "7web1example"
	stepUpID  = "4stepup8example"
	accountID = "2account5example"
	ids       = `{"account":"` + accountID + `","stepUp":"` + stepUpID + `","web":"` + webID + `"}`
	poolID    = "eu-central-1_Pool00001"
	alice     = "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000001"
	aliceName = "name-of-alice-in-the-pool"

	challenge    = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	oldChallenge = "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
)

// The operations of a reset, as the services name them.
const (
	signOutOp = "AdminUserGlobalSignOut"
	deleteOp  = "AdminDeleteSoftwareToken"
	totpOp    = "AdminSetUserMFAPreference SoftwareTokenMfaSettings"
	smsOp     = "AdminSetUserMFAPreference SMSMfaSettings"
	readOp    = "GetItem"
	writeOp   = "UpdateItem"
)

var (
	now   = time.Unix(1_800_000_000, 999_999_999)
	fresh = lambdatest.ProofItem{"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0}
	// impatient has short time-outs, for a service that never answers.
	impatient = function.Patience{Attempt: 200 * time.Millisecond, Attempts: 2, Pause: time.Millisecond}
)

type object = map[string]any

// services are SSM, Cognito and DynamoDB. They note each call before they serve it.
type services struct {
	mutex sync.Mutex
	calls []string
	// before is called before each operation is served. It returns the code with which the operation fails, or "".
	before func(operation string, count int) string
	url    string
	value  string
}

func (s *services) note(operation string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls = append(s.calls, operation)
	if s.before == nil {
		return ""
	}
	count := 0
	for _, call := range s.calls {
		if call == operation {
			count++
		}
	}
	return s.before(operation, count)
}

// failing makes the operation fail whenever it is called for the count-th time; 0 is every time.
func failing(operation, code string, count int) func(string, int) string {
	return func(called string, times int) string {
		if called == operation && (count == 0 || times == count) {
			return code
		}
		return ""
	}
}

func serve(t *testing.T) *services {
	t.Helper()
	s := &services{value: ids}
	tables := lambdatest.Redirected(t, lambdatest.DynamoDBEndpoint(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read a request: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var request object
		if err := json.Unmarshal(body, &request); err != nil {
			t.Errorf("the service was sent no JSON: %v", err)
		}
		if operation == "AdminSetUserMFAPreference" {
			operation += " " + preference(request)
		}
		code := s.note(operation)
		switch {
		case code != "":
			lambdatest.Answer(w, http.StatusBadRequest,
				object{"__type": code, "message": code + ": " + lambdatest.ARN + " " + alice})
		case service == "DynamoDB_20120810":
			tables.ServeHTTP(w, r)
		default:
			status, body := s.serve(operation, request)
			lambdatest.Answer(w, status, body)
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// preference returns the name of the one factor that a request switches off, or all of an unexpected request.
func preference(request object) string {
	var names []string
	for name, value := range request {
		if settings, found := value.(object); found {
			names = append(names, name)
			for setting, on := range settings {
				if on != false {
					names = append(names, setting)
				}
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// serve answers for SSM, whose parameter is not decrypted, and for Cognito, which knows alice by her name.
func (s *services) serve(operation string, request object) (int, any) {
	switch {
	case operation == "GetParameter" && request["Name"] == parameter && request["WithDecryption"] != true:
		return http.StatusOK, object{"Parameter": object{"Name": parameter, "Value": s.value}}
	case slices.Contains([]string{signOutOp, deleteOp, totpOp, smsOp}, operation) &&
		request["UserPoolId"] == poolID && request["Username"] == aliceName:
		return http.StatusOK, object{}
	}
	return http.StatusBadRequest, object{"__type": "AccessDeniedException", "message": lambdatest.ARN}
}
