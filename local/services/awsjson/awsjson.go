// Package awsjson is the HTTP side of AWS's JSON protocols: it reads requests that name their operation in X-Amz-Target
// and writes answers and errors as the AWS SDKs expect them. What operations mean, and who may call them, is their
// service's.
//
// The protocols are https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html and aws-json-1_1-protocol.html.
package awsjson

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/smithy-go"
)

// Protocol is one service's.
type Protocol struct {
	// Target is what stands before the operation in X-Amz-Target, such as "AmazonSSM".
	Target string
	// Version is 1.0 or 1.1.
	Version string
	// Limit is how many bytes a request may have.
	Limit int64
	// Browsers lets pages of every origin call, as AWS lets them where browsers hold credentials: what a request may do is
	// decided by its signature and never by a cookie.
	Browsers bool
}

// Operation answers one operation. Body is what the request was sent with.
type Operation func(r *http.Request, operation string, body []byte) (any, error)

// Handler reads requests, and writes what do answers: a value as JSON, a [json.RawMessage] as it is, and an error with
// the code of its [smithy.APIError]. An error without one is the service's own fault.
func (p Protocol) Handler(do Operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.allowOrigin(w, r) {
			return
		}
		operation, body, err := p.Read(w, r)
		if err != nil {
			p.WriteError(w, err)
			return
		}
		answer, err := do(r, operation, body)
		if err != nil {
			p.WriteError(w, err)
			return
		}
		p.write(w, http.StatusOK, answer)
	})
}

// Refuse is an error of the caller's.
func Refuse(code, format string, values ...any) error {
	return &smithy.GenericAPIError{Code: code, Message: fmt.Sprintf(format, values...), Fault: smithy.FaultClient}
}

// Unknown refuses an operation that is not served, and names it.
func Unknown(operation string) error {
	return Refuse("UnknownOperationException", "The operation %q is not served here.", operation)
}

// Decode reads a request's body. Members that target does not have are refused, because what they ask for would be
// ignored.
func Decode(body []byte, target any) error {
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return Refuse("SerializationException", "The request cannot be read: %v", err)
	}
	return nil
}

// allowOrigin answers preflights, and tells browsers what they may read of other answers.
func (p Protocol) allowOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	if !p.Browsers {
		return false
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
	if r.Method != http.MethodOptions {
		return false
	}
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		header.Set("Access-Control-Allow-Headers", asked)
	}
	header.Set("Access-Control-Allow-Methods", http.MethodPost)
	header.Set("Access-Control-Max-Age", "172800")
	w.WriteHeader(http.StatusOK)
	return true
}

// Read returns the operation and the body of a request. Its errors are for WriteError.
func (p Protocol) Read(w http.ResponseWriter, r *http.Request) (operation string, body []byte, err error) {
	target := r.Header.Get("X-Amz-Target")
	operation, ok := strings.CutPrefix(target, p.Target+".")
	if r.Method != http.MethodPost || r.URL.Path != "/" || !ok || operation == "" {
		return "", nil, Refuse("UnknownOperationException",
			"Want POST / with X-Amz-Target %s.<operation>, got %s %s with %q.", p.Target, r.Method, r.URL.Path, target)
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, p.Limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", nil, Refuse("RequestEntityTooLargeException", "The request has more than %d bytes.", p.Limit)
	}
	if err != nil {
		return "", nil, Refuse("SerializationException", "The request ended too early.")
	}
	return operation, body, nil
}

// WriteError writes an error in the protocol's form.
func (p Protocol) WriteError(w http.ResponseWriter, err error) {
	var known smithy.APIError
	if !errors.As(err, &known) {
		known = &smithy.GenericAPIError{Code: "InternalServerError", Message: err.Error(), Fault: smithy.FaultServer}
	}
	status := http.StatusBadRequest
	if known.ErrorFault() == smithy.FaultServer {
		status = http.StatusInternalServerError
	}
	// With a colon, as AWS writes it: https://github.com/aws-amplify/amplify-js/issues/2443
	w.Header().Set("x-amzn-ErrorType", known.ErrorCode()+":")
	w.Header().Set("x-amzn-ErrorMessage", headerText(known.ErrorMessage()))
	p.write(w, status, map[string]string{"__type": known.ErrorCode(), "message": known.ErrorMessage()})
}

// headerText is text without what no header may have. The body has the message as it is.
func headerText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text)
}

func (p Protocol) write(w http.ResponseWriter, status int, answer any) {
	text, err := json.Marshal(answer)
	if err != nil {
		// Answers are made of strings, numbers and bytes.
		panic(fmt.Sprintf("encode %T: %v", answer, err))
	}
	w.Header().Set("Content-Type", "application/x-amz-json-"+p.Version)
	w.Header().Set("x-amzn-RequestId", RequestID())
	if p.Version == "1.0" {
		// Only DynamoDB speaks 1.0, and the SDKs compare its checksum with what they read: without it they complain.
		w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 10))
	}
	w.WriteHeader(status)
	// A client that has gone cannot be told.
	_, _ = w.Write(text)
}

// RequestID is a new one, in the form of a UUID.
func RequestID() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // never fails, see its documentation
	return fmt.Sprintf("%x-%x-%x-%x-%x", bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:])
}
