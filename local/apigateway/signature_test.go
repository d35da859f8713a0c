package apigateway_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

// emptyHash is that of a body of zero bytes.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestSignedRequestsReachFunctionsWithTheSessionAndWithoutTheSignature(t *testing.T) {
	s := reviewed(t, nil)
	const pool = "cognito-idp.eu-central-1.amazonaws.com/p"
	const signedIn = pool + "," + pool + ":CognitoSignIn:" + sub
	who := &caller{session: &credentials.Session{
		AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret-key", SessionToken: "session-token",
		UserID: "AROAEXAMPLE:CognitoIdentityCredentials",
		ARN:    "arn:aws:sts::111122223333:assumed-role/Customer/CognitoIdentityCredentials",
		Identity: &credentials.Identity{
			PoolID: "eu-central-1:pool", ID: "eu-central-1:me", AuthType: credentials.Authenticated, Provider: signedIn,
		},
	}}
	a := serve(t, s, func(o *apigateway.Options) { o.Credentials = who })
	r := a.call(t, "GET", "/v1/products/?limit=1", "covered", "Authorization", "AWS4-HMAC-SHA256 Credential=x",
		"User-Agent", "tests")
	if r.StatusCode != http.StatusOK {
		t.Fatal(r.StatusCode)
	}
	if diff := cmp.Diff(
		[]string{"execute-api:Invoke arn:aws:execute-api:eu-central-1:111122223333:" + s.API.ID + "/v1/GET/products"},
		who.asked); diff != "" {
		t.Errorf("permission (-want +got)\n%s", diff)
	}
	event, raw := a.event(t)
	if who.body != "covered" || event.Body != "covered" {
		t.Errorf("body %q was verified and %q invoked", who.body, event.Body)
	}
	if event.Headers["Authorization"] != "" || len(event.MultiValueHeaders["Authorization"]) != 0 {
		t.Errorf("the signature reached the function: %v", event.Headers)
	}
	want := map[string]any{
		"accessKey": "ASIAEXAMPLE", "accountId": "111122223333",
		"caller": "AROAEXAMPLE:CognitoIdentityCredentials", "user": "AROAEXAMPLE:CognitoIdentityCredentials",
		"userArn":               "arn:aws:sts::111122223333:assumed-role/Customer/CognitoIdentityCredentials",
		"cognitoIdentityPoolId": "eu-central-1:pool", "cognitoIdentityId": "eu-central-1:me",
		"cognitoAuthenticationType": "authenticated", "cognitoAuthenticationProvider": signedIn,
		"principalOrgId": nil, "sourceIp": "192.0.2.1", "userAgent": "tests",
	}
	context := raw["requestContext"].(map[string]any)
	if diff := cmp.Diff(want, context["identity"]); diff != "" {
		t.Errorf("identity (-want +got)\n%s", diff)
	}
	if _, there := context["authorizer"]; there {
		t.Error("there is an authorizer")
	}
}

func TestRefusedCredentialsHaveTheGatewayResponseOfTheirKind(t *testing.T) {
	const (
		signature = "The AWS signature of the request is missing, expired or wrong."
		internal  = "InternalServerErrorException"
	)
	refused := func(code string) error { return &credentials.Error{Code: code, Message: "for the client alone"} }
	for name, test := range map[string]struct {
		unverified, unpermitted error
		status                  int
		code, title, detail     string
	}{
		"not signed": {
			refused(credentials.MissingAuthenticationToken), nil, 403, credentials.MissingAuthenticationToken, "Forbidden",
			"There is no such route, or it wants credentials that the request lacks.",
		},
		"wrong signature": {refused(credentials.InvalidSignature), nil, 403, credentials.InvalidSignature, "Forbidden",
			signature},
		"wrong form": {refused(credentials.IncompleteSignature), nil, 403, credentials.IncompleteSignature, "Forbidden",
			signature},
		"unknown key": {refused(credentials.UnrecognizedClient), nil, 403, credentials.UnrecognizedClient, "Forbidden",
			signature},
		"expired": {refused(credentials.ExpiredToken), nil, 403, credentials.ExpiredToken, "Forbidden", signature},
		"not allowed": {nil, refused(credentials.AccessDenied), 403, credentials.AccessDenied, "Forbidden",
			"These credentials do not allow this route."},
		"unheard-of code": {refused("Unheard"), nil, 500, internal, "Internal error",
			"The request could not be answered. Try again later."},
		"broken verifier": {errors.New("broken"), nil, 500, internal, "Internal error",
			"The request could not be answered. Try again later."},
		"broken policies": {nil, errors.New("broken"), 500, internal, "Internal error",
			"The request could not be answered. Try again later."},
	} {
		t.Run(name, func(t *testing.T) {
			s := reviewed(t, nil)
			a := serve(t, s, func(o *apigateway.Options) {
				o.Credentials = &caller{session: &credentials.Session{}, unverified: test.unverified, unpermited: test.unpermitted}
			})
			r := a.call(t, "GET", "/v1/products", "")
			if detail := wantRefused(t, r, test.status, test.code, test.title); detail != test.detail {
				t.Errorf("detail %q, want %q", detail, test.detail)
			}
			if len(a.events) != 0 {
				t.Error("the function was invoked")
			}
		})
	}
}

func TestGuestsOfTheRealStageMayListProductsAndNothingElse(t *testing.T) {
	s := reviewed(t, nil)
	now := func() time.Time { return noon }
	store := must.Get(credentials.New(s, now))(t)
	session := must.Get(store.Issue(s.PoolRoles.Roles.Unauthenticated, "CognitoIdentityCredentials", time.Hour, nil,
		&credentials.Identity{PoolID: s.IdentityPool.ID, ID: "eu-central-1:guest", AuthType: credentials.Unauthenticated}))(t)
	a := serve(t, s, func(o *apigateway.Options) { o.Credentials = store })
	call := func(method, path string, secret string) *http.Response {
		t.Helper()
		r := httptest.NewRequest(method, path, nil)
		keys := aws.Credentials{AccessKeyID: session.AccessKeyID, SecretAccessKey: secret, SessionToken: session.SessionToken}
		must.Do(t, v4.NewSigner().SignHTTP(t.Context(), keys, r, emptyHash, "execute-api", s.Region, noon))
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w.Result()
	}
	if r := call("GET", "/v1/products?limit=5", session.SecretAccessKey); r.StatusCode != http.StatusOK {
		t.Errorf("GET /products: %d %s", r.StatusCode, text(t, r))
	}
	wantRefused(t, call("GET", "/v1/products", "another secret"), 403, credentials.InvalidSignature, "Forbidden")
	wantRefused(t, call("GET", "/v1/orders", session.SecretAccessKey), 401, "UnauthorizedException", "Unauthorized")
	presigned, _, err := v4.NewSigner().PresignHTTP(t.Context(), aws.Credentials{
		AccessKeyID: session.AccessKeyID, SecretAccessKey: session.SecretAccessKey, SessionToken: session.SessionToken,
	}, httptest.NewRequest("GET", "http://example.com/v1/products", nil), emptyHash, "execute-api", s.Region, noon)
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(presigned, "?")
	wantRefused(t, a.call(t, "GET", "/v1/products?"+query, ""), 403, credentials.IncompleteSignature, "Forbidden")
	wantRefused(t, a.call(t, "GET", "/v1/products", ""), 403, credentials.MissingAuthenticationToken, "Forbidden")
	wantRefused(t, a.call(t, "GET", "/v1/products", "", "Authorization", "Bearer "+token(t, s, nil)), 403,
		credentials.IncompleteSignature, "Forbidden")
	for i := range s.API.Methods {
		if s.API.Methods[i].HTTPMethod == "PUT" {
			s.API.Methods[i].AuthorizationType = "AWS_IAM"
		}
	}
	a = serve(t, s, func(o *apigateway.Options) { o.Credentials = store })
	wantRefused(t, call("PUT", "/v1/profile", session.SecretAccessKey), 403, credentials.AccessDenied, "Forbidden")
}
