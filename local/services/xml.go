package services

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"

	"github.com/securecart/identity/local/credentials"
)

// xmlError is an error of a service that answers in XML, with a code of its documentation:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
type xmlError struct {
	status        int
	code, message string
}

func (e *xmlError) Error() string { return e.code + ": " + e.message }

// xmlCodes are a service's names for errors that are not its own.
type xmlCodes struct {
	// internal is the code of a failure of the service itself.
	internal string
	// credentials are the errors of package credentials by their code. A message replaces that of the error.
	credentials map[string]xmlError
}

func (c xmlCodes) translate(err error) xmlError {
	var known *xmlError
	var refused *credentials.Error
	switch {
	case errors.As(err, &refused):
		code := c.credentials[refused.Code]
		code.message = cmp.Or(code.message, refused.Message)
		return code
	case errors.As(err, &known):
		return *known
	}
	return xmlError{http.StatusInternalServerError, c.internal, err.Error()}
}

func writeXML(w http.ResponseWriter, status int, answer any) {
	text, err := xml.Marshal(answer)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", answer, err)) // strings and numbers can be encoded
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/xml")
	}
	w.WriteHeader(status)
	// The client may have gone already.
	_, _ = w.Write(append([]byte(xml.Header), text...))
}
