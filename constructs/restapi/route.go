package restapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/duration"
	"github.com/securecart/identity/constructs/internal/nag"
)

// Route is one method of one path.
type Route struct {
	// Method is GET, POST, PUT or DELETE. Required.
	Method string
	// Path is one segment below the API's stage, such as "/orders". Required.
	Path string
	// Caller says who may call the route. Required.
	Caller Caller
	// Handler is the function that answers. Required.
	Handler *golambda.Function
	// Query are the names of the query parameters that the route accepts, all optional.
	Query []string
	// Headers are the names of the required headers, beside those of the authorization.
	Headers []string
	// Body is the JSON schema of the body. None if nil. GET and DELETE have none, PUT must have one.
	Body *awsapigateway.JsonSchema
}

var (
	// methods are the methods that routes may have and preflights allow.
	methods = []string{"GET", "POST", "PUT", "DELETE"}
	path    = regexp.MustCompile(`^/[a-z][a-z-]*$`)
)

// Method is a route that was added.
type Method struct {
	api   *API
	route Route
}

// Add adds routes. It panics if one is invalid, for example without a Caller.
func (a *API) Add(routes ...Route) []*Method {
	added := make([]*Method, 0, len(routes))
	for _, r := range routes {
		added = append(added, a.add(r))
	}
	a.stage.SetMethodSettings(&a.settings)
	return added
}

func (a *API) add(r Route) *Method {
	check.Props(a.rest, r.Method+" "+r.Path,
		check.Require(slices.Contains(methods, r.Method), "Method", "must be one of %v, got %q", methods, r.Method),
		check.Require(path.MatchString(r.Path), "Path", "must be one lower-case segment such as \"/orders\", got %q", r.Path),
		r.Caller.check(),
		check.Given(r.Handler != nil, "Handler"),
		check.Require(r.Body == nil || r.Method == "POST" || r.Method == "PUT", "Body",
			"must be absent for %s, got one", r.Method),
		check.Require(r.Body != nil || r.Method != "PUT", "Body", "must be given for PUT, got none"),
	)
	options := &awsapigateway.MethodOptions{
		ApiKeyRequired:    jsii.Bool(false),
		RequestValidator:  a.validator,
		RequestParameters: parameters(r),
		RequestModels:     a.models(r),
	}
	a.authorize(r, options)
	a.settings = append(a.settings, setting(r.Method, r.Path, a.limit(r.Caller)))
	method := a.resource(r.Path).AddMethod(jsii.String(r.Method), a.integration(r.Handler), options)
	if r.Caller.signed {
		nag.Accept(method, nag.Rule("AwsSolutions-COG4", "Guests have no user-pool token; API Gateway verifies the "+
			"request's AWS signature and the role's policy instead."))
	}
	return &Method{api: a, route: r}
}

// AllowInvoke lets a role call exactly this method. It panics unless the route was added for signed requests: on any
// other route the permission would have no effect.
func (m *Method) AllowInvoke(sid string) iamrole.Grants {
	check.Props(m.api.rest, m.route.Method+" "+m.route.Path,
		check.Require(m.route.Caller.signed, "Caller", "must be Signed() for a role to call the route, got another"))
	return iamrole.Grants{{
		Sid:     sid,
		Actions: []string{"execute-api:Invoke"},
		Resources: []string{*m.api.rest.ArnForExecuteApi(
			jsii.String(m.route.Method), jsii.String(m.route.Path), jsii.String(stageName))},
	}}
}

// integration returns the integration that calls a handler; routes with the same handler share it.
func (a *API) integration(handler *golambda.Function) awsapigateway.Integration {
	if made, ok := a.integrations[handler]; ok {
		return made
	}
	made := awsapigateway.NewLambdaIntegration(handler.Resource(), &awsapigateway.LambdaIntegrationOptions{
		Proxy: jsii.Bool(true),
		// True would add a permission for the console's test calls, which skip the authorizer.
		AllowTestInvoke:     jsii.Bool(false),
		PassthroughBehavior: awsapigateway.PassthroughBehavior_NEVER,
		Timeout:             duration.Seconds(golambda.Timeout + 1),
	})
	a.integrations[handler] = made
	return made
}

// resource finds or creates the path's resource, with its preflight.
func (a *API) resource(path string) awsapigateway.Resource {
	if made, ok := a.resources[path]; ok {
		return made
	}
	made := a.root.AddResource(jsii.String(strings.TrimPrefix(path, "/")), nil)
	a.resources[path] = made
	made.AddMethod(jsii.String("OPTIONS"), a.preflight.integration, &a.preflight.options)
	a.settings = append(a.settings, setting("OPTIONS", path, a.limits.Preflights))
	return made
}

// authorize sets the authorizer of the route's requests and the scope that tokens must carry.
func (a *API) authorize(r Route, options *awsapigateway.MethodOptions) {
	if r.Caller.signed {
		options.AuthorizationType = awsapigateway.AuthorizationType_IAM
		return
	}
	options.AuthorizationType = awsapigateway.AuthorizationType_COGNITO
	options.Authorizer = a.customers
	if r.Caller.steppedUp {
		options.Authorizer = a.steppedUp
	}
	options.AuthorizationScopes = jsii.Strings(string(r.Caller.scope))
}

// models are the schemas against which API Gateway validates bodies. The handler validates again, because API Gateway
// does not validate a body of another content type.
func (a *API) models(r Route) *map[string]awsapigateway.IModel {
	if r.Body == nil {
		return nil
	}
	id := r.Method + strings.ReplaceAll(r.Path, "-", "")
	return &map[string]awsapigateway.IModel{
		"application/json": a.rest.AddModel(jsii.String(strings.ReplaceAll(id, "/", "")), &awsapigateway.ModelOptions{
			ContentType: jsii.String("application/json"),
			Schema:      r.Body,
		}),
	}
}

func parameters(r Route) *map[string]*bool {
	required := map[string]*bool{}
	for _, name := range r.Query {
		required["method.request.querystring."+name] = jsii.Bool(false)
	}
	for _, name := range r.Headers {
		required["method.request.header."+name] = jsii.Bool(true)
	}
	return &required
}
