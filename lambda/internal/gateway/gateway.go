// Package gateway serves the requests that API Gateway sends to a function as REST API proxy events.
//
// It defines the common part of every response: the headers, the handling of errors and panics, and the log line. A
// handler returns an [Answer] or an error. An error that is not a [Problem] never reaches the caller.
//
// It reads the parts of a request: a header ([Header]), the query string ([Query]) and the JSON body ([JSON]). It is
// strict. An unknown, repeated or invalid parameter or field is an error and never replaced by a default. Otherwise a
// client that misspells "limit" would get the wrong list, and one that misspells a field would be told that its change
// was made. If a field is given twice, API Gateway may have validated the other value. For the same reasons invalid
// UTF-8 and trailing data, which encoding/json tolerates, are errors. All mistakes are reported at once.
//
// A malformed query string or body is a 400. A well-formed body with invalid content is a 422, which names each mistake
// by its JSON path.
package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

// answerWithin is how long a handler may take. The functions' time-out is 10 s; the rest is for the response. If Lambda
// ended a request, the caller would get API Gateway's error, and the log would have no line.
const answerWithin = 8 * time.Second

// An API answers the requests of one function.
type API struct {
	// Origin is the web origin whose pages may read responses. Required.
	Origin string
	// Log gets one line for each request. Required.
	Log *slog.Logger
	// Routes has a handler for each method and resource, such as "GET /orders". The resource is the path as API Gateway
	// declares it, with parameters in braces.
	Routes map[string]Handler
}

// A Handler answers one request.
type Handler func(context.Context, events.APIGatewayProxyRequest) (Answer, error)

// An Answer is a successful response.
type Answer struct {
	// Status is 200 if zero. With 204 there is no body.
	Status int
	// Body is sent as JSON.
	Body any
	// Location is the header Location: the created resource, relative to the request's path, which may begin with a
	// stage's name. Optional.
	Location string
	// Count is how many items Body lists. It is logged.
	Count int
	// CacheControl is "no-store" if empty.
	CacheControl string
}

// Serve answers a request. Its error is always nil: otherwise Lambda would send its own response, without the headers
// that let a browser read it.
func (a *API) Serve(
	ctx context.Context, request events.APIGatewayProxyRequest,
) (events.APIGatewayProxyResponse, error) {
	line := entry{requestID: request.RequestContext.RequestID, route: a.routeName(request)}
	var response events.APIGatewayProxyResponse
	took, err := function.Serve(ctx, answerWithin, func(ctx context.Context) (err error) {
		response, line.count, err = a.answer(ctx, request)
		return err
	})
	if err != nil {
		line.failure = problemOf(err)
		response = a.refusal(line.failure.For(line.requestID))
	}
	line.status, line.took = response.StatusCode, took
	a.log(ctx, line)
	return response, nil
}

// answer runs the handler and encodes its answer; count is the answer's.
func (a *API) answer(
	ctx context.Context, request events.APIGatewayProxyRequest,
) (response events.APIGatewayProxyResponse, count int, err error) {
	handle, found := a.Routes[routeOf(request)]
	if !found {
		return response, 0, a.unrouted(request)
	}
	answer, err := handle(ctx, request)
	if err != nil {
		return response, 0, err
	}
	response, err = a.success(answer)
	return response, answer.Count, err
}

func (a *API) success(answer Answer) (events.APIGatewayProxyResponse, error) {
	body, err := json.Marshal(answer.Body)
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("encode the answer: %w", err)
	}
	response := a.response(cmp.Or(answer.Status, http.StatusOK), "application/json", body)
	if answer.Status == http.StatusNoContent {
		response.Body = ""
		delete(response.Headers, "Content-Type")
	}
	if answer.Location != "" {
		response.Headers["Location"] = answer.Location
	}
	if answer.CacheControl != "" {
		response.Headers["Cache-Control"] = answer.CacheControl
	}
	return response, nil
}

// unrouted distinguishes a wrong path from a wrong method. API Gateway sends neither as long as its routes equal the
// function's.
func (a *API) unrouted(request events.APIGatewayProxyRequest) error {
	var allowed []string
	for route := range a.Routes {
		if method, path, _ := strings.Cut(route, " "); path == request.Resource {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return NotFound()
	}
	slices.Sort(allowed)
	return MethodNotAllowed(allowed)
}

func routeOf(request events.APIGatewayProxyRequest) string {
	return request.HTTPMethod + " " + request.Resource
}

// routeName is the route for the log. An unknown route is not logged: the caller chooses its text.
func (a *API) routeName(request events.APIGatewayProxyRequest) string {
	if route := routeOf(request); a.Routes[route] != nil {
		return route
	}
	return "unknown"
}

func (a *API) refusal(p *Problem) events.APIGatewayProxyResponse {
	// A struct of strings and one int always encodes.
	body, _ := json.Marshal(p)
	response := a.response(p.Status, MediaType, body)
	maps.Copy(response.Headers, p.Header)
	return response
}

// response sets the headers of every response. Browsers must not store it unless a handler says otherwise: the next
// person at the same browser could be another customer.
func (a *API) response(status int, mediaType string, body []byte) events.APIGatewayProxyResponse {
	return events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers: map[string]string{
			"Access-Control-Allow-Origin":   a.Origin,
			"Access-Control-Expose-Headers": strings.Join(contract.ExposedHeaders(), ","),
			"Cache-Control":                 "no-store",
			"Content-Type":                  mediaType,
			"Vary":                          "Origin",
			"X-Content-Type-Options":        "nosniff",
		},
		Body: string(body),
	}
}
