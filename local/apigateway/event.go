package apigateway

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// event is the input of a function, format version 1.0: set-up-lambda-proxy-integrations.html, "Input format". Missing
// values are null.
type event struct {
	Resource                        string              `json:"resource"`
	Path                            string              `json:"path"`
	HTTPMethod                      string              `json:"httpMethod"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters                  map[string]string   `json:"pathParameters"`
	StageVariables                  map[string]string   `json:"stageVariables"`
	RequestContext                  requestContext      `json:"requestContext"`
	Body                            *string             `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type requestContext struct {
	ResourceID        string         `json:"resourceId"`
	Authorizer        map[string]any `json:"authorizer,omitempty"`
	ResourcePath      string         `json:"resourcePath"`
	HTTPMethod        string         `json:"httpMethod"`
	ExtendedRequestID string         `json:"extendedRequestId"`
	RequestTime       string         `json:"requestTime"`
	Path              string         `json:"path"`
	AccountID         string         `json:"accountId"`
	Protocol          string         `json:"protocol"`
	Stage             string         `json:"stage"`
	DomainPrefix      string         `json:"domainPrefix"`
	RequestTimeEpoch  int64          `json:"requestTimeEpoch"`
	RequestID         string         `json:"requestId"`
	Identity          identity       `json:"identity"`
	DomainName        string         `json:"domainName"`
	APIID             string         `json:"apiId"`
}

// identity is the caller; all fields except address and user agent belong to a signed request.
type identity struct {
	CognitoIdentityPoolID         *string `json:"cognitoIdentityPoolId"`
	AccountID                     *string `json:"accountId"`
	CognitoIdentityID             *string `json:"cognitoIdentityId"`
	Caller                        *string `json:"caller"`
	SourceIP                      string  `json:"sourceIp"`
	PrincipalOrgID                *string `json:"principalOrgId"`
	AccessKey                     *string `json:"accessKey"`
	CognitoAuthenticationType     *string `json:"cognitoAuthenticationType"`
	CognitoAuthenticationProvider *string `json:"cognitoAuthenticationProvider"`
	UserARN                       *string `json:"userArn"`
	UserAgent                     *string `json:"userAgent"`
	User                          *string `json:"user"`
}

func newEvent(x *exchange, s *deployed.Stage) event {
	headers := x.eventHeaders()
	e := event{
		Resource: x.route.Path, Path: x.path, HTTPMethod: x.method,
		Headers: last(headers), MultiValueHeaders: headers,
		Body: orNull(string(x.body)),
		RequestContext: requestContext{
			AccountID: s.Account, APIID: s.API.ID, Stage: s.API.StageName,
			ResourceID: x.route.ResourceID, ResourcePath: x.route.Path, Path: x.request.URL.EscapedPath(),
			HTTPMethod: x.method, Protocol: x.request.Proto, DomainName: x.request.Host,
			RequestID: x.requestID, ExtendedRequestID: x.extendedID,
			RequestTime: x.requestTime(), RequestTimeEpoch: x.begun.UnixMilli(),
			Identity: x.identity(s.Account),
		},
	}
	e.RequestContext.DomainPrefix, _, _ = strings.Cut(x.request.Host, ".")
	if query := eventQuery(x.query); len(query) > 0 {
		e.QueryStringParameters, e.MultiValueQueryStringParameters = last(query), query
	}
	if x.claims != nil {
		e.RequestContext.Authorizer = map[string]any{"claims": x.claims}
	}
	return e
}

// eventHeaders are the request's headers and those that API Gateway adds.
func (x *exchange) eventHeaders() http.Header {
	headers := http.Header{}
	for name, values := range x.request.Header {
		if !droppedRequestHeaders[name] {
			headers[name] = values
		}
	}
	// "The Authorization header is dropped if it contains a Signature Version 4 signature or if AWS_IAM authorization is
	// used" (api-gateway-known-issues.html).
	if x.caller != nil || strings.HasPrefix(headers.Get("Authorization"), "AWS4-HMAC-SHA256") {
		delete(headers, "Authorization")
	}
	headers.Set("Host", x.request.Host)
	headers["X-Forwarded-For"] = []string{strings.Join(append(headers.Values("X-Forwarded-For"), x.sourceIP), ", ")}
	_, port, _ := net.SplitHostPort(x.request.Host)
	headers.Set("X-Forwarded-Port", cmp.Or(port, "80"))
	headers.Set("X-Forwarded-Proto", "http")
	headers.Set("X-Amzn-Trace-Id", "Root="+x.traceID)
	return headers
}

// eventQuery are the parameters, decoded. "REST APIs URL-encode the percent character (%) before passing it to backend
// integrations" (api-gateway-known-issues.html).
func eventQuery(query url.Values) map[string][]string {
	encode := func(text string) string { return strings.ReplaceAll(text, "%", "%25") }
	encoded := make(map[string][]string, len(query))
	for name, values := range query {
		for _, value := range values {
			encoded[encode(name)] = append(encoded[encode(name)], encode(value))
		}
	}
	return encoded
}

// last has the last of several values: the page's example of queryStringParameters.
func last(values map[string][]string) map[string]string {
	single := make(map[string]string, len(values))
	for name, several := range values {
		single[name] = several[len(several)-1]
	}
	return single
}

func (x *exchange) identity(account string) identity {
	i := identity{SourceIP: x.sourceIP, UserAgent: orNull(x.request.UserAgent())}
	session := x.caller
	if session == nil {
		return i
	}
	i.AccountID, i.AccessKey, i.UserARN = orNull(account), orNull(session.AccessKeyID), orNull(session.ARN)
	i.Caller, i.User = orNull(session.UserID), orNull(session.UserID)
	if cognito := session.Identity; cognito != nil {
		i.CognitoIdentityPoolID, i.CognitoIdentityID = orNull(cognito.PoolID), orNull(cognito.ID)
		i.CognitoAuthenticationType = orNull(string(cognito.AuthType))
		i.CognitoAuthenticationProvider = orNull(cognito.Provider)
	}
	return i
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// requestTime is in Common Log Format.
func (x *exchange) requestTime() string { return x.begun.UTC().Format("02/Jan/2006:15:04:05 -0700") }
