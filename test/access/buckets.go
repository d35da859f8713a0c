package access

import (
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

// onBuckets tries every bucket with the prefixes of all of them.
func (s *Subject) onBuckets() []Attempt {
	var all []Attempt
	for _, arn := range sorted(s.Buckets) {
		all = append(all, s.onBucket(s.Buckets[arn])...)
	}
	l := list{group: "Another bucket"}
	l.each("s3", []target{
		{"products/", "arn:aws:s3:::another/products/shirt.jpg", tls("1.3")},
		{"own customers/", "arn:aws:s3:::another/customers/" + ownSub + "/invoice.pdf", tls("1.3")},
	}, nil, "GetObject PutObject")
	l.each("s3", []target{{"names of buckets", "*", tls("1.3")}}, nil, "ListAllMyBuckets")
	return append(all, l.all...)
}

func (s *Subject) onBucket(bucket deployed.Bucket) []Attempt {
	l := list{group: "Bucket " + label(bucket.Name)}
	const product, invoice = "/products/shirt.jpg", "/customers/" + ownSub + "/invoice.pdf"
	ours := []target{{"products/", bucket.ARN + product, tls("1.3")}, {"own customers/", bucket.ARN + invoice, tls("1.3")}}
	// The bucket's policy refuses to delete these, so only other actions show who may do more than put them.
	archived := []target{
		{"changes/", bucket.ARN + "/changes/2026/11/29/1.json", tls("1.3")},
		{"users/", bucket.ARN + "/users/2026/11/29/1.jsonl", tls("1.3")},
	}
	objects := slices.Concat(ours, archived, []target{
		{"another's customers/", bucket.ARN + "/customers/" + anotherSub + "/invoice.pdf", tls("1.3")},
		{"customers/ without a sub", bucket.ARN + "/customers//invoice.pdf", tls("1.3")},
		{"a prefix that begins like one's own", bucket.ARN + "/customers/" + ownSub + "-2/invoice.pdf", tls("1.3")},
		{"a prefix that begins like products/", bucket.ARN + "/products-internal/prices.csv", tls("1.3")},
		{"the top of the bucket", bucket.ARN + "/index.html", tls("1.3")},
		{"products/ over TLS 1.1", bucket.ARN + product, tls("1.1")},
		{"own customers/ over TLS 1.1", bucket.ARN + invoice, tls("1.1")},
		{"products/ without TLS", bucket.ARN + product, map[string][]string{"aws:SecureTransport": {"false"}}},
		{"own customers/ without TLS", bucket.ARN + invoice, map[string][]string{"aws:SecureTransport": {"false"}}},
	})
	l.each("s3", objects, s.bucketKey(bucket, "kms:Decrypt"), "GetObject GetObjectVersion")
	l.each("s3", objects, s.bucketKey(bucket, "kms:GenerateDataKey"), "PutObject")
	l.each("s3", objects, nil, "DeleteObject DeleteObjectVersion")
	l.each("s3", slices.Concat(ours, archived), nil, "PutObjectAcl PutObjectTagging AbortMultipartUpload")
	below := func(prefix string) map[string][]string {
		return map[string][]string{"s3:TlsVersion": {"1.3"}, "s3:prefix": {prefix}}
	}
	l.each("s3", []target{
		{"names below products/", bucket.ARN, below("products/")}, {"names below customers/", bucket.ARN,
			below("customers/" + ownSub + "/")},
	}, nil, "ListBucket ListBucketVersions")
	l.each("s3", []target{{"the bucket", bucket.ARN, tls("1.3")}}, nil, `
		ListBucket ListBucketVersions GetBucketPolicy PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock
		PutEncryptionConfiguration PutBucketVersioning PutLifecycleConfiguration PutBucketLogging DeleteBucket`)
	return l.all
}

func tls(version string) map[string][]string { return map[string][]string{"s3:TlsVersion": {version}} }

// bucketKey is the request that S3 makes for the key on behalf of a caller who reads or writes. With a bucket key the
// encryption context is the bucket's ARN: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func (s *Subject) bucketKey(bucket deployed.Bucket, action string) []Attempt {
	key := keyOf(bucket)
	if key == "" {
		return nil
	}
	within := map[string]string{"aws:s3:arn": bucket.ARN}
	return []Attempt{{Action: action, Resource: key, Context: s.through("s3", within)}}
}
