package gateway

import (
	"encoding/base64"
	"mime"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// MaxBodyBytes is the longest body. The largest sensible one, an order of fifty lines, has about 5 KiB.
const MaxBodyBytes = 16 << 10

// mediaType is the type that isJSON requires.
const mediaType = "application/json"

// Body returns a body as it was sent, at most [MaxBytes] of it.
func Body(event events.APIGatewayProxyRequest) ([]byte, error) {
	if !event.IsBase64Encoded {
		if len(event.Body) > MaxBodyBytes {
			return nil, TooLarge(MaxBodyBytes)
		}
		return []byte(event.Body), nil
	}
	if base64.StdEncoding.DecodedLen(len(event.Body)) > MaxBodyBytes+2 { // it counts padding
		return nil, TooLarge(MaxBodyBytes)
	}
	raw, err := base64.StdEncoding.DecodeString(event.Body)
	if err != nil {
		return nil, BadRequest("body must be base64, as the event says it is")
	}
	if len(raw) > MaxBodyBytes {
		return nil, TooLarge(MaxBodyBytes)
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
		return nil, UnsupportedMediaType(mediaType)
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
