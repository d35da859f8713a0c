package threats

import (
	"regexp"
	"strings"
)

// quoted is API Gateway's form of a constant; any other form takes its value from the request or its context.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
var quoted = regexp.MustCompile(`^'[^']+'$`)

// refusalHeaders go with every refusal; refusalExtras, by its kind, beside them.
const refusalHeaders = "Access-Control-Allow-Origin Access-Control-Expose-Headers Cache-Control Content-Type Vary"

var refusalExtras = map[string]string{
	"QUOTA_EXCEEDED": "Retry-After",
	"THROTTLED":      "Retry-After",
	"UNAUTHORIZED":   "WWW-Authenticate",
}

// sendsListed expects a gateway response to have the status of its kind and exactly the listed headers, all of them
// constants, and not to be stored.
func (g Resource) sendsListed() {
	kind := g.At("ResponseType").Text()
	g.At("StatusCode").Is(refusals[kind])
	headers := g.At("ResponseParameters")
	headers.Named(onGateway, strings.Fields(refusalHeaders+" "+refusalExtras[kind])...)
	if kind == "UNAUTHORIZED" {
		headers.At(onGateway + "WWW-Authenticate").Is("'Bearer'")
	}
	headers.At(onGateway + "Content-Type").Is("'" + problemType + "'")
	headers.At(onGateway + "Cache-Control").Is("'no-store'")
	headers.At(onGateway + "Vary").Is("'Origin'")
}

// Named expects an object of headers, each with this prefix, to have exactly these names and constants as values.
func (v Value) Named(prefix string, names ...string) {
	want := make([]string, 0, len(names))
	for _, name := range names {
		want = append(want, prefix+name)
	}
	if got := v.Keys(); sorted(got) != sorted(want) {
		v.Fail("are %s, want %s", sorted(got), sorted(want))
	}
	for _, key := range v.Keys() {
		if text, _ := v.At(key).Got.(string); !quoted.MatchString(text) {
			v.At(key).Fail("is %s, want a constant in quotes", shown{v.At(key).Got})
		}
	}
}

// preflightHeaders are what a preflight answers, and nothing else.
const preflightHeaders = "Access-Control-Allow-Headers Access-Control-Allow-Methods Access-Control-Allow-Origin " +
	"Access-Control-Expose-Headers Access-Control-Max-Age Vary"

// permitsListed expects the answer to a preflight to name the methods and headers that it permits.
func (v Value) permitsListed() {
	v.Named(onMethod, strings.Fields(preflightHeaders)...)
	for _, name := range []string{
		"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers",
	} {
		if permitted, _ := v.At(onMethod + name).Got.(string); strings.Contains(permitted, "*") {
			v.At(onMethod+name).Fail("is %s, which names nothing", permitted)
		}
	}
}
