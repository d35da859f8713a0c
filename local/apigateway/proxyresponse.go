package apigateway

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// parseProxyResponse converts a function's result into a response. It is false unless the result has the output format
// of set-up-lambda-proxy-integrations.html: an object with no other fields, each optional. A missing status is 200, and
// a status may be a string of digits; headers may be booleans. The page gives only the types; others have observed that
// API Gateway accepts these. isBase64Encoded changes nothing, because the API has no binary media types.
func parseProxyResponse(payload []byte) (answer, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil || fields == nil {
		return answer{}, false
	}
	a := answer{status: http.StatusOK, header: http.Header{}}
	single, several := http.Header{}, http.Header{}
	for name, value := range fields {
		ok := false
		switch name {
		case "statusCode":
			a.status, ok = parseStatus(value)
		case "headers":
			ok = parseHeaders(value, single)
		case "multiValueHeaders":
			ok = parseMultiValueHeaders(value, several)
		case "body":
			var body string
			ok = json.Unmarshal(value, &body) == nil
			a.body = []byte(body)
		case "isBase64Encoded":
			var encoded bool
			ok = json.Unmarshal(value, &encoded) == nil
		}
		if !ok {
			return answer{}, false
		}
	}
	// "If you specify values for both headers and multiValueHeaders, API Gateway merges them into a single list. If the
	// same key-value pair is specified in both, only the values from multiValueHeaders will appear in the merged list."
	for name, values := range single {
		if _, both := several[name]; !both {
			several[name] = values
		}
	}
	for name, values := range several {
		if to := responseHeader(name); to != "" {
			a.header[to] = append(a.header[to], values...)
		}
	}
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", jsonType)
	}
	return a, true
}

// parseStatus accepts final statuses of HTTP.
func parseStatus(value json.RawMessage) (int, bool) {
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	code, err := strconv.Atoi(text)
	return code, err == nil && code >= 200 && code <= 599
}

func parseHeaders(value json.RawMessage, into http.Header) bool {
	var headers map[string]json.RawMessage
	if json.Unmarshal(value, &headers) != nil {
		return false
	}
	for name, text := range headers {
		if !addHeader(into, name, text) {
			return false
		}
	}
	return true
}

func parseMultiValueHeaders(value json.RawMessage, into http.Header) bool {
	var headers map[string][]json.RawMessage
	if json.Unmarshal(value, &headers) != nil {
		return false
	}
	for name, texts := range headers {
		for _, text := range texts {
			if !addHeader(into, name, text) {
				return false
			}
		}
	}
	return true
}

// addHeader refuses invalid headers.
func addHeader(header http.Header, name string, value json.RawMessage) bool {
	var text string
	if boolean := string(value); boolean == "true" || boolean == "false" {
		text = boolean
	} else if string(value) == "null" || json.Unmarshal(value, &text) != nil {
		return false
	}
	if !headerName.MatchString(name) || !isHeaderValue(text) {
		return false
	}
	header.Add(name, text)
	return true
}
