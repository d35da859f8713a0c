package apigateway

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/securecart/identity/internal/deployed"
)

// draft is the one dialect of models. api-gateway-known-issues.html: "API Gateway models are defined using JSON schema
// draft 4".
const draft = "http://json-schema.org/draft-04/schema#"

// keywords are the supported ones of draft 4, with the kind of their value. A validator ignores unknown keywords, so a
// model could accept bodies that it seems to refuse.
var keywords = map[string]holds{
	"additionalProperties": oneSchema,
	"description":          noSchema,
	"enum":                 noSchema,
	"items":                oneSchema,
	"maxItems":             noSchema,
	"maxLength":            noSchema,
	"maximum":              noSchema,
	"minItems":             noSchema,
	"minLength":            noSchema,
	"minimum":              noSchema,
	"pattern":              noSchema,
	"properties":           namedSchemas,
	"required":             noSchema,
	"title":                noSchema,
	"type":                 noSchema,
}

type holds int

const (
	noSchema holds = iota
	oneSchema
	namedSchemas
)

// compileModels returns the models by the id that methods refer to.
func compileModels(models map[string]deployed.Model) (map[string]*jsonschema.Schema, error) {
	compiled := map[string]*jsonschema.Schema{}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(models)) {
		model, err := compileModel(models[id])
		if err != nil {
			errs = append(errs, fmt.Errorf("model %s: %w", id, err))
		}
		compiled[id] = model
	}
	return compiled, errors.Join(errs...)
}

func compileModel(model deployed.Model) (*jsonschema.Schema, error) {
	if model.ContentType != jsonType {
		return nil, fmt.Errorf("ContentType %q is not understood; there is %s", model.ContentType, jsonType)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(model.Schema))
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	if err := understood(schema); err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4)
	const url = "model:"
	if err := compiler.AddResource(url, schema); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return compiler.Compile(url)
}

// understood refuses unlisted keywords at any depth.
func understood(schema any) error {
	if _, ok := schema.(bool); ok {
		return nil
	}
	object, ok := schema.(map[string]any)
	if !ok {
		return fmt.Errorf("schema %v is not understood; there are objects, true and false", schema)
	}
	var errs []error
	for _, keyword := range slices.Sorted(maps.Keys(object)) {
		value := object[keyword]
		if keyword == "$schema" {
			if value != draft {
				errs = append(errs, fmt.Errorf("$schema %v is not understood; there is %s", value, draft))
			}
			continue
		}
		inside, known := keywords[keyword]
		switch {
		case !known:
			errs = append(errs, fmt.Errorf("keyword %q is not understood", keyword))
		case inside == oneSchema:
			errs = append(errs, understood(value))
		case inside == namedSchemas:
			named, _ := value.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(named)) {
				errs = append(errs, understood(named[name]))
			}
		}
	}
	return errors.Join(errs...)
}
