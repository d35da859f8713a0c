package services

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
)

const (
	// maxObject and maxStored bound memory, in bytes. S3 itself accepts 5 TiB per object.
	maxObject = 16 << 20
	maxStored = 256 << 20
)

// S3 serves the stage's buckets by path (/bucket/key) and by host (bucket.<any host>/key): GetObject, HeadObject,
// PutObject, DeleteObject, ListBuckets, HeadBucket, ListObjectsV2 and ListObjectVersions, with versions where the
// bucket has them. There are no access logs and lifecycle rules.
type S3 struct {
	guard
	// since is when the buckets were made.
	since time.Time
	// maxObject and maxStored are the constants, except in tests.
	maxObject, maxStored int

	*contents
}

// contents are objects. Successive servers of a stage may share them.
type contents struct {
	mutex sync.RWMutex
	// objects are the versions by ARN, the newest last. No list is empty.
	objects map[string][]*object
	stored  int
}

// Continue serves the objects of the server that this one replaces, in buckets that both have. It must be called first.
func (s *S3) Continue(from *S3) { s.contents, s.since = from.contents, from.since }

// NewS3 returns the stage's buckets, which are empty.
func NewS3(s *deployed.Stage, store *credentials.Store) (*S3, error) {
	served := &S3{
		guard: guard{s, store}, since: time.Now().UTC(), maxObject: maxObject, maxStored: maxStored,
		contents: &contents{objects: map[string][]*object{}},
	}
	var errs []error
	for _, bucket := range s.Buckets {
		rules := bucket.BucketEncryption.ServerSideEncryptionConfiguration
		if len(rules) > 1 {
			errs = append(errs, fmt.Errorf("bucket %s: %d rules of encryption; S3 has one", bucket.Name, len(rules)))
		}
		for _, rule := range rules {
			how := rule.ServerSideEncryptionByDefault
			if how.SSEAlgorithm != "AES256" && (how.SSEAlgorithm != "aws:kms" || how.KMSMasterKeyID == "") {
				errs = append(errs, fmt.Errorf(
					"bucket %s: SSEAlgorithm %q is not served; there are AES256, and aws:kms with a KMSMasterKeyID",
					bucket.Name, how.SSEAlgorithm))
			} else if how.KMSMasterKeyID != "" {
				if err := served.key(how.KMSMasterKeyID); err != nil {
					errs = append(errs, fmt.Errorf("bucket %s: %w", bucket.Name, err))
				}
			}
		}
	}
	return served, errors.Join(errs...)
}

// s3Request is a parsed request.
type s3Request struct {
	*http.Request
	session *credentials.Session
	body    []byte
	// bucket has no name if the request names none. It has no ARN if the stage does not have it.
	bucket deployed.Bucket
	key    string
}

// arn is that of the object, of the bucket, or "*" for requests that name neither.
func (r *s3Request) arn() string {
	switch {
	case r.bucket.Name == "":
		return "*"
	case r.key == "":
		return "arn:aws:s3:::" + r.bucket.Name
	}
	return "arn:aws:s3:::" + r.bucket.Name + "/" + r.key
}

func (s *S3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request := s.locate(r)
	if r.Method == http.MethodOptions {
		s.preflight(w, request)
		return
	}
	s.allowOrigin(w.Header(), request)
	if err := s.serve(w, request); err != nil {
		writeS3Error(w, r, err)
	}
}

// locate finds bucket and key. Keys are any text: nothing in them means a folder, or the one above.
func (s *S3) locate(r *http.Request) *s3Request {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	path := strings.TrimPrefix(r.URL.Path, "/")
	for _, bucket := range s.stage.Buckets {
		if strings.HasPrefix(host, bucket.Name+".") {
			return &s3Request{Request: r, bucket: bucket, key: path}
		}
	}
	name, key, _ := strings.Cut(path, "/")
	bucket := s.stage.Buckets["arn:aws:s3:::"+name]
	bucket.Name = name
	return &s3Request{Request: r, bucket: bucket, key: key}
}

// serve verifies and authorizes a request before it looks up the object.
func (s *S3) serve(w http.ResponseWriter, r *s3Request) error {
	var err error
	// An object in chunks is slightly longer.
	r.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.maxObject)*17/16))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return s.tooLarge()
	}
	if err != nil {
		return &xmlError{http.StatusBadRequest, "IncompleteBody", "The request ended too early."}
	}
	if r.session, err = s.store.Verify(r.Request, r.body, "s3"); err != nil {
		return err
	}
	operation, err := r.operation()
	if err != nil {
		return err
	}
	if r.bucket.Name != "" && r.bucket.ARN == "" && operation.name != "CreateBucket" {
		return &xmlError{http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist"}
	}
	if err := s.may(r, operation.action, r.arn()); err != nil {
		return err
	}
	if owner := r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" && owner != s.stage.Account {
		return &xmlError{http.StatusForbidden, "AccessDenied", "Access Denied"}
	}
	if operation.serve == nil {
		return notServed("The operation %s", operation.name)
	}
	return operation.serve(s, w, r)
}

// conditionHeaders and conditionParameters are the headers and parameters that policies may compare, by condition key:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
var (
	conditionHeaders = map[string]string{
		"s3:x-amz-server-side-encryption":                    "X-Amz-Server-Side-Encryption",
		"s3:x-amz-server-side-encryption-aws-kms-key-id":     "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id",
		"s3:x-amz-server-side-encryption-customer-algorithm": "X-Amz-Server-Side-Encryption-Customer-Algorithm",
	}
	conditionParameters = map[string]string{
		"s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:max-keys": "max-keys",
	}
)

// may authorizes the request. A bucket policy that requires TLS is met: this server represents an endpoint with TLS
// 1.3.
func (s *S3) may(r *s3Request, action, resource string) error {
	context := map[string][]string{"s3:TlsVersion": {"1.3"}}
	for key, name := range conditionHeaders {
		if values := r.Header.Values(name); len(values) > 0 {
			context[key] = values
		}
	}
	query := r.URL.Query()
	for key, name := range conditionParameters {
		if query.Has(name) {
			context[key] = query[name]
		}
	}
	return s.store.Authorize(r.session, action, resource, context)
}
