// Package request reads the parts of an API Gateway request: a header ([Header]), the query string ([Query]) and the
// JSON body ([JSON]).
//
// It is strict. An unknown, repeated or invalid parameter or field is an error and never replaced by a default.
// Otherwise a client that misspells "limit" would get the wrong list, and one that misspells a field would be told that
// its change was made. If a field is given twice, API Gateway may have validated the other value. For the same reasons
// invalid UTF-8 and trailing data, which encoding/json tolerates, are errors. All mistakes are reported at once.
//
// A malformed query string or body is a 400. A well-formed body with invalid content is a 422, which names each mistake
// by its JSON path.
package request

import (
	"encoding/base64"
	"mime"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/problem"
)

// MaxBodyBytes is the longest body. The largest sensible one, an order of fifty lines, has about 5 KiB.
const MaxBodyBytes = 16 << 10

// mediaType is the type that isJSON requires.
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

// JSON returns the request's body, which must be a JSON object.
func JSON(event events.APIGatewayProxyRequest) (*Document, error) {
	raw, err := Body(event)
	if err != nil {
		return nil, err
	}
	// A page of another origin can send text/plain without a preflight.
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
