package functions

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// errorType is a header of reported errors, and a trailer of responses that ended halfway.
const errorType = "Lambda-Runtime-Function-Error-Type"

// routes serves the Lambda Runtime API to one process. Where AWS documents nothing, such as for a response that is too
// large, it answers like AWS's runtime interface emulator.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func (p *process) routes() http.Handler {
	const runtime = "/2018-06-01/runtime/"
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+runtime+"invocation/next", p.next)
	routes.HandleFunc("POST "+runtime+"invocation/{id}/response", p.response)
	routes.HandleFunc("POST "+runtime+"invocation/{id}/error", p.invocationError)
	routes.HandleFunc("POST "+runtime+"init/error", p.initError)
	return routes
}

// next is a long poll: it answers when there is an event.
func (p *process) next(w http.ResponseWriter, r *http.Request) {
	events, err := p.ready()
	if err != nil {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", err.Error())
		return
	}
	select {
	case c := <-events:
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", c.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(c.deadline.UnixMilli(), 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", p.function.program.ARN)
		header.Set("Lambda-Runtime-Trace-Id", traceID())
		_, _ = w.Write(c.event) // if it fails the process ends, and the call with it
	case <-r.Context().Done():
		p.leave()
	}
}

func (p *process) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	switch {
	case err != nil:
		// The call is still open: if the process has ended, the call fails.
		refuse(w, http.StatusBadRequest, "TruncatedHTTPRequest", err.Error())
	case len(body) > maxResponse:
		p.settle(r, answer{err: ErrTooLarge})
		_, _ = io.Copy(io.Discard, r.Body) // the process reads the refusal only when it has sent all
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", maxResponse))
	case r.Trailer.Get(errorType) != "":
		// aws-lambda-go reports in this way that a reader returned by the handler failed halfway.
		failure, _ := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body")) // any body is one
		p.accept(w, r, answer{err: reported(failure, r.Trailer)})
	default:
		p.accept(w, r, answer{response: body})
	}
}

func (p *process) invocationError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedHTTPRequest", err.Error())
		return
	}
	p.accept(w, r, answer{err: reported(body, r.Header)})
}

// accept completes the call of a request.
func (p *process) accept(w http.ResponseWriter, r *http.Request, a answer) {
	if !p.settle(r, a) {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "there is no such invocation, or it is answered")
		return
	}
	accepted(w)
}

// initError comes from a process that will end before it asks for an event. The call that waits for it gets this error.
func (p *process) initError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		refuse(w, http.StatusBadRequest, "TruncatedHTTPRequest", err.Error())
		return
	}
	p.function.mu.Lock()
	defer p.function.mu.Unlock()
	if p.state != starting {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the process has asked for an event")
		return
	}
	p.failure = reported(body, r.Header)
	accepted(w)
}

// reported reads an error. Lambda accepts any body, even none.
func reported(body []byte, header http.Header) *FunctionError {
	var e FunctionError
	if err := json.Unmarshal(body, &e); err != nil {
		e = FunctionError{Message: "no errorMessage"}
	}
	if e.Type == "" {
		e.Type = header.Get(errorType)
	}
	return &e
}

func accepted(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`) // nobody could be told
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(FunctionError{Type: kind, Message: message}) // nobody could be told
}
