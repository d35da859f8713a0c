package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const topicARN = "arn:aws:sns:eu-central-1:111122223333:security"

// world stands in for S3, SNS and STS, and holds what they got.
type world struct {
	sync.Mutex
	url string
	// objects are texts by name, messages those that were published.
	objects  map[string]string
	messages []url.Values
	// asked is how often STS was asked who calls.
	asked int
	// headers are those of the last object.
	headers http.Header
	// waiting are the bodies of the queue's messages by their receipts, which are their order.
	waiting map[string]string
	// failing are services that fail: "S3", "SNS", "STS", "SQS", and "DeleteMessage" of SQS.
	failing string
	// refusal is the code with which S3 fails, AccessDenied if empty.
	refusal string
	log     bytes.Buffer
	// now is the time of the function's clock.
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{objects: map[string]string{}, now: beatAt.Add(5 * time.Minute)}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Lock()
		defer w.Unlock()
		if r.Method == http.MethodPut {
			w.put(rw, r, body)
			return
		}
		if _, operation, found := strings.Cut(r.Header.Get("X-Amz-Target"), "AmazonSQS."); found {
			w.queue(rw, operation, body)
			return
		}
		w.publish(rw, body)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

func (w *world) put(rw http.ResponseWriter, r *http.Request, body []byte) {
	if strings.Contains(w.failing, "S3") {
		rw.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(rw, `<Error><Code>`+cmp.Or(w.refusal, "AccessDenied")+
			`</Code><Message>arn:aws:iam::1:role/x</Message></Error>`)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/events/")
	if _, there := w.objects[name]; there && r.Header.Get("If-None-Match") == "*" {
		rw.WriteHeader(http.StatusPreconditionFailed)
		_, _ = io.WriteString(rw, `<Error><Code>PreconditionFailed</Code></Error>`)
		return
	}
	w.headers = r.Header
	w.objects[name] = string(body)
}

func (w *world) publish(rw http.ResponseWriter, body []byte) {
	if strings.Contains(w.failing, "SNS") {
		rw.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(rw, `<ErrorResponse><Error><Code>KMSAccessDenied</Code></Error></ErrorResponse>`)
		return
	}
	form, err := url.ParseQuery(string(body))
	if form.Get("Action") == "GetCallerIdentity" {
		w.identify(rw)
		return
	}
	if err != nil || form.Get("Action") != "Publish" {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	w.messages = append(w.messages, form)
	_, _ = io.WriteString(rw, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
}

func (w *world) identify(rw http.ResponseWriter) {
	if strings.Contains(w.failing, "STS") {
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, `<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>`)
		return
	}
	w.asked++
	_, _ = io.WriteString(rw, `<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>`)
}

// keeper is a function in this world.
func (w *world) keeper() *keeper {
	cfg := lambdatest.AWSConfig(w.url)
	return &keeper{
		bucket: "events", topic: topicARN, expected: expect(),
		objects: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		topics:  sns.NewFromConfig(cfg), identities: sts.NewFromConfig(cfg),
		undelivered: w.url + "/queue", queues: sqs.NewFromConfig(cfg),
		log: slog.New(slog.NewJSONHandler(&w.log, nil)), now: func() time.Time { return w.now },
	}
}

// expect is what is expected of a stage.
func expect() expected {
	own, err := arn.Parse(topicARN)
	if err != nil {
		panic(err)
	}
	e := expected{own: own, deployRole: deployRole, stageID: stageID}
	if err := json.Unmarshal([]byte(expectedRoles), &e.roles); err != nil {
		panic(err)
	}
	return e
}

// invoke hands an event over.
func (w *world) invoke(t *testing.T, event any) error {
	t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.keeper().Invoke(t.Context(), payload)
	return err
}

// handles hands over an event that the function must handle.
func (w *world) handles(t *testing.T, event any) {
	t.Helper()
	if err := w.invoke(t, event); err != nil {
		t.Fatalf("%v: %v", event, err)
	}
}
