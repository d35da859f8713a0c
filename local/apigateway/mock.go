package apigateway

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
)

// mockTemplate is the only supported request template. It selects the integration response whose pattern matches the
// status, and without patterns always the default: how-to-mock-integration.html.
var mockTemplate = regexp.MustCompile(`^\s*\{\s*"?statusCode"?\s*:\s*[1-5][0-9][0-9]\s*\}\s*$`)

// mocked makes the route answer by itself with a status and fixed headers: preflights of how-to-cors.html.
func (r *route) mocked() error {
	var errs []error
	templates := r.Integration.RequestTemplates
	if len(templates) != 1 || !mockTemplate.MatchString(templates[jsonType]) {
		errs = append(errs, fmt.Errorf("request templates %q are not understood; there is %q with {\"statusCode\": <number>}",
			templates, jsonType))
	}
	if r.Integration.PassthroughBehavior != "NEVER" {
		errs = append(errs,
			fmt.Errorf("PassthroughBehavior %q is not understood for MOCK; there is NEVER", r.Integration.PassthroughBehavior))
	}
	if len(r.Integration.IntegrationResponses) != 1 || len(r.MethodResponses) != 1 {
		return errors.Join(append(errs, fmt.Errorf(
			"%d integration responses and %d method responses are not understood; there is one of each",
			len(r.Integration.IntegrationResponses), len(r.MethodResponses)))...)
	}
	response, declared := r.Integration.IntegrationResponses[0], r.MethodResponses[0]
	code, err := strconv.Atoi(response.StatusCode)
	if err != nil || code < 200 || code > 599 || declared.StatusCode != response.StatusCode {
		errs = append(errs, fmt.Errorf("status %q of the integration response and %q of the method response "+
			"are not understood; they must be one number",
			response.StatusCode, declared.StatusCode))
	}
	// api-gateway-known-issues.html: "API Gateway includes a Content-Type header for all integration responses."
	header := http.Header{"Content-Type": {jsonType}}
	for name, value := range response.ResponseParameters {
		if _, ok := declared.ResponseParameters[name]; !ok {
			errs = append(errs, fmt.Errorf("response parameter %s is not among those of the method response", name))
		}
		errs = append(errs, setLiteral(header, "method.response.header.", name, value))
	}
	r.integrate = func(x *exchange) (answer, error) {
		// integration-passthrough-behaviors.html: a payload whose Content-Type has no template is rejected with 415.
		if len(x.body) > 0 && x.mediaType() != jsonType {
			return answer{}, refuse(unsupportedMedia)
		}
		x.integrationStatus = code
		return answer{status: code, header: header}, nil
	}
	return errors.Join(errs...)
}
