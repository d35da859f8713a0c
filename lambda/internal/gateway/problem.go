package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MediaType is the Content-Type of every Problem.
const MediaType = "application/problem+json"

// retryAfter is the header Retry-After in whole seconds. The causes of a 503, throttling and a lost connection, mostly
// end within one second.
const retryAfter = "1"

// maxQuoted is how many characters of a wrong text a response quotes.
const maxQuoted = 40

// A Problem is an error with a response to the caller: problem details of RFC 9457, with the request's id, which
// customers can quote and operators can look up in the log. Make it with one of the functions below and do not change
// it.
//
// It has two audiences. Its JSON fields go to the caller and reveal nothing about SecureCart's internals. Code and
// Reason go to the log only and reveal nothing about the caller.
type Problem struct {
	// Type is "about:blank": the status is all that a program needs.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail tells the caller what to do differently.
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`

	// Header holds what the status requires beside the body.
	Header map[string]string `json:"-"`
	// Code is the term by which operators search the log, such as the error code of an AWS service.
	Code string `json:"-"`
	// Reason says where and why in a few words. It is logged unchanged, so it must not hold a claim, a parameter's value,
	// an ARN or a table's name.
	Reason string `json:"-"`
}

// Error returns the Problem's text in the log.
func (p *Problem) Error() string {
	if p.Reason == "" {
		return p.Code
	}
	return p.Code + ": " + p.Reason
}

// For returns a copy of the Problem that names the request it answers.
func (p *Problem) For(requestID string) *Problem {
	answered := *p
	answered.RequestID = requestID
	return &answered
}

// BadRequest is the response to a request that the caller must correct. The detail may quote the request; it is not
// logged.
func BadRequest(detail string) *Problem {
	return of(http.StatusBadRequest, "InvalidRequest", "", detail)
}

// Unauthorized is the response to a request without a customer. Only the log says why.
func Unauthorized(reason string) *Problem {
	p := of(http.StatusUnauthorized, "InvalidClaims", reason, "Sign in and send the access token.")
	p.Header = map[string]string{"WWW-Authenticate": "Bearer"}
	return p
}

// Stale is the Code of a valid sign-in or step-up that is too old.
const Stale = "StaleStepUp"

// StepUp is the response to a high-risk request whose token does not show a second factor just proven. By RFC 9470 a
// client that gets this header lets the customer step up and tries again. The response does not say which condition
// failed; code and reason are for the log.
func StepUp(code, reason string, within time.Duration) *Problem {
	return insufficient(code, reason, "Confirm that it is you with your second factor, then try again.", within)
}

// SignInAgain is the response, with the header of [StepUp], to a request that requires a recent sign-in of any kind.
func SignInAgain(code, reason string, within time.Duration) *Problem {
	return insufficient(code, reason, "Sign in again, then try again.", within)
}

func insufficient(code, reason, detail string, within time.Duration) *Problem {
	p := of(http.StatusUnauthorized, code, reason, detail)
	p.Header = map[string]string{
		"WWW-Authenticate": fmt.Sprintf(`Bearer error="insufficient_user_authentication", max_age=%.0f`, within.Seconds()),
	}
	return p
}

// TooLarge is the response to a body of more than limit bytes.
func TooLarge(limit int) *Problem {
	detail := fmt.Sprintf("The body must have %d bytes at most.", limit)
	return of(http.StatusRequestEntityTooLarge, "BodyTooLarge", "", detail)
}

// UnsupportedMediaType is the response to a body that is not declared as the one accepted type.
func UnsupportedMediaType(want string) *Problem {
	return of(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "", "The header Content-Type must be "+want+".")
}

// Unprocessable is the response to a well-formed body with invalid content. As with [BadRequest], the detail is not
// logged.
func Unprocessable(detail string) *Problem {
	return of(http.StatusUnprocessableEntity, "InvalidContent", "", detail)
}

// NotFound is the response to a path that the function does not serve.
func NotFound() *Problem {
	return of(http.StatusNotFound, "UnknownRoute", "", "There is nothing here.")
}

// MethodNotAllowed is the response to a method that a path does not serve; allowed are the methods that it serves.
func MethodNotAllowed(allowed []string) *Problem {
	list := strings.Join(allowed, ", ")
	p := of(http.StatusMethodNotAllowed, "UnknownMethod", "", "Here the method must be "+list+".")
	p.Header = map[string]string{"Allow": list}
	return p
}

// Quoted returns a caller's text for a detail: as a Go string in ASCII, cut after 40 characters. Control characters,
// line ends and changes of direction could falsify the detail.
func Quoted(text string) string {
	runes := []rune(text)
	if len(runes) <= maxQuoted {
		return strconv.QuoteToASCII(text)
	}
	return strconv.QuoteToASCII(string(runes[:maxQuoted])) + "…"
}

// Internal is the response to an internal error, which a retry does not solve.
func Internal(code, reason string) *Problem {
	const detail = "Something went wrong on our side. Please tell us the requestId."
	return of(http.StatusInternalServerError, code, reason, detail)
}

// Unavailable is the response when a service behind the function is busy or silent.
func Unavailable(code, reason string) *Problem {
	p := of(http.StatusServiceUnavailable, code, reason, "The shop is busy. Please try again in a moment.")
	p.Header = map[string]string{"Retry-After": retryAfter}
	return p
}

// Refused is the response to a valid request that the current state forbids, for example 404, 409 or 410. The code
// tells operators which refusal it is; as with [BadRequest], the detail is not logged.
func Refused(status int, code, detail string) *Problem {
	return of(status, code, "", detail)
}

// Busy is a temporary 409: another request is working on the same item. The caller should try again in a moment.
func Busy(code, detail string) *Problem {
	p := Refused(http.StatusConflict, code, detail)
	p.Header = map[string]string{"Retry-After": retryAfter}
	return p
}

func of(status int, code, reason, detail string) *Problem {
	return &Problem{
		Type:   "about:blank",
		Title:  http.StatusText(status),
		Status: status,
		Detail: detail,
		Code:   code,
		Reason: reason,
	}
}
