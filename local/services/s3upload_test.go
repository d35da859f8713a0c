package services_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/securecart/identity/local/localtest/must"
)

func TestWrongChecksumsAreRefused(t *testing.T) {
	s := serve(t)
	documents, c := s.bucket(t, "Documents"), s.staff(t, "clerk")
	for name, algorithm := range map[string]types.ChecksumAlgorithm{
		"CRC32": types.ChecksumAlgorithmCrc32, "CRC32C": types.ChecksumAlgorithmCrc32c,
		"SHA1": types.ChecksumAlgorithmSha1, "SHA256": types.ChecksumAlgorithmSha256,
	} {
		_, err := c.objects.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(documents), Key: aws.String(mine), Body: strings.NewReader("content"),
			ChecksumAlgorithm: algorithm,
		})
		want(t, name, err, "")
	}
	wrong := aws.String("AAAAAA==")
	for name, test := range map[string]struct {
		input *s3.PutObjectInput
		code  string
	}{
		"CRC32":     {&s3.PutObjectInput{ChecksumCRC32: wrong}, "BadDigest"},
		"CRC32C":    {&s3.PutObjectInput{ChecksumCRC32C: wrong}, "BadDigest"},
		"SHA1":      {&s3.PutObjectInput{ChecksumSHA1: wrong}, "BadDigest"},
		"SHA256":    {&s3.PutObjectInput{ChecksumSHA256: wrong}, "BadDigest"},
		"MD5":       {&s3.PutObjectInput{ContentMD5: wrong}, "BadDigest"},
		"CRC64NVME": {&s3.PutObjectInput{ChecksumCRC64NVME: wrong}, "NotImplemented"},
	} {
		test.input.Bucket, test.input.Key = aws.String(documents), aws.String(mine)
		test.input.Body = strings.NewReader("content")
		_, err := c.objects.PutObject(t.Context(), test.input)
		want(t, "wrong "+name, err, test.code)
	}
	large := map[string]string{"note": strings.Repeat("x", 2048)}
	_, err := c.objects.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine), Metadata: large,
	})
	want(t, "too much metadata", err, "MetadataTooLarge")
}

// TestUploadsInChunksAreReadWithTheirTrailer as the SDK sends them over TLS.
func TestUploadsInChunksAreReadWithTheirTrailer(t *testing.T) {
	s := serve(t)
	var sent []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("X-Amz-Content-Sha256"))
		s.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := s.staff(t, "clerk")
	c.config.BaseEndpoint, c.config.HTTPClient = aws.String(server.URL), server.Client()
	c.objects = s3.NewFromConfig(c.config)
	content := strings.Repeat("a line of an invoice\r\n", 10_000)
	// The SDK sends a stream that cannot be read twice in chunks.
	stream := struct{ io.Reader }{strings.NewReader(content)}
	must.Get(c.objects.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(s.bucket(t, "Documents")), Key: aws.String(mine), Body: stream,
		ContentLength: aws.Int64(int64(len(content))),
	}))(t)
	if got, err := get(t.Context(), c, s.bucket(t, "Documents"), mine); err != nil || got != content {
		t.Errorf("%d bytes came back, %v; want %d", len(got), err, len(content))
	}
	if len(sent) == 0 || sent[0] != "STREAMING-UNSIGNED-PAYLOAD-TRAILER" {
		t.Errorf("the SDK sent %q, so this test proves nothing", sent)
	}
}

// TestBrokenChunksAreRefused sends chunks that no SDK would send.
func TestBrokenChunksAreRefused(t *testing.T) {
	s := serve(t)
	c := s.staff(t, "clerk")
	for name, test := range map[string]struct{ body, length, trailer, says string }{
		"wrong checksum": {"7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "7", "x-amz-checksum-crc32",
			"BadDigest"},
		"right checksum": {
			"7\r\ncontent\r\n0\r\nx-amz-checksum-sha256:7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=\r\n\r\n", "7",
			"x-amz-checksum-sha256", ""},
		"no chunks":          {"content", "7", "", "IncompleteBody"},
		"no end":             {"7\r\ncontent\r\n", "7", "", "IncompleteBody"},
		"no trailer's end":   {"7\r\ncontent\r\n0\r\n", "7", "", "IncompleteBody"},
		"another length":     {"7\r\ncontent\r\n0\r\n\r\n", "8", "", "IncompleteBody"},
		"no length":          {"7\r\ncontent\r\n0\r\n\r\n", "", "", "IncompleteBody"},
		"a trailer promised": {"7\r\ncontent\r\n0\r\n\r\n", "7", "x-amz-checksum-crc32", "MalformedTrailerError"},
	} {
		request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPut,
			s.url+"/"+s.bucket(t, "Documents")+"/customers/"+alice+"/a", strings.NewReader(test.body)))(t)
		for header, value := range map[string]string{
			"X-Amz-Decoded-Content-Length": test.length, "X-Amz-Trailer": test.trailer,
		} {
			if value != "" {
				request.Header.Set(header, value)
			}
		}
		status, answer := sendToS3(t, c, request, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		if !strings.Contains(answer, test.says) || (status == http.StatusOK) != (test.says == "") {
			t.Errorf("%s: got %d %s, want %s", name, status, answer, test.says)
		}
	}
}

// sendToS3 signs a request for S3, and sends it.
func sendToS3(t *testing.T, c *caller, request *http.Request, payload string) (status int, answer string) {
	t.Helper()
	request.Header.Set("X-Amz-Content-Sha256", payload)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	must.Do(t, signer.SignHTTP(t.Context(), asAWS(c.session), request, payload, "s3", region, time.Now()))
	return send(t, request)
}

func TestBucketsAreBounded(t *testing.T) {
	// With versions no object would replace another.
	s := serve(t, allowing(t, "IdentityPool", "IdentitiesGuestDefaultPolicy", "ReadProductPictures", "s3:*"),
		allowing(t, "IdentityPool", "IdentitiesGuestDefaultPolicy", "BrowseProducts", "kms:*"), unversioned)
	s.objects.Limit(4<<10, 20<<10)
	documents, c := s.bucket(t, "Documents"), s.staff(t, "clerk")
	content := strings.Repeat("x", 4<<10)
	// Each object counts 1 KiB beside its content, so that empty ones are limited, too.
	for _, key := range []string{"a", "b", "c"} {
		must.Do(t, s.objects.Put(documents, key, "text/plain", []byte(content)))
	}
	want(t, "the last one", put(t.Context(), c, documents, mine, content), "")
	want(t, "one more", put(t.Context(), c, documents, mine+"2", ""), "InsufficientStorage")
	cleaner := s.guest(t)
	for range 2 {
		want(t, "one less", remove(t.Context(), cleaner, documents, "a"), "")
	}
	want(t, "what has gone", second(get(t.Context(), cleaner, documents, "a")), "NoSuchKey")
	if err := s.objects.Put(documents, "a", "text/plain", []byte(content)); err != nil {
		t.Errorf("where another one was: %v", err)
	}
	want(t, "one in place of another", put(t.Context(), c, documents, mine, content), "")
	want(t, "a smaller one", put(t.Context(), c, documents, mine, content[:3<<10]), "")
	want(t, "an empty one", put(t.Context(), c, documents, mine+"2", ""), "")
	want(t, "a byte too many", put(t.Context(), c, documents, mine, content+"x"), "EntityTooLarge")
	want(t, "many too many", put(t.Context(), c, documents, mine, content+content), "EntityTooLarge")
}
