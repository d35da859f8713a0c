package threats

import (
	"slices"
	"strings"
)

// Route is one method of the API with its template.
type Route struct {
	Resource
	Verb, Path, Authorization string
	Scopes                    []string
}

// offerRoute is the one route that writes something for a browse token: an offer, which connects nothing by itself.
const offerRoute = "POST /link-offers"

// String is the route as a person names it, such as "GET /orders".
func (r Route) String() string { return r.Verb + " " + r.Path }

// arn is the end of the method's ARN, after Region and account.
func (r Route) arn() string {
	return r.At("RestApiId").Text() + "/" + r.in.Only(apiStage).At("StageName").Text() + "/" + r.Verb + r.Path
}

// Routes returns every method of the API. None is a finding.
func (in *Inspection) Routes() []Route {
	var routes []Route
	for _, m := range in.Every(method) {
		r := Route{Resource: m, Verb: m.At("HttpMethod").Text(), Path: m.route()}
		r.Authorization, _ = m.At("AuthorizationType").Got.(string)
		for _, scope := range m.At("AuthorizationScopes").Elements() {
			r.Scopes = append(r.Scopes, scope.Text())
		}
		routes = append(routes, r)
	}
	return routes
}

// route is the path of a method, put together from its resource and that one's parents.
func (r Resource) route() string {
	r.in.asked[apiResource] = true
	path, parent := "", r.At("ResourceId", "Ref").Got
	for parent != nil {
		id, _ := parent.(string)
		segment := r.in.resource(r.stack, id)
		if segment.Type != apiResource {
			r.Fail("has a parent %v that is no resource of the API", parent)
			break
		}
		part, _ := segment.Properties["PathPart"].(string)
		path = "/" + part + path
		parent = dig(segment.Properties, "ParentId", "Ref")
	}
	if path == "" {
		return "/"
	}
	return path
}

// hasParent expects a segment of a path to be below the API's root, or below another segment: otherwise its methods
// would have other paths than the checked ones.
func (r Resource) hasParent() {
	parents := []string{r.in.Only(restAPI).Ref("RootResourceId")}
	for _, segment := range r.in.Any(apiResource) {
		parents = append(parents, segment.Ref())
	}
	if parent := r.At("ParentId").Text(); !slices.Contains(parents, parent) {
		r.At("ParentId").Fail("is %s, want the root of the API or a resource of it", parent)
	}
}

// tokenRoutes are the routes that take tokens.
func (in *Inspection) tokenRoutes() []Route {
	var list []Route
	for _, r := range in.Routes() {
		if r.Authorization == "COGNITO_USER_POOLS" {
			list = append(list, r)
		}
	}
	return list
}

// changes reports whether the route does more than read.
func (r Route) changes() bool { return r.Verb != "GET" && r.Verb != "OPTIONS" }

// mayName reports whether a scope is of the kind that the route requires: a high-risk scope for changes, the offer's
// scope for an offer, and neither of these for reads.
func (r Route) mayName(scope string) bool {
	switch {
	case r.String() == offerRoute:
		return scope == offerScope
	case r.changes():
		return slices.Contains(highRisk, scope)
	}
	return scope != offerScope && !slices.Contains(highRisk, scope)
}

// wantsStepUp reports whether the route takes tokens of a stepped-up sign-in only.
func (r Route) wantsStepUp() bool { return r.changes() && r.String() != offerRoute }

// hasBody reports whether the route reads a body.
func (r Route) hasBody() bool { return r.wantsStepUp() && r.Verb != "DELETE" }

// Handler is the function that the route calls, as it is referred to, or empty.
func (r Route) Handler() string {
	if r.At("Integration", "Type").Got != "AWS_PROXY" {
		return ""
	}
	uri := r.At("Integration", "Uri").Text()
	_, arn, _ := strings.Cut(uri, "/functions/")
	return strings.TrimSuffix(arn, "/invocations")
}

// scopes are those that the resource server knows.
func (in *Inspection) scopes() []string {
	server := in.Only(resourceServer)
	var known []string
	for _, scope := range server.At("Scopes").Each() {
		known = append(known, server.At("Identifier").Text()+"/"+scope.At("ScopeName").Text())
	}
	return known
}
