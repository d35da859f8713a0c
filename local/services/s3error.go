package services

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// s3Error is an error with a code of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
type s3Error struct {
	status        int
	code, message string
}

func (e *s3Error) Error() string { return e.code + ": " + e.message }

func notServed(format string, values ...any) error {
	return &s3Error{http.StatusNotImplemented, "NotImplemented", fmt.Sprintf(format, values...) + " is not served here."}
}

func writeS3Error(w http.ResponseWriter, r *http.Request, err error) {
	var known *s3Error
	var refused *credentials.Error
	switch {
	case errors.As(err, &refused):
		code := s3Codes[refused.Code]
		if known = &code; code.message == "" {
			known.message = refused.Message
		}
	case !errors.As(err, &known):
		known = &s3Error{http.StatusInternalServerError, "InternalError", err.Error()}
	}
	id := awsjson.RequestID()
	text, err := xml.Marshal(struct {
		XMLName                 xml.Name `xml:"Error"`
		Code, Message, Resource string
		RequestID               string `xml:"RequestId"`
	}{Code: known.code, Message: known.message, Resource: r.URL.Path, RequestID: id})
	if err != nil {
		panic(err) // strings can be encoded
	}
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Amz-Request-Id", id)
	w.WriteHeader(known.status)
	// Who has gone cannot be told.
	_, _ = w.Write(append([]byte(xml.Header), text...))
}
