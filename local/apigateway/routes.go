package apigateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/securecart/identity/internal/deployed"
)

// route is one method of one path.
type route struct {
	deployed.Method
	// arn names the route in policies and permissions.
	arn string
	// limiter throttles this method alone. api-gateway-request-throttling.html: "Per-API, per-stage throttling limits are
	// applied at the API method level for a stage." So requests to one method do not reduce the limit of another;
	// preflights are a separate method.
	limiter *rate.Limiter
	// authorize returns an error unless the caller is authorized.
	authorize func(*exchange) error
	// required are parameters that a request must have, sorted; nil if parameters are not validated.
	required []parameter
	// model is the schema of JSON bodies; nil if bodies are not validated.
	model *jsonschema.Schema
	// integrate returns the response.
	integrate func(*exchange) (answer, error)
}

var (
	verbs = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

	// Integration time-outs: limits.html, "50 milliseconds - 29 seconds for all integration types".
	minTimeout, maxTimeout = 50 * time.Millisecond, 29 * time.Second
)

// newRoutes returns the routes by verb and path, such as "GET /orders".
func newRoutes(options Options) (map[string]*route, error) {
	api := options.Stage.API
	var errs []error
	if len(api.Methods) == 0 {
		errs = append(errs, errors.New("it has no method"))
	}
	if api.Throttling.Rate <= 0 || api.Throttling.Burst <= 0 {
		errs = append(errs, fmt.Errorf(
			"throttling of %v requests per second and a burst of %d is not understood; set both above 0",
			api.Throttling.Rate, api.Throttling.Burst))
	}
	models, err := compileModels(api.Models)
	errs = append(errs, err)
	authorizers, err := newAuthorizers(options)
	errs = append(errs, err)

	routes := map[string]*route{}
	for _, method := range api.Methods {
		name := method.HTTPMethod + " " + method.Path
		if _, twice := routes[name]; twice {
			errs = append(errs, fmt.Errorf("method %s is there twice", name))
		}
		r := &route{Method: method}
		r.arn = fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/%s%s", options.Stage.Region, options.Stage.Account, api.ID,
			api.StageName, method.HTTPMethod, method.Path)
		limit, own := api.MethodThrottling[name]
		if !own {
			limit = api.Throttling
		}
		r.limiter = rate.NewLimiter(rate.Limit(limit.Rate), limit.Burst)
		if err := errors.Join(r.addressed(), r.authorized(options, authorizers), r.validated(api, models),
			r.integrated(options)); err != nil {
			errs = append(errs, fmt.Errorf("method %s: %w", name, err))
		}
		routes[name] = r
	}
	return routes, errors.Join(errs...)
}

// addressed checks the route's path and method.
func (r *route) addressed() error {
	var errs []error
	if !slices.Contains(verbs, r.HTTPMethod) {
		errs = append(errs, fmt.Errorf("HttpMethod %q is not understood; there are %v", r.HTTPMethod, verbs))
	}
	if strings.ContainsAny(r.Path, "{}") {
		errs = append(errs, errors.New("path parameters are not understood"))
	}
	if r.ApiKeyRequired {
		errs = append(errs, errors.New("ApiKeyRequired is not understood"))
	}
	return errors.Join(errs...)
}

// authorized sets the route's authorization.
func (r *route) authorized(options Options, authorizers map[string]*authorizer) error {
	switch r.AuthorizationType {
	case "NONE":
		r.authorize = func(*exchange) error { return nil }
	case "COGNITO_USER_POOLS":
		authorizer, ok := authorizers[r.AuthorizerID]
		if !ok {
			return fmt.Errorf("AuthorizerId %q is not one of the API's authorizers", r.AuthorizerID)
		}
		r.authorize = authorizer.authorize
	case "AWS_IAM":
		if options.Credentials == nil {
			return errors.New("AuthorizationType AWS_IAM, but Credentials are missing in the options")
		}
		r.authorize = signatures{options.Credentials}.authorize
	default:
		return fmt.Errorf("AuthorizationType %q is not understood; there are NONE, AWS_IAM and COGNITO_USER_POOLS",
			r.AuthorizationType)
	}
	return nil
}

// integrated sets the route's integration.
func (r *route) integrated(options Options) error {
	switch r.Integration.Type {
	case "AWS_PROXY":
		return r.integratedWithFunction(options)
	case "MOCK":
		return r.mocked()
	default:
		return fmt.Errorf("Integration.Type %q is not understood; there are AWS_PROXY and MOCK", r.Integration.Type)
	}
}
