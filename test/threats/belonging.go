package threats

// poolParts are what belongs to a user pool and stands beside it.
var poolParts = []string{client, userDomain, resourceServer, branding}

// apiParts are what belongs to an API and stands beside it.
var apiParts = []string{method, apiResource, authorizer, validator, model, gatewayResponse, deployment, apiStage}
