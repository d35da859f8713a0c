package threats

import (
	"slices"
	"strings"
)

// route is one method of the API with what its template says of it.
type route struct {
	resource
	verb, path, authorization string
	scopes                    []string
}

// offerRoute is the one route that writes something for a browse token: an offer, which connects nothing by itself.
const offerRoute = "POST /link-offers"

// scopeOf is the one scope that each route for tokens names.
var scopeOf = map[string]string{
	"GET /orders":         "securecart/orders.read",
	"POST /orders":        "securecart/orders.write",
	"GET /profile":        "securecart/profile.read",
	"PUT /profile":        "securecart/profile.write",
	"PUT /payment-method": "securecart/payment.write",
	"GET /links":          "securecart/profile.read",
	"POST /links":         "securecart/links.write",
	"DELETE /links":       "securecart/links.write",
	offerRoute:            offerScope,
}

// String is the route as a person names it, such as "GET /orders".
func (r route) String() string { return r.verb + " " + r.path }

// arn is the end of the method's ARN, after Region and account.
func (r route) arn() string {
	return r.at("RestApiId").text() + "/" + r.in.only(apiStage).at("StageName").text() + "/" + r.verb + r.path
}

// routes returns every method of the API. None is a finding.
func (in *inspection) routes() []route {
	var routes []route
	for _, m := range in.every(method) {
		r := route{resource: m, verb: m.at("HttpMethod").text(), path: m.route()}
		r.authorization, _ = m.at("AuthorizationType").got.(string)
		for _, scope := range m.at("AuthorizationScopes").elements() {
			r.scopes = append(r.scopes, scope.text())
		}
		routes = append(routes, r)
	}
	return routes
}

// route is the path of a method, put together from its resource and that one's parents.
func (r resource) route() string {
	r.in.asked[apiResource] = true
	path, parent := "", r.at("ResourceId", "Ref").got
	for parent != nil {
		id, _ := parent.(string)
		segment := r.stack.Template.Resources[id]
		if segment.Type != apiResource {
			r.fail("has a parent %v that is no resource of the API", parent)
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

// hasParent expects a segment of a path to be below the API's root, or below another segment: elsewhere its methods would have
// other paths than those that were judged.
func (r resource) hasParent() {
	parents := []string{r.in.only(restAPI).ref("RootResourceId")}
	for _, segment := range r.in.any(apiResource) {
		parents = append(parents, segment.ref())
	}
	if parent := r.at("ParentId").text(); !slices.Contains(parents, parent) {
		r.at("ParentId").fail("is %s, want the root of the API or a resource of it", parent)
	}
}

// tokenRoutes are the routes that take tokens.
func (in *inspection) tokenRoutes() []route {
	var list []route
	for _, r := range in.routes() {
		if r.authorization == "COGNITO_USER_POOLS" {
			list = append(list, r)
		}
	}
	return list
}

// changes reports whether the route does more than read.
func (r route) changes() bool { return r.verb != "GET" && r.verb != "OPTIONS" }

// wantsStepUp reports whether the route takes tokens of a stepped-up sign-in only.
func (r route) wantsStepUp() bool { return r.changes() && r.String() != offerRoute }

// hasBody reports whether the route reads a body.
func (r route) hasBody() bool { return r.wantsStepUp() && r.verb != "DELETE" }

// handler is the function that the route calls, as it is referred to, or empty.
func (r route) handler() string {
	if r.at("Integration", "Type").got != "AWS_PROXY" {
		return ""
	}
	uri := r.at("Integration", "Uri").text()
	_, arn, _ := strings.Cut(uri, "/functions/")
	return strings.TrimSuffix(arn, "/invocations")
}

// scopes are those that the resource server knows.
func (in *inspection) scopes() []string {
	server := in.only(resourceServer)
	var known []string
	for _, scope := range server.at("Scopes").each() {
		known = append(known, server.at("Identifier").text()+"/"+scope.at("ScopeName").text())
	}
	return known
}
