// Package body reads the JSON body of a request.
//
// It is strict where encoding/json is not: a field that is unknown, repeated or
// differently spelt, invalid UTF-8 and trailing data are errors. A client that
// misspells a field would otherwise be told that its change was made, and of a
// field given twice API Gateway's validation may have seen the other value.
//
// A body that cannot be read is a 400, one that can be read and has the wrong
// content a 422 that tells all that is wrong at once, each by its JSON path.
package body

import (
	"encoding/base64"
	"mime"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/header"
	"github.com/securecart/identity/lambda/internal/problem"
)

// MaxBytes is the longest body. The largest that a client of the shop has reason
// to send, fifty lines of an order, has about 5 KiB.
const MaxBytes = 16 << 10

// mediaType says what isJSON asks for.
const mediaType = "application/json"

// Bytes returns a body as it was sent, at most [MaxBytes] of it.
func Bytes(request events.APIGatewayProxyRequest) ([]byte, error) {
	if !request.IsBase64Encoded {
		if len(request.Body) > MaxBytes {
			return nil, problem.TooLarge(MaxBytes)
		}
		return []byte(request.Body), nil
	}
	if base64.StdEncoding.DecodedLen(len(request.Body)) > MaxBytes+2 { // it counts padding
		return nil, problem.TooLarge(MaxBytes)
	}
	raw, err := base64.StdEncoding.DecodeString(request.Body)
	if err != nil {
		return nil, problem.BadRequest("body must be base64, as the event says it is")
	}
	if len(raw) > MaxBytes {
		return nil, problem.TooLarge(MaxBytes)
	}
	return raw, nil
}

// Read returns the object that a request's body is.
func Read(request events.APIGatewayProxyRequest) (*Document, error) {
	raw, err := Bytes(request)
	if err != nil {
		return nil, err
	}
	// A page of another origin can send text/plain without the preflight that asks
	// whether it may.
	if !isJSON(request) {
		return nil, problem.UnsupportedMediaType(mediaType)
	}
	root, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return newDocument(root), nil
}

func isJSON(request events.APIGatewayProxyRequest) bool {
	value, only := header.One(request, "Content-Type")
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
