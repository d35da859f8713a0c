package userpool

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/securecart/identity/local/localtest/must"
)

// claims are those of a token, which is not verified.
func claims(t testing.TB, token *string) map[string]any {
	t.Helper()
	parsed := must.Get(jwt.ParseSigned(aws.ToString(token), algorithms))(t)
	var found map[string]any
	must.Do(t, parsed.UnsafeClaimsWithoutVerification(&found))
	return found
}

// refusal is the code and message of an error, of the SDK or of the pool.
func refusal(err error) string {
	var api smithy.APIError
	var own *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return own.Error()
	case errors.As(err, &api):
		return api.ErrorCode() + ": " + api.ErrorMessage()
	default:
		return "no answer of the user pool: " + err.Error()
	}
}

// refused checks the error of a call by how its text begins: refused(t, "wrong code", "CodeMismatch")(r.confirm(…)).
func refused(t testing.TB, what, want string) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		wantRefusal(t, what, err, want)
	}
}

// wantRefusal checks an error by how its text begins.
func wantRefusal(t testing.TB, what string, err error, want string) {
	t.Helper()
	if got := refusal(err); !strings.HasPrefix(got, want) || want == "" {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
