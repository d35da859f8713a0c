package restapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/grant"
	"github.com/securecart/identity/constructs/internal/nag"
)

// Route is one method of one path.
type Route struct {
	// Method is GET, POST, PUT or DELETE. Required.
	Method string
	// Path is one segment below the API's stage, such as "/orders". Required.
	Path string
	// Caller says who may call it. Required.
	Caller Caller
	// Handler answers. Required.
	Handler *golambda.Function
	// Query are the names of the query parameters that the route takes, all optional.
	Query []string
	// Headers are the names of the headers that a request must have, beside those of its authorization.
	Headers []string
	// Body is the JSON schema of the body. None if nil. GET and DELETE have none, PUT must have one.
	Body *awsapigateway.JsonSchema
}

var (
	// methods are what routes may have, and what preflights allow: one that no route has would be allowed for nothing.
	methods = []string{"GET", "POST", "PUT", "DELETE"}
	path    = regexp.MustCompile(`^/[a-z][a-z-]*$`)
)

// Add adds a route. It panics if the route is invalid, above all if it does not say who may call it.
func (a *API) Add(r Route) {
	c := check.Of(a.REST, r.Method+" "+r.Path)
	c.Require(slices.Contains(methods, r.Method), "Method", "must be one of %v, got %q", methods, r.Method)
	c.Require(path.MatchString(r.Path), "Path", "must be one lower-case segment such as \"/orders\", got %q", r.Path)
	c.Require(r.Caller != Caller{}, "Caller",
		"must be CustomerWith(scope), SteppedUpWith(scope) or Signed(), got nobody: a route that does not say who "+
			"may call it is not added")
	c.Require(r.Caller.steppedUp || !r.Caller.scope.HighRisk(), "Caller",
		"must be SteppedUpWith(%s), got CustomerWith", r.Caller.scope)
	c.Require(!r.Caller.steppedUp || r.Caller.scope.HighRisk(), "Caller",
		"must be SteppedUpWith a high-risk scope, got %s", r.Caller.scope)
	c.Given(r.Handler != nil, "Handler")
	c.Require(r.Body == nil || r.Method == "POST" || r.Method == "PUT", "Body",
		"must be absent for %s, got one", r.Method)
	c.Require(r.Body != nil || r.Method != "PUT", "Body", "must be given for PUT, got none")
	c.Must()

	options := &awsapigateway.MethodOptions{
		ApiKeyRequired:    jsii.Bool(false),
		RequestValidator:  a.validator,
		RequestParameters: parameters(r),
		RequestModels:     a.models(r),
	}
	a.authorize(r, options)
	integration := awsapigateway.NewLambdaIntegration(r.Handler.Function, &awsapigateway.LambdaIntegrationOptions{
		Proxy: jsii.Bool(true),
		// API Gateway's console would need a permission of its own to call the function without an authorizer.
		AllowTestInvoke:     jsii.Bool(false),
		PassthroughBehavior: awsapigateway.PassthroughBehavior_NEVER,
		Timeout:             awscdk.Duration_Seconds(jsii.Number(golambda.Timeout + 1)),
	})
	a.set(r.Method, r.Path, a.limit(r.Caller))
	method := a.resource(r.Path).AddMethod(jsii.String(r.Method), integration, options)
	if r.Caller.signed {
		nag.Accept(method, nag.Accepted{Rule: "AwsSolutions-COG4",
			Reason: "Guests have no user-pool token; API Gateway verifies the request's AWS signature and the " +
				"role's policy instead."})
	}
}

// AllowInvoke lets role call exactly one route. It panics unless the route was added for signed requests: on any other
// route the permission would look like access and be none.
func (a *API) AllowInvoke(role awsiam.Role, sid, method, path string) {
	c := check.Of(a.REST, method+" "+path)
	c.Require(a.signed[method+" "+path], "Route", "must be added for Signed() callers first, got none such")
	c.Must()
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid:       jsii.String(sid),
		Actions:   jsii.Strings("execute-api:Invoke"),
		Resources: &[]*string{a.REST.ArnForExecuteApi(jsii.String(method), jsii.String(path), jsii.String(stageName))},
	})
}

// resource finds or makes the path's resource, with its preflight.
func (a *API) resource(path string) awsapigateway.IResource {
	name := jsii.String(strings.TrimPrefix(path, "/"))
	if found := a.REST.Root().GetResource(name); found != nil {
		return found
	}
	resource := a.REST.Root().AddResource(name, nil)
	a.addPreflight(resource)
	a.set("OPTIONS", path, a.limits.Preflights)
	return resource
}

// authorize says who decides over the route's requests, and what they must carry.
func (a *API) authorize(r Route, options *awsapigateway.MethodOptions) {
	if r.Caller.signed {
		options.AuthorizationType = awsapigateway.AuthorizationType_IAM
		a.signed[r.Method+" "+r.Path] = true
		return
	}
	options.AuthorizationType = awsapigateway.AuthorizationType_COGNITO
	options.Authorizer = a.customers
	if r.Caller.steppedUp {
		options.Authorizer = a.steppedUp
	}
	options.AuthorizationScopes = jsii.Strings(string(r.Caller.scope))
}

// models are what API Gateway validates bodies against. The handler validates again: a body of another content type is
// not compared with any model.
func (a *API) models(r Route) *map[string]awsapigateway.IModel {
	if r.Body == nil {
		return nil
	}
	id := r.Method + strings.ReplaceAll(r.Path, "-", "")
	return &map[string]awsapigateway.IModel{
		"application/json": a.REST.AddModel(jsii.String(strings.ReplaceAll(id, "/", "")), &awsapigateway.ModelOptions{
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
