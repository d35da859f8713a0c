package threats

import (
	"slices"
	"strings"
)

// schemaWords are what the JSON Schemas of bodies are made of, and schemaTypes what they describe. Other words could let in
// what the properties do not list.
var (
	schemaWords = []string{"$schema", "additionalProperties", "items", "properties", "required", "type"}
	schemaTypes = []any{"array", "boolean", "integer", "number", "object", "string"}
)

// modelOf is the model of the JSON that a route takes. None is a finding.
func (in *inspection) modelOf(r route) resource {
	name := r.at("RequestModels", "application/json").text()
	r.at("RequestModels", "application/json").reads("${Api.ShopRest" + r.verb + strings.NewReplacer("/", "", "-", "").Replace(r.path) + "}")
	for _, m := range in.any(model) {
		if m.ref() == name {
			return m
		}
	}
	r.at("RequestModels").fail("names %q, which is no model of this API", name)
	return in.missing(model)
}

// closed expects a JSON Schema to say of every value what it is, and of every object that it has no other properties than those
// listed.
func closed(schema value) {
	schema.holds(schemaWords...)
	schema.at("type").among(schemaTypes...)
	switch schema.at("type").got {
	case "object":
		schema.at("additionalProperties").is(false)
		for _, name := range schema.at("properties").keys() {
			closed(schema.at("properties", name))
		}
	case "array":
		closed(schema.at("items"))
	}
}

// describesBody expects a route's model to be of JSON objects, and closed.
func (in *inspection) describesBody(r route) {
	m := in.modelOf(r)
	m.at("ContentType").is("application/json")
	m.at("Schema", "type").is("object")
	closed(m.at("Schema"))
}

// properties are the names of all properties in a JSON Schema, however deep.
func properties(schema value) []string {
	names := schema.at("properties").keys()
	for _, name := range slices.Clone(names) {
		names = append(names, properties(schema.at("properties", name))...)
	}
	if schema.at("items").got != nil {
		names = append(names, properties(schema.at("items"))...)
	}
	return names
}

// namesCustomer reports whether a parameter or property is meant to say whose the request is.
func namesCustomer(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "customer") || strings.Contains(name, "sub")
}
