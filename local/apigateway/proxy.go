package apigateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// maxEvent is the largest event that Lambda accepts, in bytes:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEvent = 6 << 20

// integratedWithFunction makes a Lambda function answer: set-up-lambda-proxy-integrations.html.
func (r *route) integratedWithFunction(options Options) error {
	var errs []error
	integration := r.Integration
	if integration.IntegrationHttpMethod != "POST" {
		errs = append(errs,
			fmt.Errorf("IntegrationHttpMethod %q is not understood; Lambda wants POST", integration.IntegrationHttpMethod))
	}
	if _, ok := options.Stage.Functions[integration.FunctionARN]; !ok {
		errs = append(errs, fmt.Errorf("function %q is not one of the stage's", integration.FunctionARN))
	}
	if len(integration.RequestTemplates)+len(integration.IntegrationResponses) > 0 {
		errs = append(errs,
			errors.New("request templates and integration responses are not understood for AWS_PROXY, which has neither"))
	}
	timeout := time.Duration(integration.TimeoutInMillis) * time.Millisecond
	if timeout == 0 {
		timeout = maxTimeout
	}
	if timeout < minTimeout || timeout > maxTimeout {
		errs = append(errs, fmt.Errorf("TimeoutInMillis %d is not understood; there are %d to %d",
			integration.TimeoutInMillis, minTimeout.Milliseconds(), maxTimeout.Milliseconds()))
	}
	p := proxy{options: options, functionARN: integration.FunctionARN, timeout: timeout,
		permitted: options.Stage.MayInvoke(deployed.APIGateway, integration.FunctionARN, r.arn)}
	r.integrate = p.integrate
	return errors.Join(errs...)
}

// proxy is the integration of a route with a function.
type proxy struct {
	options     Options
	functionARN string
	timeout     time.Duration
	permitted   bool
}

func (p proxy) integrate(x *exchange) (answer, error) {
	// A deployed route without permission is "an invalid API configuration" (supported-gateway-response-types.html).
	if !p.permitted {
		return answer{}, refuse(configurationError)
	}
	event, err := json.Marshal(newEvent(x, p.options.Stage))
	if err != nil {
		return answer{}, err
	}
	// Lambda answers 413 to larger events. AWS does not document that API Gateway passes it on.
	if len(event) > maxEvent {
		return answer{}, refuse(tooLarge)
	}
	// A caller that disconnects does not stop a function.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.request.Context()), p.timeout)
	defer cancel()
	payload, err := p.options.Invoke(ctx, p.functionARN, event)
	switch {
	case err != nil && ctx.Err() != nil:
		return answer{}, refuse(integrationTimeout)
	case err != nil:
		return answer{}, badGateway()
	}
	a, ok := parseProxyResponse(payload)
	if !ok || len(a.body) > maxPayload {
		return answer{}, badGateway()
	}
	x.integrationStatus = a.status
	return a, nil
}
