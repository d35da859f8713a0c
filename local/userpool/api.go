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

// Target is the prefix of the operation in X-Amz-Target.
const Target = "AWSCognitoIdentityProviderService"

var protocol = awsjson.Protocol{
	Target: Target, Version: "1.1", Browsers: true,
	// In bytes. The largest documented request, with all attributes at their longest, fits several times.
	Limit: 256 << 10,
}

// operation is an operation of the API.
type operation struct {
	// byIAM says that the caller signs with AWS credentials. Other operations are authorized by a token or a session that
	// the caller holds, or by nothing.
	byIAM bool
	// required are the members that a request must have.
	required []string
	serve    func(ctx context.Context, p *Pool, body []byte) (any, error)
}

// public is an operation that anybody may call.
func public[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return operation{required: required, serve: func(ctx context.Context, p *Pool, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, errUnreadable
		}
		return serve(p, ctx, in)
	}}
}

// byToken is an operation by which users change themselves. It needs an access token with the scope
// aws.cognito.signin.user.admin.
func byToken[In interface{ token() string }](
	serve func(p *Pool, g grant, in In) (any, error), required ...string,
) operation {
	return public(func(p *Pool, _ context.Context, in In) (any, error) {
		return p.self(in.token(), func(g grant) (any, error) { return serve(p, g, in) })
	}, append([]string{"AccessToken"}, required...)...)
}

// signed is an operation that the caller's IAM policies must allow.
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
func signed[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	of := public(serve, required...)
	of.byIAM = true
	return of
}

// onPool is a signed operation whose request names the user pool.
func onPool[In any](serve func(p *Pool, ctx context.Context, in In) (any, error), required ...string) operation {
	return signed(serve, append([]string{"UserPoolId"}, required...)...)
}

// onUser is a signed operation whose request names a user of the pool.
func onUser[In interface{ username() string }](
	serve func(p *Pool, u *user, in In) (any, error), required ...string,
) operation {
	return onPool(func(p *Pool, _ context.Context, in In) (any, error) {
		return withUser(p, in, func(u *user) (any, error) { return serve(p, u, in) })
	}, append([]string{"Username"}, required...)...)
}

// withUser finds the user that a request names, and locks the pool while do runs.
func withUser[Out any](p *Pool, in interface{ username() string }, do func(u *user) (Out, error)) (Out, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(in.username())
	if u == nil {
		var none Out
		return none, errNoUser
	}
	return do(u)
}

var errUnreadable = &Error{"SerializationException", "The request is not the JSON object that the operation takes."}

// nothing is the answer of operations whose answer has no members.
type nothing struct{}

// Operations returns the names of the served operations, sorted.
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
		// ListUserPools has no resource of its own:
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
		// Callers do not learn the cause of an internal failure.
		return nil, &smithy.GenericAPIError{
			Code: "InternalErrorException", Message: "The local user pool has failed.", Fault: smithy.FaultServer,
		}
	}
	return answer, err
}
