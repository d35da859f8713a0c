package local

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/services"
	"github.com/securecart/identity/local/services/awsjson"
	"github.com/securecart/identity/local/userpool"
)

// userPoolTarget is what stands before the operations of a user pool in X-Amz-Target.
const userPoolTarget = "AWSCognitoIdentityProviderService"

// administrators are operations of the user pool that need credentials. No documented request to a user pool is larger.
var administrators = awsjson.Protocol{Target: userPoolTarget, Version: "1.1", Limit: 256 << 10}

// aws serves the AWS services on one port: JSON services by their target, STS by its forms, the user pool's public
// documents by its id, and all that is left is S3.
func (s *Server) aws() http.Handler {
	targets := map[string]http.Handler{
		userPoolTarget:          s.administration(s.parts.users.Handler()),
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

// administration lets only those use the user pool's operations for administrators whose policies allow it.
func (s *Server) administration(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if !userpool.NeedsCredentials(operation) {
			next.ServeHTTP(w, r)
			return
		}
		_, body, err := administrators.Read(w, r)
		if err != nil {
			administrators.WriteError(w, err)
			return
		}
		session, err := s.parts.store.Verify(r, body, "cognito-idp")
		if err == nil {
			err = s.parts.store.Authorize(session, userpool.Action(operation), s.stage.UserPool.ARN, nil)
		}
		if err != nil {
			administrators.WriteError(w, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}
