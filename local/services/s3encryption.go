package services

import (
	"net/http"

	"github.com/securecart/identity/internal/deployed"
)

// encryption is how an object is encrypted.
type encryption struct {
	// key is the ARN of a customer-managed key, empty for S3's own key.
	key string
	// forBucket means that the encryption context is the bucket's ARN, not the object's:
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
	forBucket bool
}

// bucketEncryption is the default encryption of a bucket's objects.
func bucketEncryption(bucket deployed.Bucket) encryption {
	for _, rule := range bucket.BucketEncryption.ServerSideEncryptionConfiguration {
		return encryption{key: rule.ServerSideEncryptionByDefault.KMSMasterKeyID, forBucket: rule.BucketKeyEnabled}
	}
	return encryption{}
}

// encryptionOf is the encryption that an upload requests, or else its bucket's. Call it only after authorization: a
// bucket's policy may refuse any other encryption. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func (s *S3) encryptionOf(r *s3Request) (encryption, error) {
	const header = "X-Amz-Server-Side-Encryption"
	algorithm, key := r.Header.Get(header), r.Header.Get(header+"-Aws-Kms-Key-Id")
	usual := bucketEncryption(r.bucket)
	switch {
	case r.Header.Get(header+"-Customer-Algorithm") != "":
		return encryption{}, notServed("PUT with a key of the caller's")
	case algorithm == "" && key == "":
		return usual, nil
	case algorithm == "AES256" && key == "":
		return encryption{}, nil
	case algorithm != "aws:kms":
		return encryption{}, &xmlError{http.StatusBadRequest, "InvalidArgument", header + " is not understood."}
	case key == "":
		// "If you specify x-amz-server-side-encryption:aws:kms […] but do not provide
		// x-amz-server-side-encryption-aws-kms-key-id, Amazon S3 uses the AWS managed key (aws/s3)".
		return encryption{}, notServed("PUT with the AWS managed key aws/s3")
	}
	if _, known := s.stage.Keys[key]; !known {
		return encryption{}, &xmlError{http.StatusBadRequest, "KMS.NotFoundException",
			"Key " + key + " does not exist, or is not named by its ARN."}
	}
	return encryption{key: key, forBucket: usual.forBucket}, nil
}

// useObjectKey authorizes S3's use of the object's key in the caller's name.
func (s *S3) useObjectKey(r *s3Request, by encryption, action string) error {
	if by.key == "" {
		return nil
	}
	of := r.arn()
	if by.forBucket {
		of = r.bucket.ARN
	}
	return s.useKey(r.session, action, by.key, "s3", map[string]string{"aws:s3:arn": of})
}

func (e encryption) describe(header http.Header) {
	header.Set("X-Amz-Server-Side-Encryption", "AES256")
	if e.key != "" {
		header.Set("X-Amz-Server-Side-Encryption", "aws:kms")
		header.Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", e.key)
	}
}
