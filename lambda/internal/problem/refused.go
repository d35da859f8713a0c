package problem

import "net/http"

// Refused is the answer to a request that can be read and that the state of things forbids: 404, 409 or 410, say. The
// code tells operators which refusal it is; as with [BadRequest], the detail is not logged.
func Refused(status int, code, detail string) *Problem {
	return of(status, code, "", detail)
}

// Busy is a 409 that goes away by itself: another request is at the same thing. The caller tries again in a moment.
func Busy(code, detail string) *Problem {
	p := Refused(http.StatusConflict, code, detail)
	p.Header = map[string]string{"Retry-After": retryAfter}
	return p
}
