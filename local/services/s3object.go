package services

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/stage"
)

// object is what a bucket holds under a key. It does not change.
type object struct {
	content  []byte
	header   http.Header
	modified time.Time
}

// storedHeaders come back with the object, and so do those of the user's own, x-amz-meta-.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
var storedHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires"}

// maxMetadata is S3's limit for x-amz-meta- headers, in bytes.
const maxMetadata = 2 << 10

// objectOverhead is about what an object takes beside its content, so that empty ones count, too.
const objectOverhead = 1 << 10

func (s *S3) put(w http.ResponseWriter, r *s3Request) error {
	for _, condition := range []string{"If-Match", "If-None-Match"} {
		if r.Header.Get(condition) != "" {
			return notServed("PUT with the header %q", condition)
		}
	}
	content, err := r.content()
	if err != nil {
		return err
	}
	header, err := r.stored()
	if err != nil {
		return err
	}
	if err := s.useBucketKey(r, "kms:GenerateDataKey"); err != nil {
		return err
	}
	made, err := s.keep(r.arn(), content, header)
	if err != nil {
		return err
	}
	s.describeEncryption(w.Header(), r.bucket)
	w.Header().Set("ETag", made.header.Get("ETag"))
	w.WriteHeader(http.StatusOK)
	return nil
}

// keep stores one object, or refuses it if memory would be exceeded.
func (s *S3) keep(arn string, content []byte, header http.Header) (*object, error) {
	if len(content) > s.maxObject {
		return nil, s.tooLarge()
	}
	// S3's ETag of an object that was uploaded in one piece.
	sum := md5.Sum(content)
	header.Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	made := &object{content: content, header: header, modified: s.now().UTC().Truncate(time.Second)}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	stored := s.stored + len(content) + objectOverhead
	if old := s.objects[arn]; old != nil {
		stored -= len(old.content) + objectOverhead
	}
	if stored > s.maxStored {
		return nil, &s3Error{http.StatusInsufficientStorage, "InsufficientStorage",
			fmt.Sprintf("All objects together may have %d bytes here.", s.maxStored)}
	}
	s.objects[arn], s.stored = made, stored
	return made, nil
}

func (s *S3) tooLarge() error {
	return &s3Error{http.StatusBadRequest, "EntityTooLarge", fmt.Sprintf("An object may have %d bytes here.", s.maxObject)}
}

// stored are the request's headers that belong to the object.
func (r *s3Request) stored() (http.Header, error) {
	header := http.Header{}
	for _, name := range storedHeaders {
		if value := r.Header.Get(name); value != "" {
			header.Set(name, value)
		}
	}
	// The framing of an upload is no encoding of the object.
	encoding := strings.TrimPrefix(strings.TrimPrefix(header.Get("Content-Encoding"), "aws-chunked"), ",")
	if header.Set("Content-Encoding", encoding); encoding == "" {
		header.Del("Content-Encoding")
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "binary/octet-stream")
	}
	size := 0
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			header[name] = values
			size += len(name) - len("X-Amz-Meta-") + len(strings.Join(values, ","))
		}
	}
	if size > maxMetadata {
		return nil, &s3Error{http.StatusBadRequest, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"}
	}
	return header, nil
}

// get answers GET and HEAD, with ranges and conditions.
func (s *S3) get(w http.ResponseWriter, r *s3Request) error {
	s.mutex.RLock()
	found := s.objects[r.arn()]
	s.mutex.RUnlock()
	if found == nil {
		// "If you have the s3:ListBucket permission on the bucket, Amazon S3 returns an HTTP status code 404 (Not Found)
		// error. If you don't, 403", https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
		if err := s.may(r, "s3:ListBucket", r.bucket.ARN); err != nil {
			return err
		}
		return &s3Error{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."}
	}
	// A HEAD reads nothing of what is encrypted.
	if r.Method == http.MethodGet {
		if err := s.useBucketKey(r, "kms:Decrypt"); err != nil {
			return err
		}
	}
	for name, values := range found.header {
		w.Header()[name] = values
	}
	s.describeEncryption(w.Header(), r.bucket)
	http.ServeContent(w, r.Request, "", found.modified, bytes.NewReader(found.content))
	return nil
}

// remove deletes an object. It is no error if there is none, as at AWS.
func (s *S3) remove(w http.ResponseWriter, r *s3Request) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if old := s.objects[r.arn()]; old != nil {
		s.stored -= len(old.content) + objectOverhead
		delete(s.objects, r.arn())
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// bucketKey is the customer-managed key of a bucket, empty if it has none, and whether it is the bucket's, not the object's, ARN
// that the key is used with: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func bucketKey(bucket stage.Bucket) (arn string, forBucket bool) {
	for _, rule := range bucket.BucketEncryption.ServerSideEncryptionConfiguration {
		return rule.ServerSideEncryptionByDefault.KMSMasterKeyID, rule.BucketKeyEnabled
	}
	return "", false
}

// useBucketKey asks whether the caller may do with the bucket's key what S3 does in the caller's name.
func (s *S3) useBucketKey(r *s3Request, action string) error {
	key, forBucket := bucketKey(r.bucket)
	if key == "" {
		return nil
	}
	of := r.arn()
	if forBucket {
		of = r.bucket.ARN
	}
	return s.useKey(r.session, action, key, "s3", map[string]string{"aws:s3:arn": of})
}

func (s *S3) describeEncryption(header http.Header, bucket stage.Bucket) {
	header.Set("X-Amz-Server-Side-Encryption", "AES256")
	if key, _ := bucketKey(bucket); key != "" {
		header.Set("X-Amz-Server-Side-Encryption", "aws:kms")
		header.Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", key)
	}
}

// s3Codes are S3's names and statuses for the errors of package credentials:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var s3Codes = map[string]s3Error{
	credentials.AccessDenied:               {http.StatusForbidden, "AccessDenied", ""},
	credentials.ExpiredToken:               {http.StatusBadRequest, "ExpiredToken", ""},
	credentials.IncompleteSignature:        {http.StatusBadRequest, "AuthorizationHeaderMalformed", ""},
	credentials.InvalidSignature:           {http.StatusForbidden, "SignatureDoesNotMatch", ""},
	credentials.MissingAuthenticationToken: {http.StatusForbidden, "AccessDenied", "Access Denied"},
	credentials.UnrecognizedClient:         {http.StatusForbidden, "InvalidAccessKeyId", ""},
}
