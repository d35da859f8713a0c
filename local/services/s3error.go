package services

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// s3Codes are S3's names and statuses for the errors of package credentials:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var s3Codes = xmlCodes{internal: "InternalError", credentials: map[string]xmlError{
	credentials.AccessDenied:               {http.StatusForbidden, "AccessDenied", ""},
	credentials.ExpiredToken:               {http.StatusBadRequest, "ExpiredToken", ""},
	credentials.IncompleteSignature:        {http.StatusBadRequest, "AuthorizationHeaderMalformed", ""},
	credentials.InvalidSignature:           {http.StatusForbidden, "SignatureDoesNotMatch", ""},
	credentials.MissingAuthenticationToken: {http.StatusForbidden, "AccessDenied", "Access Denied"},
	credentials.UnrecognizedClient:         {http.StatusForbidden, "InvalidAccessKeyId", ""},
}}

func notServed(format string, values ...any) error {
	return &xmlError{http.StatusNotImplemented, "NotImplemented", fmt.Sprintf(format, values...) + " is not served here."}
}

func writeS3Error(w http.ResponseWriter, r *http.Request, err error) {
	known := s3Codes.translate(err)
	id := awsjson.RequestID()
	w.Header().Set("X-Amz-Request-Id", id)
	writeXML(w, known.status, struct {
		XMLName                 xml.Name `xml:"Error"`
		Code, Message, Resource string
		RequestID               string `xml:"RequestId"`
	}{Code: known.code, Message: known.message, Resource: r.URL.Path, RequestID: id})
}
