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

// elsewhere has routes answered by something else than a function of this stage, or with somebody else's credentials.
var elsewhere = joined(
	working.at("Integration", "Type").becomes(gone, "HTTP", "HTTP_PROXY", "AWS", "MOCK"),
	working.at("Integration", "Uri").becomes(gone, "https://attacker.test/functions/${Api.CatalogFunction.Arn}/invocations",
		"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:999999999999:function:theirs/invocations"),
	working.at("Integration", "Credentials").becomes("arn:aws:iam::*:user/*"),
	working.at("Integration", "ConnectionType").becomes("VPC_LINK"),
	working.at("Integration", "CacheKeyParameters").becomes([]any{"method.request.querystring.cursor"}),
	preflights.at("Integration", "Uri").becomes("https://attacker.test/"),
)

// besides has callers served by something else than the one deployment of the one stage.
var besides = joined(
	each(deployment).at("StageName").becomes("v1", "unprotected"),
	each(deployment).at("StageDescription").becomes(map[string]any{"LoggingLevel": "OFF"}),
	each(deployment).at("DeploymentCanarySettings").becomes(map[string]any{"PercentTraffic": 50.0}),
	each(apiStage).at("CanarySetting").becomes(map[string]any{"DeploymentId": "older", "PercentTraffic": 50.0}),
	each(apiStage).at("Variables").becomes(map[string]any{"function": "theirs"}),
)
