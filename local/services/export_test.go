package services

import "net/http"

// Limit makes the buckets smaller, so that a test can fill them.
func (s *S3) Limit(object, stored int) { s.maxObject, s.maxStored = object, stored }

// Put stores an object without asking anybody.
func (s *S3) Put(bucket, key, contentType string, content []byte) error {
	into := s.stage.Buckets["arn:aws:s3:::"+bucket]
	_, err := s.keep(into, key, object{
		content: content, header: http.Header{"Content-Type": {contentType}}, by: bucketEncryption(into),
	})
	return err
}
