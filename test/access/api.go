package access

import (
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// verbs are those that a method may have: https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
var verbs = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// onAPI tries every verb on every path, and paths that do not exist. The format of the resource is that of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (s *Subject) onAPI() []Attempt {
	l := list{group: "API"}
	here := func(stageName, route string) string {
		verb, path, _ := strings.Cut(route, " ")
		return s.arn("execute-api", s.API.ID+"/"+stageName+"/"+verb+path)
	}
	var paths []string
	methods := map[string]*deployed.Method{}
	for i := range s.API.Methods {
		m := &s.API.Methods[i]
		methods[m.HTTPMethod+" "+m.Path] = m
		paths = append(paths, m.Path)
	}
	slices.Sort(paths)
	missing := list{group: "API, where it has nothing"}
	for _, path := range append(slices.Compact(paths), "/", "/admin") {
		for _, verb := range verbs {
			route := verb + " " + path
			a := Attempt{On: route, Resource: here(s.API.StageName, route), asks: byRoute, method: methods[route]}
			if a.method == nil {
				missing.try("execute-api", a, "Invoke")
			} else {
				l.try("execute-api", a, "Invoke")
			}
		}
	}
	route := s.API.ID + "/" + s.API.StageName + "/GET/products"
	for _, t := range []target{
		{"GET /products/shirt", here(s.API.StageName, "GET /products/shirt"), nil},
		{"GET /products of another stage", here("other", "GET /products"), nil},
		{"GET /products of another API", s.arn("execute-api", "another001/"+s.API.StageName+"/GET/products"), nil},
		{"GET /products in another Region", "arn:aws:execute-api:" + anotherRegion + ":" + s.Account + ":" + route, nil},
		{"GET /products in another account", "arn:aws:execute-api:" + s.Region + ":" + anotherAccount + ":" + route, nil},
	} {
		missing.try("execute-api", Attempt{On: t.on, Resource: t.resource, asks: byRoute}, "Invoke")
	}
	l.on("execute-api", "GET /products, past the cache", here(s.API.StageName, "GET /products"), "InvalidateCache")

	l.all = append(l.all, missing.all...)
	l.group = "API's settings"
	api := "arn:aws:apigateway:" + s.Region + "::/restapis/" + s.API.ID
	l.on("apigateway", "this API", api, "GET PATCH PUT DELETE UpdateRestApiPolicy")
	l.on("apigateway", "an authorizer", api+"/authorizers/abc123", "PATCH DELETE")
	l.on("apigateway", "a method", api+"/resources/abc123/methods/POST", "PATCH PUT")
	l.on("apigateway", "the stage", api+"/stages/"+s.API.StageName, "PATCH DELETE")
	l.on("apigateway", "the account's API keys", "arn:aws:apigateway:"+s.Region+"::/apikeys", "GET POST")
	return l.all
}
