package local

import (
	"net/http"
	"strings"

	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/services"
	"github.com/securecart/identity/local/userpool"
)

// aws serves the AWS services on one port: JSON services by their target, STS by its forms, the user pool's public
// documents by its id, and all that is left is S3.
func (s *Server) aws() http.Handler {
	targets := map[string]http.Handler{
		userpool.Target:         s.parts.users.Handler(),
		identitypool.Target:     s.parts.identities.Handler(),
		services.DynamoDBTarget: s.parts.dynamodb,
		services.KMSTarget:      s.parts.kms,
		services.SSMTarget:      s.parts.ssm,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		handler, ok := targets[target]
		switch {
		case ok:
		case target != "":
			http.Error(w, "the local stage does not serve "+target, http.StatusNotFound)
			return
		case isForm(r):
			handler = s.parts.sts
		case strings.HasPrefix(r.URL.Path, "/"+s.stage.UserPool.ID+"/"), preflight(r):
			handler = s.parts.users.Handler()
		default:
			handler = s.parts.s3
		}
		handler.ServeHTTP(w, r)
	})
}

// isForm says that a request is one of STS, whose protocol is the only one here with forms.
func isForm(r *http.Request) bool {
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	return form && r.Method == http.MethodPost
}

// preflight says that a browser asks whether it may call a JSON service: those are all at "/", where S3 has nothing for
// browsers.
func preflight(r *http.Request) bool { return r.Method == http.MethodOptions && r.URL.Path == "/" }

// administer lets only those use the user pool's operations for administrators whose policies allow it.
func (p *parts) administer(r *http.Request, body []byte, action, resource string) error {
	session, err := p.store.Verify(r, body, "cognito-idp")
	if err != nil {
		return err
	}
	return p.store.Authorize(session, action, resource, nil)
}
