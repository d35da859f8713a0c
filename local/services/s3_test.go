package services_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/local/localtest/must"
)

func put(ctx context.Context, c *caller, bucket, key, content string) error {
	_, err := c.objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(content),
	})
	return err
}

func get(ctx context.Context, c *caller, bucket, key string) (string, error) {
	output, err := c.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(output.Body)
	return string(content), err
}

func head(ctx context.Context, c *caller, bucket, key string) error {
	_, err := c.objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	return err
}

// mine and theirs are keys in the bucket Documents. The first has characters that must be escaped in a URL.
var (
	mine   = "customers/" + alice + "/my invoice+1 é%2F(2)'.txt"
	theirs = "customers/" + bob + "/invoice.txt"
)

func TestCustomersReadTheirOwnDocuments(t *testing.T) {
	s := serve(t)
	documents, c, clerk := s.bucket(t, "Documents"), s.customer(t, alice), s.staff(t, "clerk")
	for _, content := range []string{"first", "", "second"} {
		must.Do(t, put(t.Context(), clerk, documents, mine, content))
		if got, err := get(t.Context(), c, documents, mine); err != nil || got != content {
			t.Errorf("got %q, %v; want %q", got, err, content)
		}
	}
	output, err := clerk.objects.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine), Body: strings.NewReader("0123456789"),
		ContentType: aws.String("text/plain"), CacheControl: aws.String("no-store"),
		Metadata: map[string]string{"note": "two words"}, ExpectedBucketOwner: aws.String(s.stage.Account),
	})
	if err != nil || output.ServerSideEncryption != types.ServerSideEncryptionAwsKms ||
		aws.ToString(output.SSEKMSKeyId) != s.dataKey(t) {
		t.Errorf("stored as %+v, %v; want it encrypted by %s", output, err, s.dataKey(t))
	}
	part := must.Get(c.objects.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine), Range: aws.String("bytes=2-4"),
	}))(t)
	content, err := io.ReadAll(part.Body)
	if err != nil || string(content) != "234" || aws.ToString(part.ContentRange) != "bytes 2-4/10" {
		t.Errorf("a range: %q of %s, %v", content, aws.ToString(part.ContentRange), err)
	}
	described := must.Get(c.objects.HeadObject(t.Context(), &s3.HeadObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine),
	}))(t)
	got := []string{
		aws.ToString(described.ContentType), aws.ToString(described.CacheControl), described.Metadata["note"],
		aws.ToString(described.ETag),
	}
	if diff := cmp.Diff([]string{"text/plain", "no-store", "two words", `"781e5e245d69b566979b86e28d23f2c7"`},
		got); diff != "" || *described.ContentLength != 10 {
		t.Errorf("described as %d bytes (-want +got)\n%s", *described.ContentLength, diff)
	}
	_, err = c.objects.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(documents), Key: aws.String(mine), IfNoneMatch: described.ETag,
	})
	if err == nil || !strings.Contains(err.Error(), "304") {
		t.Errorf("unchanged: %v, want 304", err)
	}
}

func TestNobodyReachesOtherDocumentsOrBuckets(t *testing.T) {
	s := serve(t)
	documents, media, logs := s.bucket(t, "Documents"), s.bucket(t, "Media"), s.bucket(t, "AccessLogs")
	owner := s.customer(t, bob)
	must.Do(t, put(t.Context(), s.staff(t, "clerk"), documents, theirs, "theirs"))
	for _, key := range []string{"products/mug.svg", "drafts/mug.svg"} {
		must.Do(t, s.objects.Put(media, key, "image/svg+xml", []byte("<svg/>")))
	}
	customer, guest := s.customer(t, alice), s.guest(t)
	for who, c := range map[string]*caller{"customer": customer, "guest": guest} {
		if got, err := get(t.Context(), c, media, "products/mug.svg"); err != nil || got != "<svg/>" {
			t.Errorf("%s reads a picture: %q, %v", who, got, err)
		}
		for what, err := range map[string]error{
			"reads another's document": second(get(t.Context(), c, documents, theirs)),
			"writes an own document":   put(t.Context(), c, documents, mine, "x"),
			"reads a version": second1(c.objects.GetObject(t.Context(), &s3.GetObjectInput{
				Bucket: aws.String(documents), Key: aws.String(mine), VersionId: aws.String("v"),
			})),
			"lists versions": second1(
				c.objects.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(documents)})),
			"deletes an own document":      remove(t.Context(), c, documents, mine),
			"writes another's document":    put(t.Context(), c, documents, theirs, "x"),
			"climbs to another's document": second(get(t.Context(), c, documents, "customers/"+alice+"/../"+bob+"/invoice.txt")),
			"reads beside the prefix":      second(get(t.Context(), c, documents, "invoice.txt")),
			"reads a prefix that is alike": second(get(t.Context(), c, documents, "customers/"+alice+"2/invoice.txt")),
			"reads a draft":                second(get(t.Context(), c, media, "drafts/mug.svg")),
			"reads a picture not there":    second(get(t.Context(), c, media, "products/none.svg")),
			"writes a picture":             put(t.Context(), c, media, "products/mug.svg", "x"),
			"reads logs":                   second(get(t.Context(), c, logs, "Media/log")),
			"lists":                        list(t.Context(), c, documents),
			"lists pictures":               list(t.Context(), c, media),
			"deletes":                      remove(t.Context(), c, documents, theirs),
			"deletes a picture":            remove(t.Context(), c, media, "products/mug.svg"),
			"lists buckets":                second1(c.objects.ListBuckets(t.Context(), &s3.ListBucketsInput{})),
			"makes a bucket": second1(
				c.objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("new")})),
		} {
			want(t, who+" "+what, err, "AccessDenied")
		}
		want(t, who+" describes another's document", head(t.Context(), c, documents, theirs), "Forbidden")
		want(t, who+" reads a bucket that is not there", second(get(t.Context(), c, "none", "a")), "NoSuchBucket")
	}
	want(t, "customer reads an own document not there",
		second(get(t.Context(), customer, documents, "customers/"+alice+"/none")), "AccessDenied")
	want(t, "guest reads any document", second(get(t.Context(), guest, documents, mine)), "AccessDenied")
	if got, err := get(t.Context(), owner, documents, theirs); err != nil || got != "theirs" {
		t.Errorf("the other's document has become %q, %v", got, err)
	}
}

func second(_ string, err error) error { return err }

func second1[T any](_ T, err error) error { return err }

func list(ctx context.Context, c *caller, bucket string) error {
	return second1(c.objects.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: aws.String(bucket), Prefix: aws.String("customers/" + alice + "/"),
	}))
}

func remove(ctx context.Context, c *caller, bucket, key string) error {
	return second1(c.objects.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)}))
}

func TestMissingKeysAreReportedToCallersWhoMayList(t *testing.T) {
	s := serve(t, allowing(t, "IdentityPool", "IdentitiesGuestDefaultPolicy", "ReadProductPictures", "s3:*"))
	c, media := s.guest(t), s.bucket(t, "Media")
	want(t, "a key not there", second(get(t.Context(), c, media, "products/none.svg")), "NoSuchKey")
	want(t, "HEAD of a key not there", head(t.Context(), c, media, "products/none.svg"), "NotFound")
	for what, err := range map[string]error{
		"ListObjects": second1(c.objects.ListObjects(t.Context(), &s3.ListObjectsInput{Bucket: aws.String(media)})),
		"acl": second1(c.objects.GetObjectAcl(t.Context(), &s3.GetObjectAclInput{
			Bucket: aws.String(media), Key: aws.String("a"),
		})),
		"delimiter": second1(c.objects.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{
			Bucket: aws.String(media), Delimiter: aws.String("/"),
		})),
		"x-amz-copy-source": second1(c.objects.CopyObject(t.Context(), &s3.CopyObjectInput{
			Bucket: aws.String(media), Key: aws.String("a"), CopySource: aws.String(media + "/b"),
		})),
		"x-amz-acl": second1(c.objects.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(media), Key: aws.String("a"), ACL: types.ObjectCannedACLPublicRead,
		})),
		"x-amz-server-side-encryption-bucket-key-enabled": second1(c.objects.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(media), Key: aws.String("a"), BucketKeyEnabled: aws.Bool(true),
		})),
		"x-amz-server-side-encryption-customer-algorithm": second1(c.objects.GetObject(t.Context(), &s3.GetObjectInput{
			Bucket: aws.String(media), Key: aws.String("a"), SSECustomerAlgorithm: aws.String("AES256"),
		})),
		"If-None-Match": second1(c.objects.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(media), Key: aws.String("a"), IfNoneMatch: aws.String("*"),
		})),
		"uploads": second1(c.objects.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
			Bucket: aws.String(media), Key: aws.String("a"),
		})),
	} {
		want(t, what, err, "NotImplemented", what)
	}
	want(t, "another's bucket", second1(c.objects.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(media), Key: aws.String("a"), ExpectedBucketOwner: aws.String("444455556666"),
	})), "AccessDenied")
}

// TestObjectsNeedTheirBucketsKey: permission for the bucket alone allows neither writing nor reading.
func TestObjectsNeedTheirBucketsKey(t *testing.T) {
	s := serve(t, without(t, "IdentityPool", "IdentitiesCustomerDefaultPolicy", "ReadS3WithDataKey"))
	documents := s.bucket(t, "Documents")
	want(t, "put", put(t.Context(), s.staff(t, "porter"), documents, mine, "x"), "AccessDenied",
		"kms:GenerateDataKey on resource: "+s.dataKey(t))
	want(t, "put with the key", put(t.Context(), s.staff(t, "clerk"), documents, mine, "x"), "")
	c := s.customer(t, alice)
	want(t, "get", second(get(t.Context(), c, documents, mine)), "AccessDenied", "kms:Decrypt on resource: "+s.dataKey(t))
	want(t, "head", head(t.Context(), c, documents, mine), "")
}

// TestEncryptionContextIsTheBucketsOrTheObjects: BucketKeyEnabled decides, and a policy may depend on it.
func TestEncryptionContextIsTheBucketsOrTheObjects(t *testing.T) {
	for _, enabled := range []bool{true, false} {
		s := serve(t, func(templates map[string]assembly.Template) {
			for id, r := range templates["Data"].OfType("AWS::S3::Bucket") {
				if strings.HasPrefix(id, "Documents") {
					encryption := r.Properties["BucketEncryption"].(map[string]any)["ServerSideEncryptionConfiguration"].([]any)
					encryption[0].(map[string]any)["BucketKeyEnabled"] = enabled
				}
			}
		})
		err := put(t.Context(), s.staff(t, "filer"), s.bucket(t, "Documents"), mine, "x")
		want(t, "put", err, map[bool]string{true: "AccessDenied", false: ""}[enabled])
	}
}

// TestBucketPolicyIsEvaluated raises its required TLS version above the server's.
func TestBucketPolicyIsEvaluated(t *testing.T) {
	s := serve(t, func(templates map[string]assembly.Template) {
		for _, r := range templates["Data"].OfType("AWS::S3::BucketPolicy") {
			for _, s := range r.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				condition, _ := s.(map[string]any)["Condition"].(map[string]any)
				if tls, ok := condition["NumericLessThan"].(map[string]any); ok {
					tls["s3:TlsVersion"] = 1.4
				}
			}
		}
	})
	want(t, "put", put(t.Context(), s.staff(t, "clerk"), s.bucket(t, "Documents"), mine, "x"), "AccessDenied",
		"explicit deny in a resource-based policy")
}
