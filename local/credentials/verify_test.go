package credentials_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

const region = "eu-central-1"

func asAWS(s credentials.Session) aws.Credentials {
	return aws.Credentials{AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretAccessKey, SessionToken: s.SessionToken}
}

// message is a request of which every part can be changed after it was signed.
type message struct {
	method, path, query, host string
	header                    http.Header
	body                      string
}

func (m message) request() *http.Request {
	r := httptest.NewRequest(m.method, "http://"+m.host+m.path+"?"+m.query, strings.NewReader(m.body))
	r.Header = m.header.Clone()
	return r
}

func (m message) verify(store *credentials.Store, service string) (*credentials.Session, error) {
	return store.Verify(m.request(), []byte(m.body), service)
}

// sign signs what a client of API Gateway could send.
func sign(t *testing.T, as aws.Credentials, service, region string, at time.Time) message {
	t.Helper()
	m := message{
		method: http.MethodPost, path: "/v1/some%20products/a", query: "category=mugs&limit=5", host: "127.0.0.1:4566",
		header: http.Header{"Content-Type": {"application/json"}, "X-Amz-Target": {"Service.Operation"}}, body: `{"a":1}`,
	}
	m.signAgain(t, as, service, region, at)
	return m
}

func (m *message) signAgain(t *testing.T, as aws.Credentials, service, region string, at time.Time) {
	t.Helper()
	r := m.request()
	sum := sha256.Sum256([]byte(m.body))
	must.Do(t, v4.NewSigner().SignHTTP(t.Context(), as, r, hex.EncodeToString(sum[:]), service, region, at))
	m.header = r.Header
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var refused *credentials.Error
	if !errors.As(err, &refused) || refused.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// TestRequestsOfTheAWSSDKAreRecognized lets the SDK's own clients sign.
func TestRequestsOfTheAWSSDKAreRecognized(t *testing.T) {
	s, store := open(t, &clock{time.Now()})
	session := assumeCustomer(t, s, store)
	service := ""
	var refused error
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, err := store.Verify(r, body, service)
		if refused = err; err == nil && got.ARN != session.ARN {
			t.Errorf("recognized as %s, want %s", got.ARN, session.ARN)
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	config := aws.Config{
		Region: region, BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(
			func(context.Context) (aws.Credentials, error) { return asAWS(session), nil }),
	}
	tables, objects := dynamodb.NewFromConfig(config), s3.NewFromConfig(config,
		func(o *s3.Options) { o.UsePathStyle = true })
	key := aws.String("customers/a b+c/ü%2F~/'(*)!")
	presigned := func(method, address string, header http.Header, body string) {
		r := must.Get(http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body)))(t)
		r.Header = header
		response := must.Get(http.DefaultClient.Do(r))(t)
		_ = response.Body.Close()
	}
	for name, call := range map[string]func(context.Context){
		"dynamodb GetItem": func(ctx context.Context) {
			_, _ = tables.GetItem(ctx, &dynamodb.GetItemInput{
				TableName: aws.String("Orders"),
				Key:       map[string]types.AttributeValue{"customerId": &types.AttributeValueMemberS{Value: "ü"}},
			})
		},
		"s3 PutObject": func(ctx context.Context) {
			_, _ = objects.PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String("b"), Key: key, Body: strings.NewReader("content"),
				Metadata: map[string]string{"note": "two  spaces"},
			})
		},
		"s3 PutObject of nothing": func(ctx context.Context) {
			_, _ = objects.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("b"), Key: key, Body: strings.NewReader("")})
		},
		"s3 PutObject with the payload unsigned": func(ctx context.Context) {
			_, _ = objects.PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String("b"), Key: key, Body: strings.NewReader("content"),
			},
				s3.WithAPIOptions(v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware))
		},
		"s3 GetObject": func(ctx context.Context) {
			_, _ = objects.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b"), Key: key, Range: aws.String("bytes=0-1")})
		},
		"s3 presigned GetObject": func(ctx context.Context) {
			signed := must.Get(s3.NewPresignClient(objects).PresignGetObject(ctx, &s3.GetObjectInput{
				Bucket: aws.String("b"), Key: key,
			}))(t)
			presigned(signed.Method, signed.URL, signed.SignedHeader, "")
		},
		"s3 presigned PutObject": func(ctx context.Context) {
			signed := must.Get(s3.NewPresignClient(objects).PresignPutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String("b"), Key: key, ContentType: aws.String("text/plain"),
			}))(t)
			presigned(signed.Method, signed.URL, signed.SignedHeader, "content")
		},
	} {
		service, _, _ = strings.Cut(name, " ")
		refused = errors.New("it was not called")
		call(t.Context())
		if refused != nil {
			t.Errorf("%s: %v", name, refused)
		}
	}
}

// TestHeadersThatTheSDKNeverSignsMayBeSigned: Amplify and others sign whatever they send.
func TestHeadersThatTheSDKNeverSignsMayBeSigned(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	session := assumeGuest(t, s, store)
	m := sign(t, asAWS(session), "execute-api", region, clock.Time)
	// In lower case the SDK's signer does not know them.
	r := m.request()
	r.Header["user-agent"], r.Header["x-amzn-trace-id"] = []string{"Browser  1.0"}, []string{"Root=1"}
	sum := sha256.Sum256([]byte(m.body))
	must.Do(t, v4.NewSigner().SignHTTP(t.Context(), asAWS(session), r, hex.EncodeToString(sum[:]), "execute-api", region,
		clock.Time))
	m.header = http.Header{}
	for name, values := range r.Header {
		m.header[http.CanonicalHeaderKey(name)] = values
	}
	if !strings.Contains(m.header.Get("Authorization"), "user-agent;x-amz-date") {
		t.Fatalf("user-agent is not signed: %s", m.header.Get("Authorization"))
	}
	if _, err := m.verify(store, "execute-api"); err != nil {
		t.Error(err)
	}
	m.header.Set("User-Agent", "another")
	_, err := m.verify(store, "execute-api")
	wantCode(t, err, credentials.InvalidSignature)
}
