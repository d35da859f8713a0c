package apigateway

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// template is JSON text with $context variables inside strings. It is not Velocity: gateway responses and access logs
// support only "simple variable substitution" (api-gateway-gatewayResponse-definition.html, set-up-logging.html).
type template []part

// part is text, or a variable if there is a value.
type part struct {
	text  string
	value func(*exchange) string
}

// variables are the supported $context variables: api-gateway-mapping-template-reference.html, and
// api-gateway-variables-for-access-logging.html. None of them is a token.
var variables = map[string]func(*exchange) string{
	"authorizer.status":          func(x *exchange) string { return status(x.authorizerStatus) },
	"error.responseType":         func(x *exchange) string { return x.failure },
	"httpMethod":                 func(x *exchange) string { return x.method },
	"identity.cognitoIdentityId": cognitoIdentityID,
	"identity.sourceIp":          func(x *exchange) string { return x.sourceIP },
	"identity.userAgent":         func(x *exchange) string { return x.request.UserAgent() },
	"integration.status":         func(x *exchange) string { return status(x.integrationStatus) },
	"requestId":                  func(x *exchange) string { return x.requestID },
	"requestTime":                (*exchange).requestTime,
	"resourcePath":               resourcePath,
	"responseLatency":            func(x *exchange) string { return strconv.FormatInt(x.latency.Milliseconds(), 10) },
	"responseLength":             func(x *exchange) string { return strconv.Itoa(x.length) },
	"status":                     func(x *exchange) string { return status(x.status) },
	"xrayTraceId":                func(x *exchange) string { return x.traceID },
}

func cognitoIdentityID(x *exchange) string {
	if x.caller == nil || x.caller.Identity == nil {
		return ""
	}
	return x.caller.Identity.ID
}

func resourcePath(x *exchange) string {
	if x.route == nil {
		return ""
	}
	return x.route.Path
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}

const claimVariable = "authorizer.claims."

func variable(name string) (func(*exchange) string, error) {
	if value, ok := variables[name]; ok {
		return value, nil
	}
	if claim, ok := strings.CutPrefix(name, claimVariable); ok && claim != "" && !strings.Contains(claim, ".") {
		return func(x *exchange) string { return x.claims[claim] }, nil
	}
	return nil, fmt.Errorf("variable $context.%s is not understood", name)
}

// reference matches a $ and a variable's name.
var reference = regexp.MustCompile(`\$(?:context\.([A-Za-z][A-Za-z0-9_.]*))?`)

func parseTemplate(text string) (template, error) {
	// A variable outside a string would not be escaped, and is not JSON before its replacement.
	if !json.Valid([]byte(text)) {
		return nil, fmt.Errorf("%q is not understood: it must be JSON with variables inside of strings", text)
	}
	var parsed template
	rest := 0
	for _, at := range reference.FindAllStringSubmatchIndex(text, -1) {
		if at[2] < 0 {
			return nil, fmt.Errorf("%q is not understood: a $ must begin a $context variable", text)
		}
		value, err := variable(text[at[2]:at[3]])
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, part{text: text[rest:at[0]]}, part{value: value})
		rest = at[1]
	}
	return append(parsed, part{text: text[rest:]}), nil
}

// render replaces the variables. Missing values are written as "-", as in API Gateway's logs. Every value is escaped
// for its string, so that a caller's text cannot add a field or a line.
func (t template) render(x *exchange) []byte {
	var out []byte
	for _, p := range t {
		if p.value == nil {
			out = append(out, p.text...)
			continue
		}
		value := p.value(x)
		if value == "" {
			value = "-"
		}
		quoted, _ := json.Marshal(value) // a string always encodes
		out = append(out, quoted[1:len(quoted)-1]...)
	}
	return out
}
