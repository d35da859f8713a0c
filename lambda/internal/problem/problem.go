// Package problem holds the errors that callers of the API see: problem details as in RFC 9457, with the request's id
// so that a customer can quote it and an operator can find its log line.
//
// A Problem has two audiences. Its JSON fields go to the caller and hold nothing about how SecureCart is built. Code
// and Reason go to the log only and hold nothing about who the caller is.
package problem

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MediaType is the Content-Type of every Problem.
const MediaType = "application/problem+json"

// retryAfter is in whole seconds, as the Retry-After header wants it. The causes of a 503, throttling and a lost
// connection, are mostly over within one.
const retryAfter = "1"

// maxQuoted is how many characters of a wrong text are quoted in the answer to it.
const maxQuoted = 40

// A Problem is an error that has an answer to the caller. It is built by one of the functions below and not changed
// afterwards.
type Problem struct {
	// Type is "about:blank": the status says all that a program needs to know.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail tells the caller what to do differently.
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`

	// Header holds what the status requires beside the body.
	Header map[string]string `json:"-"`
	// Code is what an operator searches the log for, such as the error code of an AWS service.
	Code string `json:"-"`
	// Reason says where and why in a few words. It is logged as it is, so it never holds a claim, a parameter's value, an
	// ARN or a table's name.
	Reason string `json:"-"`
}

// Error describes the Problem as the log does.
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

// BadRequest is the answer to a request that the caller has to correct. The detail may quote the request; it is not
// logged.
func BadRequest(detail string) *Problem {
	return of(http.StatusBadRequest, "InvalidRequest", "", detail)
}

// Unauthorized is the answer to a request that names no customer. The caller is not told why: only the log is.
func Unauthorized(reason string) *Problem {
	p := of(http.StatusUnauthorized, "InvalidClaims", reason, "Sign in and send the access token.")
	p.Header = map[string]string{"WWW-Authenticate": "Bearer"}
	return p
}

// Stale is the Code of a sign-in or step-up that was a proper one and is too old.
const Stale = "StaleStepUp"

// StepUp is the answer to a high-risk request whose token does not show that its customer has just proven a second
// factor. RFC 9470 says how: a client that finds this header has the customer prove it and tries again. The caller is
// not told which condition failed; code and reason are for the log.
func StepUp(code, reason string, within time.Duration) *Problem {
	return insufficient(code, reason, "Confirm that it is you with your second factor, then try again.", within)
}

// SignInAgain is the answer, with the header of [StepUp], to a request that takes a recent sign-in of any kind.
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

// TooLarge is the answer to a body of more than so many bytes.
func TooLarge(limit int) *Problem {
	detail := fmt.Sprintf("The body must have %d bytes at most.", limit)
	return of(http.StatusRequestEntityTooLarge, "BodyTooLarge", "", detail)
}

// UnsupportedMediaType is the answer to a body that does not say it is of the one type that is taken.
func UnsupportedMediaType(want string) *Problem {
	return of(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "", "The header Content-Type must be "+want+".")
}

// Unprocessable is the answer to a body that can be read and cannot be done. As with [BadRequest], the detail is not
// logged.
func Unprocessable(detail string) *Problem {
	return of(http.StatusUnprocessableEntity, "InvalidContent", "", detail)
}

// NotFound is the answer to a path that the function does not serve.
func NotFound() *Problem {
	return of(http.StatusNotFound, "UnknownRoute", "", "There is nothing here.")
}

// MethodNotAllowed is the answer to a method that a path does not serve; allowed are those that it does.
func MethodNotAllowed(allowed []string) *Problem {
	list := strings.Join(allowed, ", ")
	p := of(http.StatusMethodNotAllowed, "UnknownMethod", "", "Here the method must be "+list+".")
	p.Header = map[string]string{"Allow": list}
	return p
}

// Quoted returns a text of the caller's for a detail: as a Go string in ASCII, cut after 40 characters. Control
// characters, ends of lines and changes of direction could make the detail read as something else.
func Quoted(text string) string {
	runes := []rune(text)
	if len(runes) <= maxQuoted {
		return strconv.QuoteToASCII(text)
	}
	return strconv.QuoteToASCII(string(runes[:maxQuoted])) + "…"
}

// Internal is the answer to a mistake of ours, which trying again does not mend.
func Internal(code, reason string) *Problem {
	const detail = "Something went wrong on our side. Please tell us the requestId."
	return of(http.StatusInternalServerError, code, reason, detail)
}

// Unavailable is the answer when a service behind the function is busy or silent.
func Unavailable(code, reason string) *Problem {
	p := of(http.StatusServiceUnavailable, code, reason, "The shop is busy. Please try again in a moment.")
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
