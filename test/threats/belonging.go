package threats

// poolParts are what belongs to a user pool and stands beside it.
var poolParts = []string{client, userDomain, resourceServer, branding}

// apiParts are what belongs to an API and stands beside it.
var apiParts = []string{method, apiResource, authorizer, validator, model, gatewayResponse, deployment, apiStage}

// strayed points each part of the types to another owner, one at a time.
func strayed(types []string, property string, owner any) weakening {
	var parts []weakening
	for _, typ := range types {
		parts = append(parts, each(typ).at(property).becomes(owner))
	}
	return joined(parts...)
}
