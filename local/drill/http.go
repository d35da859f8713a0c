package drill

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// API counts the requests to the stage's API, as a whole and for each route.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
func (d *Drill) API(s *deployed.Stage, next http.Handler) http.Handler {
	if d == nil {
		return next
	}
	logs := accessLogs(s)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, answer := time.Now(), &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		all := Dimensions{"ApiName": s.API.Name, "Stage": s.API.StageName}
		route := Dimensions{
			"ApiName": s.API.Name, "Stage": s.API.StageName, "Method": r.Method,
			"Resource": strings.TrimPrefix(r.URL.Path, "/"+s.API.StageName),
		}
		for _, of := range []Dimensions{all, route} {
			d.count("AWS/ApiGateway", "Count", of, 1)
			d.count("AWS/ApiGateway", "4XXError", of, truth(answer.status >= 400 && answer.status < 500))
			d.count("AWS/ApiGateway", "5XXError", of, truth(answer.status >= 500))
			d.count("AWS/ApiGateway", "Latency", of, milliseconds(begun))
		}
		for _, group := range logs {
			d.count("AWS/Logs", "IncomingLogEvents", Dimensions{"LogGroupName": group}, 1)
		}
	})
}

// accessLogs are the log groups that the API writes an event to for each request: those that an alarm compares with its
// requests.
func accessLogs(s *deployed.Stage) []string {
	var groups []string
	for _, alarm := range s.Alarms {
		group, requests := "", false
		for _, query := range alarm.Metrics {
			if query.MetricStat == nil {
				continue
			}
			of := query.MetricStat.Metric
			requests = requests || of.Namespace == "AWS/ApiGateway" && of.MetricName == "Count"
			if of.MetricName == "IncomingLogEvents" {
				group = of.Dimensions[0].Value
			}
		}
		if requests && group != "" {
			groups = append(groups, group)
		}
	}
	return groups
}

// AWS refuses what a throttled table is asked for, and counts sign-ins.
func (d *Drill) AWS(s *deployed.Stage, next http.Handler) http.Handler {
	if d == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if service != dynamoDB && !signsIn(operation) {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "the request cannot be read", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if service == dynamoDB {
			d.table(s, w, r, request{operation, body}, next)
			return
		}
		d.signIn(s, w, r, body, next)
	})
}

const dynamoDB = "DynamoDB_20120810"

// request is what a table is asked for.
type request struct {
	operation string
	body      []byte
}

// table refuses a request to a throttled table, and counts that for the table and, if the request names one, its global
// index.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
func (d *Drill) table(s *deployed.Stage, w http.ResponseWriter, r *http.Request, asked request, next http.Handler) {
	var about struct {
		TableName, IndexName string
		RequestItems         map[string]json.RawMessage
	}
	// What is no request the engine of the tables refuses itself.
	if json.Unmarshal(asked.body, &about) == nil {
		names := []string{about.TableName}
		for name := range about.RequestItems {
			names = append(names, name)
		}
		for _, name := range names {
			if !d.is(d.throttled, name) {
				continue
			}
			metric := "WriteThrottleEvents"
			if slices.Contains([]string{"GetItem", "BatchGetItem", "Query", "Scan"}, asked.operation) {
				metric = "ReadThrottleEvents"
			}
			d.count("AWS/DynamoDB", metric, Dimensions{"TableName": name}, 1)
			if global(s, name, about.IndexName) {
				d.count("AWS/DynamoDB", metric,
					Dimensions{"TableName": name, "GlobalSecondaryIndexName": about.IndexName}, 1)
			}
			refuse(w)
			return
		}
	}
	next.ServeHTTP(w, r)
}

func global(s *deployed.Stage, table, index string) bool {
	for _, t := range s.Tables {
		if t.Name == table {
			return slices.ContainsFunc(t.GlobalSecondaryIndexes, func(i deployed.Index) bool { return i.IndexName == index })
		}
	}
	return false
}

// refuse answers as DynamoDB does beyond the maximum throughput of a table. SDKs try again.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func refuse(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException",`+
		`"message":"Throughput exceeds the current capacity of your table or index."}`) // the caller may be gone
}

func signsIn(operation string) bool {
	return operation == "InitiateAuth" || operation == "RespondToAuthChallenge"
}

// signIn counts a sign-in that has ended: 1 if it gave tokens, 0 if it failed. One that is asked for more goes on.
// https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
func (d *Drill) signIn(s *deployed.Stage, w http.ResponseWriter, r *http.Request, body []byte, next http.Handler) {
	answer := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(answer, r)
	var asked struct{ ClientID string }
	var said struct{ AuthenticationResult json.RawMessage }
	if json.Unmarshal(body, &asked) != nil || asked.ClientID == "" {
		return
	}
	signedIn := json.Unmarshal(answer.body.Bytes(), &said) == nil && len(said.AuthenticationResult) > 2
	if signedIn || answer.status >= http.StatusBadRequest {
		of := Dimensions{"UserPool": s.UserPool.ID, "UserPoolClient": asked.ClientID}
		d.count("AWS/Cognito", "SignInSuccesses", of, truth(signedIn))
	}
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the body.
func (r *recorder) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}
