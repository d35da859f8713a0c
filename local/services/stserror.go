package services

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/securecart/identity/local/credentials"
)

func invalidSTS(format string, values ...any) error {
	return &xmlError{http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, values...)}
}

// stsCodes are the names and statuses in STS for the errors of package credentials.
var stsCodes = xmlCodes{internal: "InternalFailure", credentials: map[string]xmlError{
	credentials.AccessDenied:               {http.StatusForbidden, "AccessDenied", ""},
	credentials.ExpiredToken:               {http.StatusForbidden, "ExpiredToken", ""},
	credentials.IncompleteSignature:        {http.StatusBadRequest, "IncompleteSignature", ""},
	credentials.InvalidSignature:           {http.StatusForbidden, "SignatureDoesNotMatch", ""},
	credentials.MissingAuthenticationToken: {http.StatusForbidden, "MissingAuthenticationToken", ""},
	credentials.UnrecognizedClient:         {http.StatusForbidden, "InvalidClientTokenId", ""},
}}

func writeSTSError(w http.ResponseWriter, err error) {
	known := stsCodes.translate(err)
	kind := "Sender"
	if known.status >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	type details struct{ Type, Code, Message string }
	writeXML(w, known.status, struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Error     details
		requestID
	}{Namespace: stsNamespace, Error: details{kind, known.code, known.message}, requestID: newRequestID()})
}
