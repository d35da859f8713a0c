package credentials

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	// maxSkew is how far X-Amz-Date may differ from now. A recorded request can be replayed only that long: "In most
	// cases, a request must reach AWS within five minutes of the time stamp in the request",
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
	maxSkew = 5 * time.Minute
	// longestPresigned is AWS's limit, too, in seconds:
	// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
	longestPresigned = 7 * 24 * 60 * 60
)

// The payloads that a signature for S3 may omit:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	// unsignedTrailer is a body in chunks, with a checksum after it.
	unsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

const mismatch = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

// Verify returns the session whose credentials signed the request for service, such as "dynamodb" or "execute-api".
// Body is the request's, as it was sent. It signs the request again with the AWS SDK's signer and compares, so method,
// path, query, signed headers and body are those that the session's holder has sent within the last five minutes. It
// does not support presigned URLs except S3's, individually signed chunks, and a signed Content-Length of zero.
//
// The error is an [*Error] with AWS's messages only.
func (s *Store) Verify(r *http.Request, body []byte, service string) (*Session, error) {
	// The signature would omit malformed pairs, but the service might read them.
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, incomplete("The query string cannot be parsed.")
	}
	a, err := readAuthorization(r, query)
	if err != nil {
		return nil, err
	}
	if a.presigned && service != "s3" {
		return nil, incomplete("Presigned URLs are understood for S3 only: sign the header 'Authorization'.")
	}
	if err := a.scope.check(a.date, s.stage.Region, service); err != nil {
		return nil, err
	}
	if err := a.checkTime(s.now()); err != nil {
		return nil, err
	}
	if err := a.checkHeaders(r.Header); err != nil {
		return nil, err
	}
	session, err := s.recognize(a)
	if err != nil {
		return nil, err
	}
	payload, err := payloadHash(r, body, service, a.presigned)
	if err != nil {
		return nil, err
	}
	want, err := s.sign(r, a, session, payload, service)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(want), []byte(a.signature)) != 1 {
		return nil, invalid("%s", mismatch)
	}
	return session, nil
}

// recognize finds the session of the access key. A token of another session is refused like an unknown key.
func (s *Store) recognize(a authorization) (*Session, error) {
	session, ok := s.session(a.accessKeyID)
	if !ok || subtle.ConstantTimeCompare([]byte(session.SessionToken), []byte(a.token)) != 1 {
		return nil, &Error{Code: UnrecognizedClient, Message: "The security token included in the request is invalid."}
	}
	if !s.now().Before(session.Expiration) {
		return nil, &Error{Code: ExpiredToken, Message: "The security token included in the request is expired"}
	}
	return session, nil
}

// checkTime refuses requests of another time, so that a recorded one cannot be replayed later.
func (a *authorization) checkTime(now time.Time) error {
	now = now.UTC()
	format := func(t time.Time) string { return t.Format(basicFormat) }
	earliest, latest := now.Add(-maxSkew), now.Add(maxSkew)
	switch {
	case a.date.After(latest):
		return invalid("Signature not yet current: %s is still later than %s (%s + 5 min.)", format(a.date), format(latest),
			format(now))
	case a.presigned && now.After(a.date.Add(a.expires)):
		return invalid("Signature expired: the URL was valid until %s", format(a.date.Add(a.expires)))
	case !a.presigned && a.date.Before(earliest):
		return invalid("Signature expired: %s is now earlier than %s (%s - 5 min.)", format(a.date), format(earliest),
			format(now))
	}
	return nil
}

// payloadHash is the body's hash in the signature, which requests to S3 may omit.
func payloadHash(r *http.Request, body []byte, service string, presigned bool) (string, error) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if service != "s3" {
		return hash, nil
	}
	if presigned {
		return unsignedPayload, nil
	}
	switch said := r.Header.Get("X-Amz-Content-Sha256"); {
	case said == hash, said == unsignedPayload, said == unsignedTrailer:
		return said, nil
	case strings.HasPrefix(said, "STREAMING-"):
		return "", incomplete("x-amz-content-sha256 %s is not understood; send the body's hash, %s or %s.", said,
			unsignedPayload, unsignedTrailer)
	case said == "":
		return "", incomplete("Missing required header for this request: x-amz-content-sha256")
	}
	return "", invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")
}

// sign returns the signature that the session would make for the request.
func (s *Store) sign(r *http.Request, a authorization, session *Session, payload, service string) (string, error) {
	signed := a.toSign(r)
	credentials := aws.Credentials{
		AccessKeyID: session.AccessKeyID, SecretAccessKey: session.SecretAccessKey, SessionToken: session.SessionToken,
	}
	options := func(o *v4.SignerOptions) {
		// S3 signs the unescaped path:
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
		o.DisableURIPathEscaping = service == "s3"
		o.DisableHeaderHoisting = true
	}
	if a.presigned {
		address, _, err := s.signer.PresignHTTP(context.Background(), credentials, signed, payload, service, s.stage.Region,
			a.date, options)
		if err != nil {
			return "", err
		}
		_, signature, _ := strings.Cut(address, "&X-Amz-Signature=")
		return signature, nil
	}
	err := s.signer.SignHTTP(context.Background(), credentials, signed, payload, service, s.stage.Region, a.date, options)
	if err != nil {
		return "", err
	}
	_, signature, _ := strings.Cut(signed.Header.Get("Authorization"), "Signature=")
	return signature, nil
}

// toSign is the request reduced to its signed parts.
func (a *authorization) toSign(r *http.Request) *http.Request {
	address := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	signed := &http.Request{Method: r.Method, Host: r.Host, URL: &address, Header: http.Header{}}
	if a.presigned {
		query := address.Query()
		query.Del("X-Amz-Signature")
		address.RawQuery = query.Encode()
	}
	for _, name := range a.signedHeaders {
		switch name {
		case "content-length":
			signed.ContentLength = r.ContentLength
		case "host", "x-amz-date", "x-amz-security-token":
			// The signer sets these itself, from the request's host, the date and the session.
		default:
			// In lower case the signer does not skip headers like User-Agent, which some clients sign.
			if values := r.Header.Values(name); len(values) > 0 {
				signed.Header[name] = slices.Clone(values)
			}
		}
	}
	return signed
}
