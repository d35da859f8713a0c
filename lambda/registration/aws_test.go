package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/awstest"
	"github.com/securecart/identity/lambda/internal/dynamotest"
	"github.com/securecart/identity/lambda/internal/environment"
	"github.com/securecart/identity/lambda/internal/proof/prooftest"
	"github.com/securecart/identity/lambda/internal/upstream"
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
	fresh = prooftest.Item{"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0}
	// unhurried leaves services that work their time; hasty is for those that never answer.
	unhurried = upstream.Patience{Attempt: 2 * time.Second, Attempts: 2, Pause: time.Millisecond}
	hasty     = upstream.Patience{Attempt: 200 * time.Millisecond, Attempts: 2, Pause: time.Millisecond}
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
	engine, err := url.Parse(dynamotest.Endpoint(t))
	if err != nil {
		t.Fatal(err)
	}
	tables := httputil.NewSingleHostReverseProxy(engine)
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
			answer(w, http.StatusBadRequest, object{"__type": code, "message": code + ": " + awstest.ARN + " " + alice})
		case service == "DynamoDB_20120810":
			tables.ServeHTTP(w, r)
		default:
			status, body := s.serve(operation, request)
			answer(w, status, body)
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has given up is no failure
}

// preference names the one factor that a request switches off, and any other content.
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
	return http.StatusBadRequest, object{"__type": "AccessDeniedException", "message": awstest.ARN}
}

// A rig is a trigger with services that work, and its log.
type rig struct {
	*trigger
	*services
	table   string
	written *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{services: serve(t), table: prooftest.Table(t)}
	r.connect(t, unhurried, nil)
	return r
}

// connect makes the trigger anew, as in a new process, with other endpoints of some services.
func (r *rig) connect(t *testing.T, patience upstream.Patience, others map[string]string) {
	t.Helper()
	t.Setenv("AWS_REGION", awstest.Region)
	t.Setenv("AWS_ACCESS_KEY_ID", awstest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", awstest.SecretKey)
	endpoints := map[string]string{"SSM": r.url, "COGNITO_IDENTITY_PROVIDER": r.url, "DYNAMODB": r.url}
	maps.Copy(endpoints, others)
	for service, endpoint := range endpoints {
		t.Setenv("AWS_ENDPOINT_URL_"+service, endpoint)
	}
	var env environment.Reader
	cfg := upstream.Config(&env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	r.written = &bytes.Buffer{}
	r.trigger = newTrigger(slog.New(slog.NewJSONHandler(r.written, nil)), patience.Apply(cfg), parameter, r.table)
	r.now = func() time.Time { return now }
}

// begin forgets what has happened, and stores an item of alice if there is one.
func (r *rig) begin(t *testing.T, item prooftest.Item) {
	t.Helper()
	r.calls, r.before = nil, nil
	r.written.Reset()
	if item != nil {
		prooftest.Store(t, r.table, alice, item)
	}
}

func (r *rig) wantCalls(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, r.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func (r *rig) wantItem(t *testing.T, want prooftest.Item) {
	t.Helper()
	if diff := cmp.Diff(want, prooftest.Stored(t, r.table, alice)); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
}

// documented returns the event in a file with other values, each at a path of names.
func documented(t testing.TB, file string, changes map[string]any) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var event object
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	for path, value := range changes {
		names := strings.Split(path, ".")
		within := event
		for _, name := range names[:len(names)-1] {
			within = within[name].(object)
		}
		last := names[len(names)-1]
		if within[last] = value; value == absent {
			delete(within, last)
		}
	}
	encoded, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// absent is no value at all.
var absent = new(struct{ int })

// confirms sends an event after a confirmation. Whatever happens, it must come back as it came.
func (r *rig) confirms(t testing.TB, payload []byte) {
	t.Helper()
	answer, err := r.Invoke(t.Context(), payload)
	if err != nil || !bytes.Equal(answer, payload) {
		t.Errorf("answer %s, error %v; want the event as it was sent", answer, err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
