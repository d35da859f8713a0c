package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/config/configtest"
)

const (
	account = "444455556666"
	arn     = "arn:aws:acm:us-east-1:" + account + ":certificate/0e1f2a3b-0000-4000-8000-000000000000"
	// now is fixed, so that no test depends on the date.
	day = "2026-11-28"
)

// answer is a service's response, in the bytes of its protocol.
type answer struct {
	status int
	body   string
	// kind is the header by which REST services name an error.
	kind string
}

func said(body string) []answer { return []answer{{status: http.StatusOK, body: body}} }

// refusal is an error of a service, in the shape of its protocol.
func refusal(operation, code, message string) []answer {
	switch operation {
	case "GetCallerIdentity", "GetSMSSandboxAccountStatus", "GetSMSAttributes", "DescribeStack",
		"DescribeStacks":
		return []answer{{status: http.StatusBadRequest, body: `<ErrorResponse><Error><Type>Sender</Type><Code>` + code +
			`</Code><Message>` + message + `</Message></Error><RequestId>r</RequestId></ErrorResponse>`}}
	case "GetBucketPolicy":
		return []answer{{status: http.StatusForbidden, body: `<Error><Code>` + code + `</Code><Message>` + message +
			`</Message></Error>`}}
	case "ses:GetAccount", "GetEmailIdentity", "GetAccountSettings", "apigateway:GetAccount":
		return []answer{{status: http.StatusForbidden, kind: code, body: `{"message":"` + message + `"}`}}
	}
	return []answer{{status: http.StatusBadRequest, body: `{"__type":"` + code + `","message":"` + message + `"}`}}
}

// recorded is an AWS with recorded responses, by operation. Several responses are sent one after the other.
type recorded struct {
	t       *testing.T
	mutex   sync.Mutex
	answers map[string][]answer
	// asked are the called operations with hosts and requests.
	asked map[string][]string
	sent  map[string]string
	// silent is an operation that does not answer.
	silent string
}

func (r *recorded) Do(request *http.Request) (*http.Response, error) {
	body := []byte(nil)
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
	}
	operation := operationOf(request, body)
	r.mutex.Lock()
	r.asked[operation] = append(r.asked[operation], request.URL.Host)
	r.sent[operation] += string(body)
	answers := r.answers[operation]
	if len(answers) > 1 {
		r.answers[operation] = answers[1:]
	}
	r.mutex.Unlock()
	if operation == r.silent {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	if len(answers) == 0 {
		r.t.Errorf("%s %s: %q is not recorded", request.Method, request.URL, operation)
		return nil, io.ErrUnexpectedEOF
	}
	header := http.Header{"X-Amzn-Errortype": {answers[0].kind}}
	if answers[0].kind == "" {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: answers[0].status, Header: header, Request: request,
		Body: io.NopCloser(bytes.NewBufferString(answers[0].body)),
	}, nil
}

// operationOf is a request's operation, in each of the protocols.
func operationOf(request *http.Request, body []byte) string {
	if target := request.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}
	if request.URL.Query().Has("policy") {
		return "GetBucketPolicy"
	}
	switch path := request.URL.Path; {
	case strings.HasPrefix(path, "/v2/email/identities/"):
		return "GetEmailIdentity"
	case path == "/v2/email/account":
		return "ses:GetAccount"
	case strings.HasSuffix(path, "/account-settings") || strings.HasSuffix(path, "/account-settings/"):
		return "GetAccountSettings"
	case path == "/account":
		return "apigateway:GetAccount"
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return err.Error()
	}
	if form.Has("StackName") {
		return "DescribeStack" // the same operation, for one of them
	}
	return form.Get("Action")
}

// names is a DNS: an address for each host that it knows.
type names map[string]error

func (n names) LookupIP(_ context.Context, network, host string) ([]net.IP, error) {
	err, known := n[network+" "+host]
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if err != nil {
		return nil, err
	}
	return []net.IP{net.IPv4(192, 0, 2, 1)}, nil
}

// prod is the stage with everything: its own domain, SES, notices, and SMS, which the committed one does not send.
func prod() config.Stage {
	s := configtest.Stage("Prod")
	s.Account = account
	s.Domain.CertificateARN = arn
	s.Email.IdentityARN = "arn:aws:ses:eu-west-1:" + account + ":identity/securecart.example"
	s.Users.SecondFactors = []config.SecondFactor{config.TOTP, config.SMS}
	s.Alarms.SMSSpendUSD = 20
	return s
}

// dev is Dev in an account that the credentials decide.
func dev() config.Stage { return config.Own("Dev") }

// look runs all checks of a stage against an account that differs from account444 in some answers.
func look(t *testing.T, stage config.Stage, changes map[string][]answer, dns names) ([]Result, *recorded) {
	t.Helper()
	r := &recorded{t: t, answers: account444(), asked: map[string][]string{}, sent: map[string]string{}}
	for operation, answers := range changes {
		r.answers[operation] = answers
	}
	return lookAt(t.Context(), t, stage, r, dns, Progress{}), r
}

func lookAt(
	ctx context.Context, t *testing.T, stage config.Stage, r *recorded, dns names, progress Progress,
) []Result {
	t.Helper()
	services := servicesOf(aws.Config{
		HTTPClient: r, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}, stage)
	services.Names = dns
	if dns == nil {
		services.Names = names{"ip4 securecart.example": nil}
	}
	today, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return runChecks(ctx, Subject{Stage: stage, Now: today, Services: services}, progress)
}

// of are the results of one check.
func of(results []Result, name string) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Check != name })
}
