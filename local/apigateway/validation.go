package apigateway

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/securecart/identity/internal/deployed"
)

// parameter is a required parameter or header, which must not be blank.
type parameter struct {
	name    string
	inQuery bool
}

const (
	inHeader = "method.request.header."
	inQuery  = "method.request.querystring."
)

// validated reads the route's request validation: api-gateway-method-request-validation.html.
func (r *route) validated(api deployed.API, models map[string]*jsonschema.Schema) error {
	var errs []error
	var required []parameter
	for name, must := range r.RequestParameters {
		p, err := parseParameter(name)
		errs = append(errs, err)
		if must {
			required = append(required, p)
		}
	}
	slices.SortFunc(required, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	var model *jsonschema.Schema
	for mediaType, id := range r.RequestModels {
		if mediaType != jsonType {
			errs = append(errs, fmt.Errorf("a request model of %q is not understood; there is %s", mediaType, jsonType))
		}
		var ok bool
		if model, ok = models[id]; !ok {
			errs = append(errs, fmt.Errorf("request model %q is not one of the API's models", id))
		}
	}
	if r.RequestValidatorID == "" {
		return errors.Join(errs...)
	}
	validator, ok := api.Validators[r.RequestValidatorID]
	if !ok {
		errs = append(errs, fmt.Errorf("RequestValidatorId %q is not one of the API's validators", r.RequestValidatorID))
	}
	if validator.ValidateRequestParameters {
		r.required = required
	}
	if validator.ValidateRequestBody {
		r.model = model
	}
	return errors.Join(errs...)
}

func parseParameter(text string) (parameter, error) {
	if name, ok := strings.CutPrefix(text, inHeader); ok && name != "" {
		return parameter{name: name}, nil
	}
	if name, ok := strings.CutPrefix(text, inQuery); ok && name != "" {
		return parameter{name: name, inQuery: true}, nil
	}
	return parameter{}, fmt.Errorf("request parameter %q is not understood; there are %s<name> and %s<name>", text,
		inHeader, inQuery)
}

func (r *route) validate(x *exchange) error {
	if err := x.parseQuery(); err != nil {
		return err
	}
	var missing []string
	for _, p := range r.required {
		value := x.request.Header.Get(p.name)
		if p.inQuery {
			value = x.query.Get(p.name)
		}
		if strings.TrimSpace(value) == "" {
			missing = append(missing, p.name)
		}
	}
	if missing != nil {
		return refuseSaying(badParameters,
			fmt.Sprintf("Missing required request parameters: [%s]", strings.Join(missing, ", ")))
	}
	return r.validateBody(x)
}

// validateBody compares a JSON body with the model. "If no matching content type is found, request validation is not
// performed" (api-gateway-method-request-validation.html). AWS does not document that an empty body counts as an empty
// object.
func (r *route) validateBody(x *exchange) error {
	if r.model == nil || x.mediaType() != jsonType {
		return nil
	}
	body := x.body
	if len(body) == 0 {
		body = []byte("{}")
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil || r.model.Validate(document) != nil {
		return refuse(badBody)
	}
	return nil
}

// mediaType is that of the body: integration-passthrough-behaviors.html, "None (default to application/json)".
func (x *exchange) mediaType() string {
	header := x.request.Header.Get("Content-Type")
	if header == "" {
		return jsonType
	}
	mediaType, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return mediaType
}

// parseQuery decodes the query string. api-gateway-known-issues.html: "The plain text pipe character (|) and the curly
// brace character ({ or }) are not supported for any request URL query string and must be URL-encoded. The semicolon
// character (;) is not supported for any request URL query string and results in the data being split."
func (x *exchange) parseQuery() error {
	raw := x.request.URL.RawQuery
	if strings.ContainsAny(raw, "|{}") {
		return badRequest("the query string must have |, { and } URL-encoded")
	}
	query, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "&"))
	if err != nil {
		return badRequest("the query string is not URL-encoded")
	}
	x.query = query
	return nil
}
