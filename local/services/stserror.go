package services

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"

	"github.com/securecart/identity/local/credentials"
)

// stsError is an error with a code of https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
type stsError struct {
	status        int
	code, message string
}

func (e *stsError) Error() string { return e.code + ": " + e.message }

func invalidSTS(format string, values ...any) error {
	return &stsError{http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, values...)}
}

// stsCodes are the names and statuses in STS for the errors of package credentials.
var stsCodes = map[string]stsError{
	credentials.AccessDenied:               {http.StatusForbidden, "AccessDenied", ""},
	credentials.ExpiredToken:               {http.StatusForbidden, "ExpiredToken", ""},
	credentials.IncompleteSignature:        {http.StatusBadRequest, "IncompleteSignature", ""},
	credentials.InvalidSignature:           {http.StatusForbidden, "SignatureDoesNotMatch", ""},
	credentials.MissingAuthenticationToken: {http.StatusForbidden, "MissingAuthenticationToken", ""},
	credentials.UnrecognizedClient:         {http.StatusForbidden, "InvalidClientTokenId", ""},
}

func writeSTSError(w http.ResponseWriter, err error) {
	var known *stsError
	var refused *credentials.Error
	switch {
	case errors.As(err, &refused):
		code := stsCodes[refused.Code]
		known, code.message = &code, refused.Message
	case !errors.As(err, &known):
		known = &stsError{http.StatusInternalServerError, "InternalFailure", err.Error()}
	}
	kind := "Sender"
	if known.status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	type details struct{ Type, Code, Message string }
	text, err := xml.Marshal(struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Error     details
		requestID
	}{Namespace: stsNamespace, Error: details{kind, known.code, known.message}, requestID: newRequestID()})
	if err != nil {
		panic(err) // strings can be encoded
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(known.status)
	// Who has gone cannot be told.
	_, _ = w.Write(text)
}
