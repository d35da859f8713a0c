// Package apigateway serves a stage's REST API as Amazon API Gateway does by its documentation: routes, CORS
// preflights, user pool and IAM authorization, request validation, Lambda proxy integration, gateway responses,
// throttling and access log.
//
// An unsupported part of the API stops the start, so that no provisioned part is silently ignored. There is no web ACL,
// no cache, no usage plan, no execution log and no TLS. Header names reach functions in their canonical form
// ("Idempotency-Key"), whereas API Gateway keeps the client's letter case.
//
// Where AWS documents nothing, comments say what this package does. All pages are below
// https://docs.aws.amazon.com/apigateway/latest/developerguide/.
package apigateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/securecart/identity/internal/deployed"
)

// Options configure an API's environment.
type Options struct {
	// Stage is the deployed stage; its API is served. Required, and must not be changed afterwards.
	Stage *deployed.Stage
	// Keys returns the public keys of the user pool. It is called for each token that is not cached. Required.
	Keys func() jose.JSONWebKeySet
	// Issuer is the user pool's name in its tokens, "https://cognito-idp.<region>.amazonaws.com/<pool id>". Required.
	Issuer string
	// Invoke runs a function with one event and returns its answer. It must return when its context ends. Any error
	// becomes a 502, or a 504 if the context has ended. Required.
	Invoke func(ctx context.Context, functionARN string, payload []byte) ([]byte, error)
	// Credentials authorize routes with AWS_IAM. Required if there is such a route.
	Credentials Credentials
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	// Log gets one line for each request, in the stage's format. None if nil.
	Log io.Writer
}

// Gateway is an API that can be called. It is safe for concurrent use.
type Gateway struct {
	options   Options
	routes    map[string]*route
	responses map[string]gatewayResponse
	log       *accessLog
}

// New reads the API. The error joins all its unsupported parts.
func New(options Options) (*Gateway, error) {
	if options.Stage == nil || options.Keys == nil || options.Issuer == "" || options.Invoke == nil {
		return nil, errors.New("apigateway: Stage, Keys, Issuer and Invoke are required")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	g := &Gateway{options: options}
	var errs [3]error
	g.routes, errs[0] = newRoutes(options)
	g.responses, errs[1] = newGatewayResponses(options.Stage.API.GatewayResponses)
	g.log, errs[2] = newAccessLog(options.Log, options.Stage.API.AccessLogFormat)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("API of %s cannot be served:\n%w", options.Stage.ID, err)
	}
	return g, nil
}

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := newExchange(r, g.options.Now())
	path, ofStage := g.withinStage(r.URL.EscapedPath())
	if !ofStage {
		// The path belongs to no stage, so the stage's gateway responses and log do not apply.
		g.send(w, x, outsideStage())
		return
	}
	x.path = path
	answer, err := g.handle(x)
	if err != nil {
		answer = g.refusal(x, err)
	}
	g.send(w, x, answer)
	x.status, x.length, x.latency = answer.status, len(answer.body), g.options.Now().Sub(x.begun)
	g.log.write(x)
}

// withinStage removes the stage from a path. Leading and trailing slashes of the rest do not matter to the route, but
// the function sees trailing ones. AWS documents neither. Percent-encoding is not decoded: an encoded letter is another
// path.
func (g *Gateway) withinStage(escaped string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(escaped, "/"+g.options.Stage.API.StageName)
	if !ok || (rest != "" && rest[0] != '/') {
		return "", false
	}
	return "/" + strings.TrimLeft(rest, "/"), true
}

// handle runs, in this order, all steps that can refuse a request: route, throttle, size, authorization, validation,
// integration.
func (g *Gateway) handle(x *exchange) (answer, error) {
	x.route = g.routes[x.method+" /"+strings.Trim(x.path, "/")]
	if x.route == nil {
		return answer{}, refuse(missingToken)
	}
	if !x.route.limiter.AllowN(x.begun, 1) {
		return answer{}, refuse(throttled)
	}
	if x.request.ContentLength > maxPayload {
		return answer{}, refuse(tooLarge)
	}
	if err := x.route.authorize(x); err != nil {
		return answer{}, err
	}
	if err := x.readBody(); err != nil {
		return answer{}, err
	}
	if err := x.route.validate(x); err != nil {
		return answer{}, err
	}
	return x.route.integrate(x)
}

// send writes a response. It first reads the rest of the request: closing the connection instead would look like a
// network error and hide the response.
func (g *Gateway) send(w http.ResponseWriter, x *exchange, a answer) {
	_, _ = io.CopyN(io.Discard, x.request.Body, maxDrained)
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("X-Amzn-Requestid", x.requestID)
	w.Header().Set("X-Amz-Apigw-Id", x.extendedID)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has gone cannot be told
}
