// Package awsjson implements the HTTP part of AWS's JSON protocols: it reads requests that name their operation in
// X-Amz-Target, and writes responses and errors in the form that the AWS SDKs expect. Services implement and authorize
// operations.
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
	smithyrand "github.com/aws/smithy-go/rand"
)

// Protocol configures the protocol of one service.
type Protocol struct {
	// Target is the prefix of the operation in X-Amz-Target, such as "AmazonSSM".
	Target string
	// Version is 1.0 or 1.1.
	Version string
	// Limit is the maximum size of a request, in bytes.
	Limit int64
	// Browsers allows pages of every origin, as AWS does for services that browsers call: a request's signature authorizes
	// it, never a cookie.
	Browsers bool
}

// Operation answers one operation. Body is the request's body.
type Operation func(r *http.Request, operation string, body []byte) (any, error)

// Handler reads requests, and writes the results of do: a value as JSON, a [json.RawMessage] unchanged, and an error
// with the code of its [smithy.APIError]. Any other error is the service's own fault.
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

// Decode reads a request's body. Members that target does not have are refused instead of ignored.
func Decode(body []byte, target any) error {
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return Refuse("SerializationException", "The request cannot be read: %v", err)
	}
	return nil
}

// allowOrigin answers preflights, and tells browsers which headers of other responses pages may read.
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

// headerText is text without characters that a header must not have. The body has the unchanged message.
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
		// Only DynamoDB uses 1.0, and the SDKs verify its checksum: without it they log a warning.
		w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 10))
	}
	w.WriteHeader(status)
	// The client may have gone already.
	_, _ = w.Write(text)
}

// RequestID returns a new request id, in the form of a UUID.
func RequestID() string {
	id, _ := smithyrand.NewUUID(rand.Reader).GetUUID() // the reader never fails, see its documentation
	return id
}
