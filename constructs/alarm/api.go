package alarm

import (
	"strings"

	"github.com/securecart/identity/config"
)

// API is a REST API that is watched. Its stage must publish detailed metrics, or CloudWatch has none of its routes.
type API struct {
	// Name is the API's name and Stage that of its stage. Both are required.
	Name, Stage string
	// HighRisk are the routes that take a stepped-up token.
	HighRisk []Route
}

// Route is one method of one path.
type Route struct {
	// Method is the HTTP method, Path begins with a slash. Both are required.
	Method, Path string
	// Buying says that customers cannot buy while the route fails.
	Buying bool
}

// ID is the beginning of the names of the route's alarms: "PostOrders", "PutPaymentMethod".
func (r Route) ID() string {
	words := strings.FieldsFunc(strings.ToLower(r.Method)+r.Path, func(c rune) bool { return c == '/' || c == '-' })
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// alarms returns the alarms of the API as a whole, and of each high-risk route.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
func (a API) alarms(t config.Thresholds) []definition {
	alarms := []definition{
		{
			id: "ApiServerErrors", says: "The API answers with 5xx, in percent", runbook: config.HandlerFailing,
			metrics:    []metric{a.metric("errors", "5XXError", "Sum"), a.metric("requests", "Count", "Sum")},
			expression: "100 * errors / requests",
			period:     60, of: 5, need: 3, threshold: t.ServerErrorsPercent, missing: nothingHappened, stops: buying,
		},
		{
			id: "ApiClientErrors", says: "The API answers with 4xx, in percent", runbook: config.HandlerFailing,
			metrics:    []metric{a.metric("errors", "4XXError", "Sum"), a.metric("requests", "Count", "Sum")},
			expression: enough("requests", t.Requests, "100 * errors / requests"),
			period:     300, of: 2, need: 2, threshold: t.ClientErrorsPercent, missing: nothingHappened,
		},
		{
			id: "ApiLatency", says: "The API answers slowly, in milliseconds", runbook: config.HandlerFailing,
			metrics: []metric{a.metric("latency", "Latency", "p99")},
			period:  60, of: 5, need: 3, threshold: t.LatencyMilliseconds, missing: nothingHappened,
		},
	}
	for _, r := range a.HighRisk {
		route := [][2]string{{"Method", r.Method}, {"Resource", r.Path}}
		alarm := definition{
			id: r.ID() + "Errors", says: r.Method + " " + r.Path + " is answered with 5xx, in percent",
			runbook: config.HandlerFailing,
			metrics: []metric{
				a.metric("errors", "5XXError", "Sum", route...), a.metric("requests", "Count", "Sum", route...),
			},
			expression: "100 * errors / requests",
			period:     60, of: 5, need: 3, threshold: t.RouteErrorsPercent, missing: nothingHappened,
		}
		if r.Buying {
			alarm.stops = buying
		}
		alarms = append(alarms, alarm)
	}
	return alarms
}

// metric returns a metric of the whole API, or of the route that the further dimensions name.
func (a API) metric(id, name, statistic string, further ...[2]string) metric {
	dimensions := append([][2]string{{"ApiName", a.Name}, {"Stage", a.Stage}}, further...)
	return metric{id, "AWS/ApiGateway", name, dimensions, statistic}
}
