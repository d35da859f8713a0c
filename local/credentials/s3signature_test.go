package credentials_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

func TestS3PayloadMustBeWhatItsHeaderSays(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	as := asAWS(assumeCustomer(t, s, store))
	sum := sha256.Sum256([]byte("content"))
	for name, test := range map[string]struct{ said, body, code string }{
		"its hash":            {hex.EncodeToString(sum[:]), "content", ""},
		"another body":        {hex.EncodeToString(sum[:]), "tampered", credentials.InvalidSignature},
		"unsigned":            {"UNSIGNED-PAYLOAD", "whatever", ""},
		"unsigned chunks":     {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "0\r\n\r\n", ""},
		"chunks signed apart": {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "0\r\n\r\n", credentials.IncompleteSignature},
		"nothing":             {"", "content", credentials.IncompleteSignature},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1:4566/b/k", bytes.NewReader([]byte(test.body)))
			if test.said != "" {
				r.Header.Set("X-Amz-Content-Sha256", test.said)
			}
			signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
			must.Do(t, signer.SignHTTP(t.Context(), as, r, test.said, "s3", region, clock.Time))
			_, err := store.Verify(r, []byte(test.body), "s3")
			if test.code == "" && err != nil {
				t.Error(err)
			} else if test.code != "" {
				wantCode(t, err, test.code)
			}
		})
	}
}

func TestPresignedURLsHoldAsLongAsTheySayAndForS3Only(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4566/b/k?X-Amz-Expires=60", nil)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	signed, _, err := signer.PresignHTTP(t.Context(), asAWS(assumeCustomer(t, s, store)), r, "UNSIGNED-PAYLOAD", "s3",
		region, clock.Time)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(with func(url.Values)) string {
		address := must.Get(url.Parse(signed))(t)
		query := address.Query()
		with(query)
		address.RawQuery = query.Encode()
		return address.String()
	}
	for name, test := range map[string]struct {
		address, service string
		after            time.Duration
		code             string
	}{
		"at once":             {signed, "s3", 0, ""},
		"at the end":          {signed, "s3", time.Minute, ""},
		"later":               {signed, "s3", time.Minute + time.Second, credentials.InvalidSignature},
		"long before":         {signed, "s3", -6 * time.Minute, credentials.InvalidSignature},
		"for another service": {signed, "execute-api", 0, credentials.IncompleteSignature},
		"extended": {edit(func(q url.Values) { q.Set("X-Amz-Expires", "600") }), "s3", 0,
			credentials.InvalidSignature},
		"for ever": {edit(func(q url.Values) { q.Set("X-Amz-Expires", "604801") }), "s3", 0,
			credentials.IncompleteSignature},
		"for no number": {edit(func(q url.Values) { q.Set("X-Amz-Expires", "1h3") }), "s3", 0,
			credentials.IncompleteSignature},
		"of another object":    {strings.Replace(signed, "/b/k", "/b/l", 1), "s3", 0, credentials.InvalidSignature},
		"with more":            {signed + "&versionId=1", "s3", 0, credentials.InvalidSignature},
		"with a second expiry": {signed + "&X-Amz-Expires=600", "s3", 0, credentials.IncompleteSignature},
		"without token": {edit(func(q url.Values) { q.Del("X-Amz-Security-Token") }), "s3", 0,
			credentials.IncompleteSignature},
		"with another token": {edit(func(q url.Values) { q.Set("X-Amz-Security-Token", "x") }), "s3", 0,
			credentials.UnrecognizedClient},
		"other algorithm": {edit(func(q url.Values) { q.Set("X-Amz-Algorithm", "none") }), "s3", 0,
			credentials.IncompleteSignature},
	} {
		t.Run(name, func(t *testing.T) {
			clock.Time = newClock().Add(test.after)
			_, err := store.Verify(httptest.NewRequest(http.MethodGet, test.address, nil), nil, test.service)
			if test.code == "" && err != nil {
				t.Error(err)
			} else if test.code != "" {
				wantCode(t, err, test.code)
			}
		})
	}
}
