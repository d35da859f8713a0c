package apigateway

import (
	"errors"
	"net/http"

	"github.com/securecart/identity/local/credentials"
)

// Credentials verify the signature of a request and authorize its session. [credentials.Store] is one.
type Credentials interface {
	Verify(r *http.Request, body []byte, service string) (*credentials.Session, error)
	Authorize(session *credentials.Session, action, resource string, context map[string][]string) error
}

// signatures authorize routes with AWS_IAM: api-gateway-control-access-using-iam-policies-to-invoke-api.html.
type signatures struct{ Credentials }

const (
	service = "execute-api"
	invoke  = "execute-api:Invoke"
)

func (s signatures) authorize(x *exchange) error {
	// The signature covers the body.
	if err := x.readBody(); err != nil {
		return err
	}
	session, err := s.Verify(x.request, x.body, service)
	if err != nil {
		return refuseAs(err)
	}
	if err := s.Authorize(session, invoke, x.route.arn, nil); err != nil {
		return refuseAs(err)
	}
	x.caller = session
	return nil
}

// credentialResponses are the types of gateway responses to errors of package credentials. The documentation lists no
// own types for UnrecognizedClient and IncompleteSignature; like a wrong signature they are a 403.
var credentialResponses = map[string]string{
	credentials.AccessDenied:               accessDenied,
	credentials.ExpiredToken:               expiredToken,
	credentials.IncompleteSignature:        invalidSignature,
	credentials.InvalidSignature:           invalidSignature,
	credentials.MissingAuthenticationToken: missingToken,
	credentials.UnrecognizedClient:         invalidSignature,
}

// refuseAs keeps the message and code of an error of package credentials. Any other error is an internal failure, and
// also a refusal.
func refuseAs(err error) error {
	var refused *credentials.Error
	if !errors.As(err, &refused) || credentialResponses[refused.Code] == "" {
		return err
	}
	kind := credentialResponses[refused.Code]
	return &failure{kind: kind, status: responseTypes[kind].status, message: refused.Message, code: refused.Code}
}
