package services

import (
	"net/http"
	"slices"
	"strings"
)

// s3Operation is a request's operation, with the required action:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
type s3Operation struct {
	name, action string
	// serve is nil if the operation is not served even to authorized callers.
	serve func(*S3, http.ResponseWriter, *s3Request) error
}

// s3Operations by method and kind of resource.
var s3Operations = map[string]s3Operation{
	"GET an object":    {"GetObject", "s3:GetObject", (*S3).get},
	"HEAD an object":   {"HeadObject", "s3:GetObject", (*S3).get},
	"PUT an object":    {"PutObject", "s3:PutObject", (*S3).put},
	"DELETE an object": {"DeleteObject", "s3:DeleteObject", (*S3).remove},
	"GET a bucket":     {"ListObjectsV2", "s3:ListBucket", (*S3).listObjects},

	"GET a version of an object":    {"GetObject", "s3:GetObjectVersion", (*S3).get},
	"HEAD a version of an object":   {"HeadObject", "s3:GetObjectVersion", (*S3).get},
	"DELETE a version of an object": {"DeleteObject", "s3:DeleteObjectVersion", (*S3).remove},
	"GET the versions of a bucket":  {"ListObjectVersions", "s3:ListBucketVersions", (*S3).listVersions},

	"HEAD a bucket":   {"HeadBucket", "s3:ListBucket", (*S3).headBucket},
	"PUT a bucket":    {"CreateBucket", "s3:CreateBucket", nil},
	"DELETE a bucket": {"DeleteBucket", "s3:DeleteBucket", nil},
	"GET an account":  {"ListBuckets", "s3:ListAllMyBuckets", (*S3).listBuckets},
}

// plainParameters, and parameters that begin with X-Amz-, do not change the operation. Any other selects a different
// operation, such as ?acl, or a different response.
var plainParameters = []string{
	"x-id", "list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type",
	"fetch-owner", "marker", "versionId", "versions", "key-marker", "version-id-marker",
}

// plainHeaders are the supported x-amz- headers, in lower case; a trailing "-" marks a prefix.
var plainHeaders = []string{
	"x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "x-amz-user-agent", "x-amz-expected-bucket-owner",
	"x-amz-checksum-", "x-amz-sdk-checksum-algorithm", "x-amz-trailer", "x-amz-decoded-content-length", "x-amz-meta-",
	"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
	"x-amz-server-side-encryption-customer-",
}

// operation refuses unknown parameters and headers by name: the caller might depend on an ignored one.
func (r *s3Request) operation() (s3Operation, error) {
	for name := range r.URL.Query() {
		if !slices.Contains(plainParameters, name) && !strings.HasPrefix(name, "X-Amz-") {
			return s3Operation{}, notServed("%s with the parameter %q", r.Method, name)
		}
	}
	for name := range r.Header {
		name = strings.ToLower(name)
		known := func(plain string) bool {
			return name == plain || strings.HasSuffix(plain, "-") && strings.HasPrefix(name, plain)
		}
		encrypts := strings.HasPrefix(name, "x-amz-server-side-encryption") && r.Method != http.MethodPut
		if strings.HasPrefix(name, "x-amz-") && !slices.ContainsFunc(plainHeaders, known) || encrypts {
			return s3Operation{}, notServed("%s with the header %q", r.Method, name)
		}
	}
	named := "an object"
	switch {
	case r.bucket.Name == "":
		named = "an account"
	case r.key == "":
		named = "a bucket"
	}
	switch query := r.URL.Query(); {
	case query.Has("versions"):
		named = "the versions of " + named
	case query.Has("versionId"):
		named = "a version of " + named
	}
	operation, known := s3Operations[r.Method+" "+named]
	if !known {
		return s3Operation{}, notServed("%s of %s", r.Method, named)
	}
	return operation, nil
}
