package threats

import (
	"slices"
	"strings"
)

// schemaWords are the allowed words in JSON Schemas of bodies, and schemaTypes the allowed types. Other words could
// allow unlisted properties.
var (
	schemaWords = []string{"additionalProperties", "items", "properties", "required", "type"}
	schemaTypes = []any{"array", "boolean", "integer", "number", "object", "string"}
)

// modelOf is the model of the JSON that a route takes. None is a finding.
func (in *Inspection) modelOf(r Route) Resource {
	name := r.At("RequestModels", "application/json").Text()
	path := strings.NewReplacer("/", "", "-", "").Replace(r.Path)
	r.At("RequestModels", "application/json").Reads("${Api.ShopRest" + r.Verb + path + "}")
	for _, m := range in.Any(model) {
		if m.Ref() == name {
			return m
		}
	}
	r.At("RequestModels").Fail("names %q, which is no model of this API", name)
	return in.Missing(model)
}

// closed expects a JSON Schema to give the type of every value, and to forbid unlisted properties of every object.
// Draft 4 knows $schema at the root only.
func closed(schema Value) {
	words := schemaWords
	if len(schema.path) == 1 {
		words = append(slices.Clone(words), "$schema")
	}
	schema.holds(words...)
	schema.At("type").Among(schemaTypes...)
	switch schema.At("type").Got {
	case "object":
		schema.At("additionalProperties").Is(false)
		for _, name := range schema.At("properties").Keys() {
			closed(schema.At("properties", name))
		}
	case "array":
		closed(schema.At("items"))
	}
}

// describesBody expects a route's model to be of JSON objects, and closed.
func (in *Inspection) describesBody(r Route) {
	m := in.modelOf(r)
	m.At("ContentType").Is("application/json")
	m.At("Schema", "type").Is("object")
	m.At("Schema", "$schema").Is("http://json-schema.org/draft-04/schema#") // otherwise API Gateway chooses the version
	closed(m.At("Schema"))
}

// properties are the names of all properties in a JSON Schema, however deep.
func properties(schema Value) []string {
	names := schema.At("properties").Keys()
	for _, name := range slices.Clone(names) {
		names = append(names, properties(schema.At("properties", name))...)
	}
	if schema.At("items").Got != nil {
		names = append(names, properties(schema.At("items"))...)
	}
	return names
}

// namesCustomer reports whether a parameter or property names a customer.
func namesCustomer(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "customer") || strings.Contains(name, "sub")
}
