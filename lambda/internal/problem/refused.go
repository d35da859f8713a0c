package problem

import "net/http"

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
