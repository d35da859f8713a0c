package services

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// object is one version of a bucket's key. It is immutable.
type object struct {
	content  []byte
	header   http.Header
	modified time.Time
	// version is "null" in a bucket without versions.
	version string
	// deleted marks a delete marker, which has no content.
	deleted bool
	by      encryption
}

// storedHeaders are returned with the object, and so is user metadata, x-amz-meta-.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
var storedHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language",
	"Content-Type", "Expires"}

// maxMetadata is S3's limit for x-amz-meta- headers, in bytes.
const maxMetadata = 2 << 10

// objectOverhead is the approximate memory of an object beside its content, so that empty objects count, too.
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
	by, err := s.encryptionOf(r)
	if err != nil {
		return err
	}
	if err := s.useObjectKey(r, by, "kms:GenerateDataKey"); err != nil {
		return err
	}
	made, err := s.keep(r.bucket, r.key, object{content: content, header: header, by: by})
	if err != nil {
		return err
	}
	by.describe(w.Header())
	describeVersion(w.Header(), r.bucket, made)
	w.Header().Set("ETag", made.header.Get("ETag"))
	w.WriteHeader(http.StatusOK)
	return nil
}

func (s *S3) tooLarge() error {
	message := fmt.Sprintf("An object may have %d bytes here.", s.maxObject)
	return &xmlError{http.StatusBadRequest, "EntityTooLarge", message}
}

// stored are the request's headers that belong to the object.
func (r *s3Request) stored() (http.Header, error) {
	header := http.Header{}
	for _, name := range storedHeaders {
		if value := r.Header.Get(name); value != "" {
			header.Set(name, value)
		}
	}
	// The encoding of the upload's chunks is not the object's.
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
		return nil, &xmlError{http.StatusBadRequest, "MetadataTooLarge",
			"Your metadata headers exceed the maximum allowed metadata size"}
	}
	return header, nil
}

// get answers GET and HEAD, with ranges and conditions.
func (s *S3) get(w http.ResponseWriter, r *s3Request) error {
	found, err := s.find(w.Header(), r)
	if err != nil {
		return err
	}
	// A HEAD does not decrypt the object.
	if r.Method == http.MethodGet {
		if err := s.useObjectKey(r, found.by, "kms:Decrypt"); err != nil {
			return err
		}
	}
	for name, values := range found.header {
		w.Header()[name] = values
	}
	found.by.describe(w.Header())
	describeVersion(w.Header(), r.bucket, found)
	http.ServeContent(w, r.Request, "", found.modified, bytes.NewReader(found.content))
	return nil
}
