// Package request reads the parts of a request that API Gateway hands to a function: a header ([Header]), the query
// string ([Query]) and the JSON body ([JSON]).
//
// It is strict. A parameter or field that is unknown, repeated or outside its rule is an error and never replaced by a
// default: a client that misspells "limit" would otherwise be answered with the wrong list, one that misspells a field
// be told that its change was made, and of a field given twice API Gateway's validation may have seen the other value.
// For the same reasons invalid UTF-8 and trailing data are errors, which encoding/json tolerates. All mistakes are
// reported at once.
//
// A query string or body that cannot be read is a 400, a body that can be read and has the wrong content a 422 that
// names each mistake by its JSON path.
package request

import (
	"encoding/base64"
	"mime"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/problem"
)

// MaxBodyBytes is the longest body. The largest that a client of the shop has reason to send, fifty lines of an order,
// has about 5 KiB.
const MaxBodyBytes = 16 << 10

// mediaType says what isJSON asks for.
const mediaType = "application/json"

// Body returns a body as it was sent, at most [MaxBytes] of it.
func Body(event events.APIGatewayProxyRequest) ([]byte, error) {
	if !event.IsBase64Encoded {
		if len(event.Body) > MaxBodyBytes {
			return nil, problem.TooLarge(MaxBodyBytes)
		}
		return []byte(event.Body), nil
	}
	if base64.StdEncoding.DecodedLen(len(event.Body)) > MaxBodyBytes+2 { // it counts padding
		return nil, problem.TooLarge(MaxBodyBytes)
	}
	raw, err := base64.StdEncoding.DecodeString(event.Body)
	if err != nil {
		return nil, problem.BadRequest("body must be base64, as the event says it is")
	}
	if len(raw) > MaxBodyBytes {
		return nil, problem.TooLarge(MaxBodyBytes)
	}
	return raw, nil
}

// JSON returns the object that a request's body is.
func JSON(event events.APIGatewayProxyRequest) (*Document, error) {
	raw, err := Body(event)
	if err != nil {
		return nil, err
	}
	// A page of another origin can send text/plain without the preflight that asks whether it may.
	if !isJSON(event) {
		return nil, problem.UnsupportedMediaType(mediaType)
	}
	root, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return newDocument(root), nil
}

func isJSON(event events.APIGatewayProxyRequest) bool {
	value, only := Header(event, "Content-Type")
	if !only {
		return false
	}
	kind, parameters, err := mime.ParseMediaType(value)
	if err != nil || kind != mediaType {
		return false
	}
	charset, given := parameters["charset"]
	delete(parameters, "charset")
	return len(parameters) == 0 && (!given || strings.EqualFold(charset, "utf-8"))
}
