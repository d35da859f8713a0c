package apigateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

// answering calls GET /orders of a function that returns payload.
func (a *api) answering(t testing.TB, bearer, payload string) *http.Response {
	t.Helper()
	a.answers = func(context.Context, []byte) ([]byte, error) { return []byte(payload), nil }
	return a.call(t, "GET", "/v1/orders", "", "Authorization", bearer)
}

func TestAnswersOfFunctionsReachTheCaller(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	bearer := token(t, a.stage, nil)
	type answer struct {
		Status int
		Header http.Header
		Body   string
	}
	jsonOnly := http.Header{"Content-Type": {"application/json"}}
	for payload, want := range map[string]answer{
		`{}`:                                  {200, jsonOnly, ""},
		`{"statusCode": 204}`:                 {204, jsonOnly, ""},
		`{"statusCode": "201", "body": null}`: {201, jsonOnly, ""},
		`{"statusCode": 599, "body": "ü\u0000"}`:                                {599, jsonOnly, "ü\x00"},
		`{"headers": null, "multiValueHeaders": null, "isBase64Encoded": null}`: {200, jsonOnly, ""},
		`{"body": "dGVzdA==", "isBase64Encoded": true}`:                         {200, jsonOnly, "dGVzdA=="},
		`{"headers": {"content-type": "text/html", "X-True": true, "X-No": false, "X-Empty": ""}}`: {
			200, http.Header{"Content-Type": {"text/html"}, "X-True": {"true"}, "X-No": {"false"}, "X-Empty": {""}}, "",
		},
		`{"multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "None": []}}`: {200,
			http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"a=1", "b=2"}}, ""},
		`{"headers": {"x-one": "single", "X-Other": "o"}, "multiValueHeaders": {"X-One": ["a", "b"]}}`: {
			200, http.Header{"Content-Type": {"application/json"}, "X-One": {"a", "b"}, "X-Other": {"o"}}, "",
		},
		`{"headers": {"WWW-Authenticate": "Bearer", "date": "today", "Server": "s", "Connection": "close",
			"Authorization": "a", "Content-MD5": "m", "Max-Forwards": "1", "User-Agent": "u", "Expect": "e", "Host": "h",
			"Proxy-Authenticate": "p", "TE": "t", "Trailer": "X-T", "Transfer-Encoding": "chunked", "Upgrade": "h2c", "Via": "v",
			"Content-Length": "1", "Age": "1", "Pragma": "p", "Warn": "w"}, "body": "whole"}`: {200, http.Header{
			"Content-Type": {"application/json"}, "X-Amzn-Remapped-Www-Authenticate": {"Bearer"},
			"X-Amzn-Remapped-Date": {"today"}, "X-Amzn-Remapped-Server": {"s"}, "X-Amzn-Remapped-Connection": {"close"},
			"X-Amzn-Remapped-Authorization": {"a"}, "X-Amzn-Remapped-Content-Md5": {"m"}, "X-Amzn-Remapped-Max-Forwards": {"1"},
			"X-Amzn-Remapped-User-Agent": {"u"}, "Age": {"1"}, "Pragma": {"p"}, "Warn": {"w"},
		}, "whole"},
	} {
		r := a.answering(t, bearer, payload)
		r.Header.Del("X-Amzn-Requestid")
		r.Header.Del("X-Amz-Apigw-Id")
		if diff := cmp.Diff(want, answer{r.StatusCode, r.Header, text(t, r)}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", payload, diff)
		}
	}
}

func TestMalformedAnswersOfFunctionsAreBadGateways(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	bearer := token(t, a.stage, nil)
	for _, payload := range []string{
		``, ` `, `null`, `[]`, `"text"`, `200`, `{`, `{} {}`, `{"errorMessage": "boom", "errorType": "Error"}`,
		`{"statusCode": 200, "cookies": []}`, `{"StatusCode": 200}`, `{"statusCode": "ok"}`, `{"statusCode": null}`,
		`{"statusCode": 200.5}`, `{"statusCode": 199}`, `{"statusCode": 101}`, `{"statusCode": 600}`, `{"statusCode": -1}`,
		`{"statusCode": 99999999999999999999}`, `{"statusCode": true}`, `{"statusCode": [200]}`,
		`{"body": {"message": "an object"}}`, `{"body": 1}`, `{"isBase64Encoded": "true"}`, `{"headers": []}`,
		`{"headers": "X-A: b"}`, `{"headers": {"X-A": 1}}`, `{"headers": {"X-A": null}}`, `{"headers": {"X-A": ["b"]}}`,
		`{"multiValueHeaders": {"X-A": "b"}}`, `{"multiValueHeaders": {"X-A": [1]}}`,
		`{"multiValueHeaders": {"X-A": [null]}}`, `{"headers": {"": "b"}}`, `{"headers": {"X A": "b"}}`,
		`{"headers": {"X-A:": "b"}}`, `{"headers": {"X-Ä": "b"}}`, `{"headers": {"X-A": "b\r\nSet-Cookie: c"}}`,
		`{"headers": {"X-A": "b\nc"}}`, `{"headers": {"X-A": "b\rc"}}`, `{"headers": {"X-A": "b\u0000"}}`,
		`{"headers": {"X-A": "\u007f"}}`, `{"headers": {"X-A\r\nSet-Cookie": "c"}}`,
		`{"multiValueHeaders": {"Location": ["/", "/\r\n\r\n<script>"]}}`,
	} {
		t.Run(payload, func(t *testing.T) {
			r := a.answering(t, bearer, payload)
			if len(r.Header.Values("Set-Cookie")) != 0 {
				t.Errorf("headers %v", r.Header)
			}
			wantRefused(t, r, 502, "InternalServerErrorException", "Internal error")
		})
	}
}

func TestGoFunctionsAnswerInTheFormatThatIsUnderstood(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	payload := must.Get(json.Marshal(events.APIGatewayProxyResponse{
		StatusCode: 201, Headers: map[string]string{"Location": "/v1/orders/1"}, Body: `{"id":"1"}`,
	}))(t)
	r := a.answering(t, token(t, a.stage, nil), string(payload))
	if r.StatusCode != 201 || r.Header.Get("Location") != "/v1/orders/1" || text(t, r) != `{"id":"1"}` {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
}

func TestFunctionsCannotForgeTheRequestId(t *testing.T) {
	a := serve(t, reviewed(t, nil))
	r := a.answering(t, token(t, a.stage, nil), `{"multiValueHeaders": {"x-amzn-requestid": ["forged", "twice"]}}`)
	if ids := r.Header.Values("x-amzn-RequestId"); len(ids) != 1 || ids[0] == "forged" {
		t.Errorf("request ids %q", ids)
	}
}

// FuzzProxyResponse looks for answers of functions that break the server, or that the caller reads as something else.
func FuzzProxyResponse(f *testing.F) {
	s := reviewed(f, nil)
	s.API.Throttling = deployed.Throttling{Rate: 1e9, Burst: 1e9}
	bearer := token(f, s, nil)
	a := serve(f, s)
	payload := make(chan []byte, 1)
	a.answers = func(context.Context, []byte) ([]byte, error) { return <-payload, nil }
	server := httptest.NewServer(a)
	f.Cleanup(server.Close)
	for _, seed := range []string{
		`{"statusCode": 200, "headers": {"Content-Type": "text/plain", "WWW-Authenticate": "Bearer"}, "body": "b"}`,
		`{"multiValueHeaders": {"Set-Cookie": ["a", "b"]}}`,
		`{"headers": {"Content-Length": "5", "Transfer-Encoding": "chunked", "Trailer": "X"}, "body": "0123456789"}`,
		`{"statusCode": "304", "body": "b"}`, `{"headers": {"a\r\nb": "c"}}`, `{"headers": {"a": "\u007f"}}`,
		`{"statusCode": 204, "body": "more"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		a.events, a.functions = nil, nil
		a.lines.Reset()
		payload <- answer
		connection := must.Get(net.Dial("tcp", server.Listener.Addr().String()))(t)
		defer func() { _ = connection.Close() }()
		request := "GET /v1/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " + bearer + "\r\n\r\n"
		must.Get(connection.Write([]byte(request)))(t)
		reader := bufio.NewReader(connection)
		r, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("%q: %v", answer, err)
		}
		body := text(t, r)
		var want struct{ Body string }
		if r.StatusCode != 502 && r.StatusCode != 204 && r.StatusCode != 304 {
			// Exact names are the parser's business; here it matters that the whole body arrives, and nothing else.
			if err := json.Unmarshal(answer, &want); err == nil && body != want.Body {
				t.Errorf("%q: body %q, want %q", answer, body, want.Body)
			}
		}
		if rest, _ := reader.Peek(1); len(rest) > 0 {
			t.Errorf("%q: %q after the answer", answer, rest)
		}
		if len(r.Header.Values("X-Amzn-Requestid")) != 1 {
			t.Errorf("%q: headers %v", answer, r.Header)
		}
	})
}
