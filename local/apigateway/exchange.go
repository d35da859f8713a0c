package apigateway

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	smithyrand "github.com/aws/smithy-go/rand"

	"github.com/securecart/identity/local/credentials"
)

const (
	// maxPayload is the largest body of a request and the largest answer of a function, in bytes: limits.html, "Payload
	// size".
	maxPayload = 10 << 20
	// maxDrained is how much of a refused body is read, in bytes, before the answer.
	maxDrained = 4 * maxPayload
)

// exchange is one request and its current state.
type exchange struct {
	request *http.Request
	begun   time.Time

	requestID, extendedID, traceID string
	sourceIP                       string
	// method is the effective verb, path the part after the stage.
	method, path string

	// route is nil if there is none.
	route *route
	body  []byte
	read  bool
	query url.Values
	// claims are those of the token, nil unless the user pool authorizer let it pass.
	claims map[string]string
	// caller is the signer of the request, nil unless the route requires a signature and it is valid.
	caller *credentials.Session

	// A status is 0 if the authorizer or integration was not called.
	authorizerStatus, integrationStatus int
	// failure is the type of gateway response, empty if the integration has answered.
	failure        string
	status, length int
	latency        time.Duration
}

// answer is the response to a client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func newExchange(r *http.Request, now time.Time) *exchange {
	x := &exchange{request: r, begun: now}
	// api-gateway-known-issues.html: "When sending requests to an API by passing the X-HTTP-Method-Override header, API
	// Gateway overrides the method."
	x.method = cmp.Or(r.Header.Get("X-Http-Method-Override"), r.Method)
	x.sourceIP, _, _ = net.SplitHostPort(r.RemoteAddr)

	var random [11 + 12]byte
	_, _ = rand.Read(random[:]) // never fails
	x.requestID, _ = smithyrand.NewUUID(rand.Reader).GetUUID()
	x.extendedID = base64.StdEncoding.EncodeToString(random[:11])
	x.traceID = fmt.Sprintf("1-%08x-%x", uint32(now.Unix()), random[11:])
	return x
}

// readBody reads the body once.
func (x *exchange) readBody() error {
	if x.read {
		return nil
	}
	var body bytes.Buffer
	if length := x.request.ContentLength; length > 0 {
		body.Grow(int(length) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(io.LimitReader(x.request.Body, maxPayload+1)); err != nil {
		return badRequest("the body ended too early")
	}
	if body.Len() > maxPayload {
		return refuse(tooLarge)
	}
	x.body, x.read = body.Bytes(), true
	return nil
}
