package apigateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// gatewayResponse is the stage's configuration of API Gateway's own responses of one type:
// api-gateway-gatewayResponse-definition.html.
type gatewayResponse struct {
	// status is 0 if it is not changed.
	status int
	header http.Header
	// template is nil if the stage has none, which leaves API Gateway's own body.
	template    template
	contentType string
}

func newGatewayResponses(configured map[string]deployed.GatewayResponse) (map[string]gatewayResponse, error) {
	responses := map[string]gatewayResponse{}
	var errs []error
	for _, kind := range slices.Sorted(maps.Keys(configured)) {
		response, err := newGatewayResponse(kind, configured[kind])
		if err != nil {
			errs = append(errs, fmt.Errorf("gateway response %s: %w", kind, err))
		}
		responses[kind] = response
	}
	return responses, errors.Join(errs...)
}

func newGatewayResponse(kind string, from deployed.GatewayResponse) (gatewayResponse, error) {
	response := gatewayResponse{header: http.Header{}}
	var errs []error
	var err error
	if _, known := responseTypes[kind]; !known {
		errs = append(errs, errors.New("the type is not understood"))
	}
	if from.StatusCode != "" {
		code, err := strconv.Atoi(from.StatusCode)
		if err != nil || code < 400 || code > 599 {
			errs = append(errs, fmt.Errorf("StatusCode %q is not understood; there are 400 to 599", from.StatusCode))
		}
		response.status = code
	}
	for name, value := range from.ResponseParameters {
		errs = append(errs, setLiteral(response.header, "gatewayresponse.header.", name, value))
	}
	texts := slices.Compact(slices.Sorted(maps.Values(from.ResponseTemplates)))
	if len(texts) > 1 {
		// The choice would depend on the client's Accept header, in an undocumented way.
		errs = append(errs, errors.New("response templates of different texts are not understood"))
	}
	for _, text := range texts {
		parsed, err := parseTemplate(text)
		errs = append(errs, err)
		response.template = parsed
	}
	response.contentType, err = contentTypeOf(from, response.header)
	return response, errors.Join(append(errs, err)...)
}

// contentTypeOf is the content type of a response: that of the header, or else of the only template.
func contentTypeOf(from deployed.GatewayResponse, header http.Header) (string, error) {
	if named := header.Get("Content-Type"); named != "" {
		return named, nil
	}
	types := slices.Sorted(maps.Keys(from.ResponseTemplates))
	switch len(types) {
	case 0:
		return jsonType, nil
	case 1:
		return types[0], nil
	default:
		return "", errors.New("several response templates without a header Content-Type are not understood")
	}
}

// setLiteral sets a header that a template gives as "<prefix><name>": "'value'".
func setLiteral(header http.Header, prefix, parameter, value string) error {
	name, ofHeader := strings.CutPrefix(parameter, prefix)
	if !ofHeader || !headerName.MatchString(name) {
		return fmt.Errorf("response parameter %q is not understood; there is %s<name>", parameter, prefix)
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(value, "'"), "'")
	if len(inner) != len(value)-2 || strings.Contains(inner, "'") || !isHeaderValue(inner) {
		return fmt.Errorf("response parameter %s: %q is not understood; there are literals in single quotes", parameter,
			value)
	}
	header.Set(name, inner)
	return nil
}

// refusal is the gateway response to a failure: that of its type, or the default of its class, or API Gateway's own.
func (g *Gateway) refusal(x *exchange, err error) answer {
	f := asFailure(err)
	x.failure, x.status = f.kind, f.status
	response := g.responseTo(f)
	if response.status != 0 {
		x.status = response.status
	}
	a := answer{status: x.status, header: response.header.Clone(), body: ownBody(f.message)}
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set("Content-Type", jsonType)
	if response.template != nil {
		a.header.Set("Content-Type", response.contentType)
		a.body = response.template.render(x)
	}
	a.header.Set("X-Amzn-Errortype", f.code)
	return a
}

// responseTo finds the stage's response. api-gateway-known-issues.html: "Customizing the default gateway response for
// 413 REQUEST_TOO_LARGE isn't currently supported."
func (g *Gateway) responseTo(f *failure) gatewayResponse {
	if f.kind == tooLarge {
		return gatewayResponse{}
	}
	if response, ok := g.responses[f.kind]; ok {
		return response
	}
	if f.status >= http.StatusInternalServerError {
		return g.responses[default5xx]
	}
	return g.responses[default4xx]
}

const jsonType = "application/json"

// ownBody is the body without a template, {"message":$context.error.messageString}.
func ownBody(message string) []byte {
	body, _ := json.Marshal(map[string]string{"message": message}) // strings always encode
	return body
}

// outsideStage is the response to a path of no stage. Clients report it; AWS does not document it.
func outsideStage() answer {
	return answer{status: http.StatusForbidden, body: ownBody("Forbidden"), header: http.Header{
		"Content-Type":     {jsonType},
		"X-Amzn-Errortype": {"ForbiddenException"},
	}}
}
