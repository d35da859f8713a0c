package gateway

import (
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Header returns the only value of a header, and false if the request has none or several. With several values, a
// component in front of the function may have used another one.
func Header(event events.APIGatewayProxyRequest, name string) (value string, only bool) {
	values := headers(event, name)
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// headers returns every value of a header. Names are matched case-insensitively: API Gateway passes them on as the
// client wrote them. It lists headers twice, once with only the last value of each.
func headers(event events.APIGatewayProxyRequest, name string) []string {
	var values []string
	for written, several := range event.MultiValueHeaders {
		if strings.EqualFold(written, name) {
			values = append(values, several...)
		}
	}
	for written, last := range event.Headers {
		if strings.EqualFold(written, name) && !slices.Contains(values, last) {
			values = append(values, last)
		}
	}
	return values
}
