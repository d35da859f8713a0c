package threats

import "slices"

// integrates expects a route only to call a function of this stage or, for a preflight, to answer by itself.
func (in *Inspection) integrates(r Route) {
	to := r.At("Integration")
	if r.Verb == "OPTIONS" {
		to.At("Type").Is("MOCK")
		to.holds("IntegrationResponses", "PassthroughBehavior", "RequestTemplates", "Type")
		return
	}
	to.At("Type").Is("AWS_PROXY")
	to.At("IntegrationHttpMethod").Is("POST") // Lambda's own, whatever the route's
	to.holds("IntegrationHttpMethod", "PassthroughBehavior", "TimeoutInMillis", "Type", "Uri")
	var callable []string
	functions := "arn:aws:apigateway:" + in.Config.Region + ":lambda:path/2015-03-31/functions/"
	for _, f := range in.Any(function) {
		callable = append(callable, functions+f.Ref("Arn")+"/invocations")
	}
	if uri := to.At("Uri").Text(); !slices.Contains(callable, uri) {
		to.At("Uri").Fail("is %s, which is no function of this stage", uri)
	}
}

// holds expects an object to have no other keys than these.
func (v Value) holds(keys ...string) {
	if others := difference(v.Keys(), keys); len(others) > 0 {
		v.Fail("holds %s, which nobody judged", sorted(others))
	}
}
