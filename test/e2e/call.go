package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Call is a request to the API.
type Call struct {
	Method, Path string
	// Token becomes the header Authorization; Credentials sign the request. Without both, the call is anonymous.
	Token       string
	Credentials *aws.Credentials
	// Body is sent as JSON, or not at all if nil.
	Body    any
	Headers map[string]string
}

// Answer is an answer of the API.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into decodes the answer's body.
func (a Answer) Into(target any) error {
	if err := json.Unmarshal(a.Body, target); err != nil {
		return fmt.Errorf("read the answer %q: %w", a.Body, err)
	}
	return nil
}

// Do sends a call. An error means that no answer came; a refusal is an answer.
func (s *Running) Do(ctx context.Context, c Call) (Answer, error) {
	var body []byte
	if c.Body != nil {
		var err error
		if body, err = json.Marshal(c.Body); err != nil {
			return Answer{}, err
		}
	}
	address := strings.TrimSuffix(s.APIURL, "/") + c.Path
	request, err := http.NewRequestWithContext(ctx, c.Method, address, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	if c.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.Headers {
		request.Header.Set(name, value)
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Credentials != nil {
		sum := sha256.Sum256(body)
		hash, signer := hex.EncodeToString(sum[:]), v4.NewSigner()
		err := signer.SignHTTP(ctx, *c.Credentials, request, hash, "execute-api", s.Region, time.Now())
		if err != nil {
			return Answer{}, fmt.Errorf("sign %s %s: %w", c.Method, c.Path, err)
		}
	}
	response, err := s.http.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("call %s %s: %w", c.Method, c.Path, err)
	}
	defer response.Body.Close() //nolint:errcheck // what was read is judged, closing changes nothing
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("read the answer to %s %s: %w", c.Method, c.Path, err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: text}, nil
}

// status returns the HTTP status of an SDK's answer. DynamoDB refuses with 400 where other services refuse with 403.
func status(err error) (int, error) {
	if err == nil {
		return http.StatusOK, nil
	}
	switch ErrorCode(err) {
	case "AccessDeniedException", "MissingAuthenticationTokenException", "MissingAuthenticationToken":
		return http.StatusForbidden, nil
	}
	var answered *awshttp.ResponseError
	if errors.As(err, &answered) {
		return answered.HTTPStatusCode(), nil
	}
	return 0, err
}

// ErrorCode returns the code of an AWS service's error, such as AccessDeniedException, or "" for any other error.
func ErrorCode(err error) string {
	var refused smithy.APIError
	if errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	return ""
}
