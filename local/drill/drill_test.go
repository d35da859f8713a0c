package drill_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/drill"
)

// stage has one of each.
func stage() *deployed.Stage {
	s := &deployed.Stage{Tables: map[string]deployed.Table{"arn": {
		Name: "Products", GlobalSecondaryIndexes: []deployed.Index{{IndexName: "forSale"}},
	}}}
	s.API.Name, s.API.StageName, s.UserPool.ID = "Api", "v1", "pool"
	return s
}

// alarmOn starts if the sum of a metric in a minute reaches 1.
func alarmOn(namespace, name string, dimensions ...string) deployed.Alarm {
	m := deployed.MetricStat{Stat: "Sum", Period: 60}
	m.Metric.Namespace, m.Metric.MetricName = namespace, name
	for i := 0; i < len(dimensions); i += 2 {
		m.Metric.Dimensions = append(m.Metric.Dimensions, struct{ Name, Value string }{dimensions[i], dimensions[i+1]})
	}
	return deployed.Alarm{
		Metrics:   []deployed.AlarmQuery{{ID: "m", ReturnData: true, MetricStat: &m}},
		Threshold: 1, EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: "notBreaching",
	}
}

func wantState(t *testing.T, d *drill.Drill, alarm deployed.Alarm, want string) {
	t.Helper()
	if got, err := d.State(alarm); got != want || err != nil {
		t.Errorf("%s is %q, %v; want %q", alarm.Metrics[0].MetricStat.Metric.MetricName, got, err, want)
	}
}

func post(target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	return r
}

func answering(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

func TestAFunctionThatIsDownFailsUnrunAndIsCounted(t *testing.T) {
	d := drill.New()
	ran := 0
	run := func(context.Context) ([]byte, error) { ran++; return []byte("{}"), nil }
	d.TakeDown("arn", true)
	if _, err := d.Invoke(t.Context(), "Orders", "arn", run); err == nil || ran != 0 {
		t.Errorf("it ran %d times, %v", ran, err)
	}
	d.EndMinutes(1)
	errorsAlarm := alarmOn("AWS/Lambda", "Errors", "FunctionName", "Orders")
	wantState(t, d, errorsAlarm, "ALARM")
	wantState(t, d, alarmOn("AWS/Lambda", "Errors", "FunctionName", "Tokens"), "OK")
	d.TakeDown("arn", false)
	if _, err := d.Invoke(t.Context(), "Orders", "arn", run); err != nil || ran != 1 {
		t.Errorf("after it was mended it ran %d times, %v", ran, err)
	}
	d.EndMinutes(1)
	wantState(t, d, errorsAlarm, "OK")
	if counted := strings.Join(d.Counted(), "\n"); counted != "AWS/Lambda Invocations FunctionName=Orders: 1 of 1" {
		t.Errorf("counted %s", counted)
	}
}

func TestNothingIsBrokenWithoutADrill(t *testing.T) {
	var d *drill.Drill
	failed := errors.New("its own")
	run := func(context.Context) ([]byte, error) { return nil, failed }
	if _, err := d.Invoke(t.Context(), "x", "x", run); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	next := answering(http.StatusTeapot, "")
	for _, handler := range []http.Handler{d.API(stage(), next), d.AWS(stage(), next)} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post("DynamoDB_20120810.GetItem", "{}"))
		if w.Code != http.StatusTeapot {
			t.Errorf("got %d", w.Code)
		}
	}
}

func TestRequestsAreCountedAsAWholeAndByRoute(t *testing.T) {
	d := drill.New()
	d.API(stage(), answering(503, "")).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/v1/orders?a=b", nil))
	d.EndMinutes(1)
	wantState(t, d, alarmOn("AWS/ApiGateway", "5XXError", "ApiName", "Api", "Stage", "v1"), "ALARM")
	wantState(t, d, alarmOn("AWS/ApiGateway", "5XXError",
		"ApiName", "Api", "Method", "POST", "Resource", "/orders", "Stage", "v1"), "ALARM")
	wantState(t, d, alarmOn("AWS/ApiGateway", "4XXError", "ApiName", "Api", "Stage", "v1"), "OK")
}

func TestAThrottledTableRefusesReadsAndWrites(t *testing.T) {
	d := drill.New()
	d.Throttle("Products", true)
	handler := d.AWS(stage(), answering(200, "{}"))
	for body, refused := range map[string]bool{
		`{"TableName": "Products", "IndexName": "forSale"}`: true, `{"RequestItems": {"Products": {}}}`: true,
		`{"TableName": "Orders"}`: false, `no request`: false,
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post("DynamoDB_20120810.Query", body))
		if got := strings.Contains(w.Body.String(), "ThrottlingException"); got != refused {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	d.EndMinutes(1)
	wantState(t, d, alarmOn("AWS/DynamoDB", "ReadThrottleEvents", "TableName", "Products"), "ALARM")
	wantState(t, d, alarmOn("AWS/DynamoDB", "ReadThrottleEvents",
		"GlobalSecondaryIndexName", "forSale", "TableName", "Products"), "ALARM")
	wantState(t, d, alarmOn("AWS/DynamoDB", "WriteThrottleEvents", "TableName", "Products"), "OK")
}

func TestSignInsAreCountedWhenTheyEnd(t *testing.T) {
	const operation = "AWSCognitoIdentityProviderService.RespondToAuthChallenge"
	for body, c := range map[string]struct {
		status      int
		tried, done string
	}{
		`{"AuthenticationResult": {"AccessToken": "x"}}`: {200, "ALARM", "ALARM"},
		`{"ChallengeName": "SOFTWARE_TOKEN_MFA"}`:        {200, "OK", "OK"},
		`{"__type": "NotAuthorizedException"}`:           {400, "ALARM", "OK"},
	} {
		d := drill.New()
		d.AWS(stage(), answering(c.status, body)).
			ServeHTTP(httptest.NewRecorder(), post(operation, `{"ClientId": "web"}`))
		d.EndMinutes(1)
		sum := alarmOn("AWS/Cognito", "SignInSuccesses", "UserPool", "pool", "UserPoolClient", "web")
		wantState(t, d, sum, c.done)
		sum.Metrics[0].MetricStat.Stat = "SampleCount"
		wantState(t, d, sum, c.tried)
	}
}

func TestStatesWaitForAWholePeriodAndMinutesMayBeAlike(t *testing.T) {
	d := drill.New()
	d.TakeDown("arn", true)
	alarm := alarmOn("AWS/Lambda", "Errors", "FunctionName", "Orders")
	alarm.Metrics[0].MetricStat.Period, alarm.Threshold = 180, 3
	fail := func() { _, _ = d.Invoke(t.Context(), "Orders", "arn", nil) }
	fail()
	d.EndMinutes(1)
	wantState(t, d, alarm, "")
	d.EndMinutes(2)
	wantState(t, d, alarm, "OK")
	fail()
	d.EndMinutes(3)
	wantState(t, d, alarm, "ALARM")
}
