package threats

// poolParts are the separate resources that belong to a user pool.
var poolParts = []string{client, userDomain, resourceServer, branding}

// apiParts are the separate resources that belong to an API.
var apiParts = []string{method, apiResource, authorizer, validator, model, gatewayResponse, deployment, apiStage}
