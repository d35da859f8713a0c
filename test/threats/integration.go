package threats

import "slices"

// integrates expects a route to do nothing but call a function of this stage or, for a preflight, to answer by itself.
func (in *inspection) integrates(r route) {
	to := r.at("Integration")
	if r.verb == "OPTIONS" {
		to.at("Type").is("MOCK")
		to.holds("IntegrationResponses", "PassthroughBehavior", "RequestTemplates", "Type")
		return
	}
	to.at("Type").is("AWS_PROXY")
	to.holds("IntegrationHttpMethod", "PassthroughBehavior", "TimeoutInMillis", "Type", "Uri")
	var callable []string
	for _, f := range in.any(function) {
		callable = append(callable, "arn:aws:apigateway:"+in.Config.Region+":lambda:path/2015-03-31/functions/"+f.ref("Arn")+"/invocations")
	}
	if uri := to.at("Uri").text(); !slices.Contains(callable, uri) {
		to.at("Uri").fail("is %s, which is no function of this stage", uri)
	}
}

// holds expects an object to have no other keys than these.
func (v value) holds(keys ...string) {
	if others := difference(v.keys(), keys); len(others) > 0 {
		v.fail("holds %s, which nobody judged", sorted(others))
	}
}
