package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// The JSON API's protocol.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
const (
	targetPrefix = "AWSCognitoIdentityProviderService."
	contentType  = "application/x-amz-json-1.1"
	// maxBody is in bytes. The largest documented request, all attributes at their longest, fits several times.
	maxBody = 256 << 10
)

// operation is one of the API.
type operation struct {
	// byIAM says that the caller signs with AWS credentials. The others are authorized by what they hold: a token, a
	// session, or nothing at all.
	byIAM bool
	serve func(ctx context.Context, p *Pool, body []byte) (any, error)
}

// public is an operation that anybody may call, with the members that a request must have.
func public[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return operation{serve: decoded(serve, required)}
}

// signed is an operation that IAM authorizes, before the request comes here.
func signed[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return operation{byIAM: true, serve: decoded(serve, required)}
}

func decoded[In any](
	serve func(p *Pool, ctx context.Context, in In) (any, error), required []string,
) func(context.Context, *Pool, []byte) (any, error) {
	return func(ctx context.Context, p *Pool, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, &Error{"SerializationException", "The request is not the JSON object that the operation takes."}
		}
		if err := hasMembers(body, required); err != nil {
			return nil, err
		}
		return serve(p, ctx, in)
	}
}

// hasMembers refuses a request without a member that the API reference requires. Each of them has at least one
// character.
func hasMembers(body []byte, required []string) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil {
		return &Error{"SerializationException", "The request is not the JSON object that the operation takes."}
	}
	for _, name := range required {
		member, problem := strings.ToLower(name[:1])+name[1:], ""
		switch string(given[name]) {
		case "", "null":
			problem = "Value null at '%s' failed to satisfy constraint: Member must not be null"
		case `""`:
			problem = "Value at '%s' failed to satisfy constraint: Member must have length greater than or equal to 1"
		default:
			continue
		}
		return invalidParameter("1 validation error detected: "+problem, member)
	}
	return nil
}

// nothing is the answer of operations that have nothing to say.
type nothing struct{}

// NeedsCredentials tells whether an operation is authorized by the caller's IAM policies. Whoever serves [Pool.Handler]
// must have verified the signature and evaluated [Action] by then. An operation that is not served needs none: it is
// refused anyway.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
func NeedsCredentials(name string) bool { return operations[name].byIAM }

// Action is the IAM action of an operation.
func Action(name string) string { return "cognito-idp:" + name }

// Handler serves the JSON API and the pool's discovery documents, with CORS for every origin, as on AWS. It checks no
// signature: see [NeedsCredentials].
func (p *Pool) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+p.pool.ID+"/.well-known/jwks.json", p.serveKeySet)
	mux.HandleFunc("GET /"+p.pool.ID+"/.well-known/openid-configuration", p.serveConfiguration)
	mux.HandleFunc("POST /{$}", p.serveOperation)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
		if r.Method == http.MethodOptions {
			header.Set("Access-Control-Allow-Methods", "GET,POST,OPTIONS")
			header.Set(
				"Access-Control-Allow-Headers",
				"Authorization,Cache-Control,Content-Type,X-Amz-Content-Sha256,X-Amz-Date,"+
					"X-Amz-Security-Token,X-Amz-Target,X-Amz-User-Agent,amz-sdk-invocation-id,amz-sdk-request",
			)
			header.Set("Access-Control-Max-Age", "172800")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (p *Pool) serveOperation(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amzn-RequestId", newUUID())
	w.Header().Set("Content-Type", contentType)
	answer, err := p.operate(w, r)
	status := http.StatusOK
	if err != nil {
		status, answer = problem(w, err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(
			`{"__type":"InternalErrorException","message":"The answer has no JSON form."}`,
		)
	}
	w.WriteHeader(status)
	// The client has gone if this fails.
	_, _ = w.Write(text)
}

func (p *Pool) operate(w http.ResponseWriter, r *http.Request) (any, error) {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if !ok {
		return nil, &Error{"UnknownOperationException", "The header X-Amz-Target must name an operation of " + targetPrefix}
	}
	called, ok := operations[name]
	if !ok {
		return nil, refuse("UnknownOperationException", "The operation %q is not served by the local user pool.", name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, &Error{"RequestEntityTooLargeException", "The request is too large."}
	}
	if err != nil {
		return nil, &Error{"SerializationException", "The request could not be read."}
	}
	return called.serve(r.Context(), p, body)
}

// problem is the answer to an error. What went wrong inside is nobody's business outside.
func problem(w http.ResponseWriter, err error) (status int, body map[string]string) {
	status = http.StatusBadRequest
	var refused *Error
	if !errors.As(err, &refused) {
		status, refused = http.StatusInternalServerError, &Error{"InternalErrorException", "The local user pool has failed."}
	}
	if refused.Code == "RequestEntityTooLargeException" {
		status = http.StatusRequestEntityTooLarge
	}
	w.Header().Set("x-amzn-ErrorType", refused.Code)
	return status, map[string]string{"__type": refused.Code, "message": refused.Message}
}
