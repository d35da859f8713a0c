package restapi

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
)

// setting rate-limits one method of one path, so that other methods cannot use up its share. A method's settings
// replace all those of the stage, so each method repeats them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
func setting(method, path string, limit config.Throttle) any {
	if path != "/*" {
		path = "/" + strings.ReplaceAll(path, "/", "~1")
	}
	return &awsapigateway.CfnStage_MethodSettingProperty{
		HttpMethod:   jsii.String(method),
		ResourcePath: jsii.String(path),
		LoggingLevel: jsii.String("ERROR"),
		// Data trace would log requests with their tokens.
		DataTraceEnabled:     jsii.Bool(false),
		MetricsEnabled:       jsii.Bool(true),
		CachingEnabled:       jsii.Bool(false),
		ThrottlingRateLimit:  jsii.Number(limit.Rate),
		ThrottlingBurstLimit: jsii.Number(limit.Burst),
	}
}

// limit is the throttle of methods for this caller.
func (a *API) limit(c Caller) config.Throttle {
	if c.signed {
		return a.limits.Guests
	}
	return config.Throttle{Rate: a.limits.RateLimit, Burst: a.limits.BurstLimit}
}
