package federation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// Error is a sign-in that failed at a provider. The app is told Code and Description, by redirect:
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoint-idp-responses.html
type Error struct {
	Code, Description string
	// Cause is for the log, and not for the app's URL. It is nil if the description is complete. It has no secret, code
	// or token.
	Cause error
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Code + ": " + e.Description
	}
	return e.Code + ": " + e.Description + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// maxDescription bounds the description that the app gets, in bytes.
const maxDescription = 300

// code matches an error code. RFC 6749, section 4.1.2.1 allows more, but every registered code matches:
// https://www.iana.org/assignments/oauth-parameters
var code = regexp.MustCompile(`^[a-z_]{1,40}$`)

// blame turns an error into an *Error, worded as AWS does: the name of the provider, then the provider's own words.
// Errors that the user pool has found are for the log.
func blame(ctx context.Context, provider string, err error) error {
	told := &Error{Code: "server_error", Description: "its answer is refused; the log says why", Cause: err}
	var known *Error
	var network *url.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		told.Description = "it did not answer in time"
	case errors.As(err, &known):
		told.Code, told.Description, told.Cause = known.Code, known.Description, known.Cause
	case errors.As(err, &network):
		told.Description = "it cannot be reached; the log says why"
	}
	if !code.MatchString(told.Code) {
		told.Cause = cmp.Or(told.Cause, fmt.Errorf("the error code is %.100q", told.Code))
		told.Code = "server_error"
	}
	told.Description = shortened(provider + " Error - " + told.Description)
	return told
}

// shortened returns a text on one line, cut between two characters.
func shortened(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	if len(text) > maxDescription {
		text = strings.ToValidUTF8(text[:maxDescription], "") + "…"
	}
	return text
}

// refused returns the error that a provider answers with (RFC 6749, section 4.1.2.1).
func refused(values url.Values) error {
	code := values.Get("error")
	switch {
	case code != "":
		return &Error{Code: code, Description: strings.TrimSpace(code + " " + values.Get("error_description"))}
	case values.Get("code") == "":
		return errors.New("its answer has no code")
	}
	return nil
}

// fromToken words an error of the token endpoint as AWS does: "400 invalid_request The request is missing …". It
// withholds the secrets of the request, which an endpoint may repeat.
func fromToken(err error, secrets ...string) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return err
	}
	status := answer.Response.StatusCode
	if answer.ErrorCode == "" { // Facebook's errors are no OAuth errors.
		return &Error{
			Code: "server_error", Description: fmt.Sprint(status, " from its token endpoint"),
			Cause: unexpected("token endpoint", answer.Response, answer.Body, secrets...),
		}
	}
	return &Error{
		Code: withheld(answer.ErrorCode, secrets...),
		Description: withheld(strings.TrimSpace(
			fmt.Sprint(status, " ", answer.ErrorCode, " ", answer.ErrorDescription)), secrets...),
	}
}

// unexpected is the error for an answer that no protocol describes, for the log.
func unexpected(of string, response *http.Response, body []byte, secrets ...string) error {
	return fmt.Errorf("%s: %s %s", of, response.Status, shortened(withheld(string(body), secrets...)))
}

// token matches a JWT (RFC 7519).
var token = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

// withheld removes secrets from a text, in each form in which an endpoint may repeat them, and every JWT.
func withheld(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		quoted, _ := json.Marshal(secret) // A string can always be encoded.
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]),
		} {
			text = strings.ReplaceAll(text, form, "(withheld)")
		}
	}
	return token.ReplaceAllString(text, "(withheld)")
}
