package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/securecart/identity/local/services/awsjson"
)

// Target is what stands before the operation in X-Amz-Target.
const Target = "AWSCognitoIdentityProviderService"

var protocol = awsjson.Protocol{
	Target: Target, Version: "1.1", Browsers: true,
	// In bytes. The largest documented request, all attributes at their longest, fits several times.
	Limit: 256 << 10,
}

// operation is one of the API.
type operation struct {
	// byIAM says that the caller signs with AWS credentials. The others are authorized by what they hold: a token, a
	// session, or nothing at all.
	byIAM bool
	// required are the members that a request must have.
	required []string
	serve    func(ctx context.Context, p *Pool, body []byte) (any, error)
}

// public is an operation that anybody may call.
func public[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return operation{required: required, serve: decoded(serve)}
}

// signed is an operation that the caller's IAM policies must allow.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
func signed[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return operation{byIAM: true, required: required, serve: decoded(serve)}
}

func decoded[In any](
	serve func(p *Pool, ctx context.Context, in In) (any, error),
) func(context.Context, *Pool, []byte) (any, error) {
	return func(ctx context.Context, p *Pool, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, errUnreadable
		}
		return serve(p, ctx, in)
	}
}

var errUnreadable = &Error{"SerializationException", "The request is not the JSON object that the operation takes."}

// nothing is the answer of operations that have nothing to say.
type nothing struct{}

// Operations are the names of the served operations, sorted.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// Handler serves the JSON API and the pool's discovery documents, with CORS for every origin, as on AWS.
func (p *Pool) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+p.pool.ID+"/.well-known/jwks.json", p.serveKeySet)
	mux.HandleFunc("GET /"+p.pool.ID+"/.well-known/openid-configuration", p.serveConfiguration)
	mux.Handle("/{$}", protocol.Handler(p.operate))
	return mux
}

func (p *Pool) operate(r *http.Request, name string, body []byte) (any, error) {
	called, ok := operations[name]
	if !ok {
		return nil, awsjson.Unknown(name)
	}
	if called.byIAM {
		// ListUserPools is about no pool in particular:
		// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
		resource := p.pool.ARN
		if name == "ListUserPools" {
			resource = "*"
		}
		if err := p.authorizeCaller(r, body, "cognito-idp:"+name, resource); err != nil {
			return nil, err
		}
	}
	if err := conform(body, called.required); err != nil {
		return nil, err
	}
	var about struct {
		UserPoolID *string `json:"UserPoolId"`
	}
	if err := json.Unmarshal(body, &about); err != nil {
		return nil, errUnreadable
	}
	if about.UserPoolID != nil && *about.UserPoolID != p.pool.ID {
		return nil, refuse("ResourceNotFoundException", "User pool %s does not exist.", *about.UserPoolID)
	}
	answer, err := called.serve(r.Context(), p, body)
	if known := smithy.APIError(nil); err != nil && !errors.As(err, &known) {
		// Callers learn nothing of an internal failure.
		return nil, &smithy.GenericAPIError{
			Code: "InternalErrorException", Message: "The local user pool has failed.", Fault: smithy.FaultServer,
		}
	}
	return answer, err
}
