package threats

import (
	"regexp"
	"strings"
)

// quoted is how API Gateway writes a constant; anything else takes its value from the request or its context.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
var quoted = regexp.MustCompile(`^'[^']+'$`)

// refusalHeaders go with every refusal; refusalExtras, by its kind, beside them.
const refusalHeaders = "Access-Control-Allow-Origin Access-Control-Expose-Headers Cache-Control Vary"

var refusalExtras = map[string]string{"QUOTA_EXCEEDED": "Retry-After", "THROTTLED": "Retry-After", "UNAUTHORIZED": "WWW-Authenticate"}

// refusal is a status that nobody takes for success.
var refusal = regexp.MustCompile(`^[45][0-9]{2}$`)

// sendsListed expects a gateway response to have exactly the listed headers, all of them constants, and not to be stored. Its
// status is API Gateway's own for this kind of refusal, or another one that refuses.
func (g resource) sendsListed() {
	if status := g.at("StatusCode"); status.got != nil && !refusal.MatchString(status.text()) {
		status.fail("is %s, which refuses nothing", status.text())
	}
	headers := g.at("ResponseParameters")
	typed := headers.at(onGateway + "Content-Type")
	typed.among(nil, "'"+problemType+"'")
	listed := strings.Fields(refusalHeaders + " " + refusalExtras[g.at("ResponseType").text()])
	if typed.got != nil {
		listed = append(listed, "Content-Type")
	}
	headers.named(onGateway, listed...)
	headers.at(onGateway + "Cache-Control").is("'no-store'")
	headers.at(onGateway + "Vary").is("'Origin'")
}

// named expects an object of headers, each with this prefix, to have exactly these names and constants as values.
func (v value) named(prefix string, names ...string) {
	want := make([]string, 0, len(names))
	for _, name := range names {
		want = append(want, prefix+name)
	}
	if got := v.keys(); sorted(got) != sorted(want) {
		v.fail("are %s, want %s", sorted(got), sorted(want))
	}
	for _, key := range v.keys() {
		if text, _ := v.at(key).got.(string); !quoted.MatchString(text) {
			v.at(key).fail("is %s, want a constant in quotes", shown(v.at(key).got))
		}
	}
}

// preflightHeaders are what a preflight answers, and nothing else.
const preflightHeaders = "Access-Control-Allow-Headers Access-Control-Allow-Methods Access-Control-Allow-Origin Access-Control-Expose-Headers " +
	"Access-Control-Max-Age Vary"

// permitsListed expects the answer to a preflight to name the methods and headers that it permits.
func (v value) permitsListed() {
	v.named(onMethod, strings.Fields(preflightHeaders)...)
	for _, name := range []string{"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers"} {
		if permitted, _ := v.at(onMethod + name).got.(string); strings.Contains(permitted, "*") {
			v.at(onMethod+name).fail("is %s, which names nothing", permitted)
		}
	}
}
