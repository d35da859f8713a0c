package lambdatest

import (
	"encoding/json"
	"maps"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Event returns the event in a file. Each call reads the file again, so that a test may change the event.
func Event(t testing.TB, file string) events.APIGatewayProxyRequest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read an event: %v", err)
	}
	var event events.APIGatewayProxyRequest
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatalf("read an event from %s: %v", file, err)
	}
	return event
}

// WithQuery returns the request with these query parameters, which API Gateway lists twice.
func WithQuery(request events.APIGatewayProxyRequest, parameters map[string]string) events.APIGatewayProxyRequest {
	request.QueryStringParameters = parameters
	request.MultiValueQueryStringParameters = make(map[string][]string)
	for name, value := range parameters {
		request.MultiValueQueryStringParameters[name] = []string{value}
	}
	return request
}

// Claims returns the claims of the request's token, to be changed.
func Claims(request events.APIGatewayProxyRequest) map[string]any {
	return request.RequestContext.Authorizer["claims"].(map[string]any)
}

// NotSteppedUp returns a request for each way not to have stepped up. The given request is that of a customer who has,
// and arrives at the given time.
func NotSteppedUp(request events.APIGatewayProxyRequest, arrival time.Time) map[string]events.APIGatewayProxyRequest {
	at := func(after time.Duration) string { return strconv.FormatInt(arrival.Add(after).Unix(), 10) }
	all := map[string]events.APIGatewayProxyRequest{}
	for name, change := range map[string]func(claims map[string]any){
		"the Web client":     func(claims map[string]any) { claims["client_id"] = "4hexampleclientid0web0abcd" },
		"no client":          func(claims map[string]any) { delete(claims, "client_id") },
		"an ID token":        func(claims map[string]any) { claims["token_use"] = "id" },
		"301 s ago":          func(claims map[string]any) { claims["auth_time"] = at(-301 * time.Second) },
		"31 s ahead":         func(claims map[string]any) { claims["auth_time"] = at(31 * time.Second) },
		"auth_time a number": func(claims map[string]any) { claims["auth_time"] = float64(arrival.Unix()) },
		"by password only":   func(claims map[string]any) { claims["acr"] = "urn:cognito:loa:1" },
	} {
		claims := maps.Clone(Claims(request))
		change(claims)
		all[name] = authorizedBy(request, map[string]any{"claims": claims})
	}
	all["no authorizer"] = authorizedBy(request, nil)
	all["claims a string"] = authorizedBy(request, map[string]any{"claims": "x"})
	all["claims in the wrong place"] = authorizedBy(request, Claims(request))
	return all
}

func authorizedBy(request events.APIGatewayProxyRequest, authorizer map[string]any) events.APIGatewayProxyRequest {
	request.RequestContext.Authorizer = authorizer
	return request
}
