package services_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/local/localtest/must"
)

// unversioned takes the versions from every bucket.
func unversioned(templates map[string]assembly.Template) {
	for _, r := range templates["Data"].OfType("AWS::S3::Bucket") {
		delete(r.Properties, "VersioningConfiguration")
	}
}

// privacy calls with the role Privacy, as cmd/support does.
func (s *shop) privacy(t *testing.T) *caller {
	t.Helper()
	session := must.Get(s.store.Issue(privacy, "TICKET-1", time.Hour, nil, nil))(t)
	return s.as(session)
}

// listed are the versions below a prefix, page by page: "<key> <content or marker>", and "*" if it is the latest.
func listed(t *testing.T, c *caller, bucket, prefix string, size int32) (entries []string, versions map[string]string) {
	t.Helper()
	versions = map[string]string{}
	input := &s3.ListObjectVersionsInput{Bucket: aws.String(bucket), Prefix: aws.String(prefix), MaxKeys: aws.Int32(size)}
	for {
		page := must.Get(c.objects.ListObjectVersions(t.Context(), input))(t)
		if count := len(page.Versions) + len(page.DeleteMarkers); count > int(size) {
			t.Errorf("a page of %d, want at most %d", count, size)
		}
		for _, v := range page.Versions {
			entry := fmt.Sprintf("%s %d %t", *v.Key, *v.Size, *v.IsLatest)
			entries, versions[entry] = append(entries, entry), *v.VersionId
		}
		for _, m := range page.DeleteMarkers {
			entry := fmt.Sprintf("%s gone %t", *m.Key, *m.IsLatest)
			entries, versions[entry] = append(entries, entry), *m.VersionId
		}
		if !aws.ToBool(page.IsTruncated) {
			slices.Sort(entries)
			return entries, versions
		}
		input.KeyMarker, input.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
	}
}

func TestOverwrittenAndDeletedObjectsAreKeptAsVersions(t *testing.T) {
	s := serve(t)
	documents, clerk, prefix := s.bucket(t, "Documents"), s.staff(t, "clerk"), "customers/"+alice+"/"
	for _, step := range []func() error{
		func() error { return put(t.Context(), clerk, documents, prefix+"a b", "x") },
		func() error { return put(t.Context(), clerk, documents, prefix+"a b", "xx") },
		func() error { return remove(t.Context(), clerk, documents, prefix+"a b") },
		func() error { return put(t.Context(), clerk, documents, prefix+"c", "xxx") },
		func() error { return put(t.Context(), clerk, documents, theirs, "xxxx") },
	} {
		must.Do(t, step())
	}
	want(t, "a deleted document", second(get(t.Context(), clerk, documents, prefix+"a b")), "NoSuchKey")
	all := []string{prefix + "a b 1 false", prefix + "a b 2 false", prefix + "a b gone true", prefix + "c 3 true"}
	privacy := s.privacy(t)
	for _, size := range []int32{1, 2, 3, 1000} {
		if got, _ := listed(t, privacy, documents, prefix, size); cmp.Diff(all, got) != "" {
			t.Errorf("by %d (-want +got)\n%s", size, cmp.Diff(all, got))
		}
	}
	_, versions := listed(t, privacy, documents, prefix, 1000)
	first, err := privacy.objects.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(documents), Key: aws.String(prefix + "a b"), VersionId: aws.String(versions[all[0]]),
	})
	if err != nil || aws.ToInt64(first.ContentLength) != 1 || aws.ToString(first.VersionId) != versions[all[0]] {
		t.Errorf("the first version: %+v, %v", first, err)
	}
	_, err = privacy.objects.GetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String(documents), Key: aws.String(prefix + "a b"), VersionId: aws.String(versions[all[2]]),
	})
	want(t, "a delete marker", err, "MethodNotAllowed")
	want(t, "no version named", second(get(t.Context(), privacy, documents, prefix+"c")), "AccessDenied")
	want(t, "a delete marker by who may only erase", remove(t.Context(), privacy, documents, prefix+"c"), "AccessDenied")
	_, err = privacy.objects.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(documents)})
	want(t, "the versions of everything", err, "AccessDenied")
	_, err = privacy.objects.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{
		Bucket: aws.String(documents), Prefix: aws.String("internal/"),
	})
	want(t, "the versions of something else", err, "AccessDenied")
}

// TestVersionsAreErasedWhileTheyAreListed, page by page, as an erasure does.
func TestVersionsAreErasedWhileTheyAreListed(t *testing.T) {
	s := serve(t)
	documents, prefix := s.bucket(t, "Documents"), "customers/"+alice+"/"
	clerk, privacy := s.staff(t, "clerk"), s.privacy(t)
	for _, key := range []string{"a", "b", "a", "a", "b"} {
		must.Do(t, put(t.Context(), clerk, documents, prefix+key, "x"))
	}
	must.Do(t, remove(t.Context(), clerk, documents, prefix+"a"))
	input := &s3.ListObjectVersionsInput{Bucket: aws.String(documents), Prefix: aws.String(prefix), MaxKeys: aws.Int32(2)}
	for range 10 {
		page := must.Get(privacy.objects.ListObjectVersions(t.Context(), input))(t)
		found := map[string]*string{}
		for _, v := range page.Versions {
			found[*v.VersionId] = v.Key
		}
		for _, m := range page.DeleteMarkers {
			found[*m.VersionId] = m.Key
		}
		for version, key := range found {
			_, err := privacy.objects.DeleteObject(t.Context(), &s3.DeleteObjectInput{
				Bucket: aws.String(documents), Key: key, VersionId: aws.String(version),
			})
			want(t, "erase "+*key, err, "")
		}
		input.KeyMarker, input.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
		if !aws.ToBool(page.IsTruncated) {
			break
		}
	}
	if left, _ := listed(t, privacy, documents, prefix, 1000); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestBucketsWithoutVersionsKeepOnlyTheNewestObject(t *testing.T) {
	s := serve(t, unversioned)
	documents, clerk := s.bucket(t, "Documents"), s.staff(t, "clerk")
	for range 2 {
		must.Do(t, put(t.Context(), clerk, documents, mine, "x"))
	}
	if got, versions := listed(t, clerk, documents, "customers/", 10); len(got) != 1 || versions[got[0]] != "null" {
		t.Errorf("got %v, %v; want one version, null", got, versions)
	}
	want(t, "delete", remove(t.Context(), clerk, documents, mine), "")
	if got, _ := listed(t, clerk, documents, "customers/", 10); len(got) != 0 {
		t.Errorf("after it was deleted: %v", got)
	}
}

// TestObjectsAreEncryptedOnlyByTheirBucketsKey tries every way to request another, with full permissions.
func TestObjectsAreEncryptedOnlyByTheirBucketsKey(t *testing.T) {
	other := "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000000"
	keyed := func(algorithm types.ServerSideEncryption, key string) *s3.PutObjectInput {
		input := &s3.PutObjectInput{ServerSideEncryption: algorithm}
		if key != "" {
			input.SSEKMSKeyId = aws.String(key)
		}
		return input
	}
	const media, documents = "Media", "Documents"
	s := serve(t)
	// Without its denials, a bucket accepts the requested encryption.
	open := serve(t, func(templates map[string]assembly.Template) {
		for _, r := range templates["Data"].OfType("AWS::S3::BucketPolicy") {
			document := r.Properties["PolicyDocument"].(map[string]any)
			document["Statement"] = slices.DeleteFunc(document["Statement"].([]any), func(s any) bool {
				sid, _ := s.(map[string]any)["Sid"].(string)
				return strings.HasPrefix(sid, "Refuse")
			})
		}
	})
	for _, test := range []struct {
		bucket       string
		input        *s3.PutObjectInput
		code, opened string
	}{
		{documents, keyed("", ""), "", ""},
		{documents, keyed("aws:kms", s.dataKey(t)), "", ""},
		{documents, keyed("AES256", ""), "AccessDenied", ""},
		{documents, keyed("aws:kms", other), "AccessDenied", "KMS.NotFoundException"},
		{documents, keyed("aws:kms", "alias/aws/s3"), "AccessDenied", "KMS.NotFoundException"},
		{documents, keyed("aws:kms:dsse", s.dataKey(t)), "AccessDenied", "InvalidArgument"},
		{media, keyed("", ""), "", ""},
		{media, keyed("AES256", ""), "", ""},
		{media, keyed("aws:kms", s.dataKey(t)), "AccessDenied", ""},
	} {
		for shop, code := range map[*shop]string{s: test.code, open: test.opened} {
			input := *test.input
			input.Bucket, input.Key = aws.String(shop.bucket(t, test.bucket)), aws.String(mine)
			input.Body = strings.NewReader("x")
			output, err := shop.staff(t, "clerk").objects.PutObject(t.Context(), &input)
			want(t, fmt.Sprintf("%s, %s %s", test.bucket, input.ServerSideEncryption, aws.ToString(input.SSEKMSKeyId)), err,
				code)
			if err == nil && input.ServerSideEncryption != "" && output.ServerSideEncryption != input.ServerSideEncryption {
				t.Errorf("asked for %s, got %s", input.ServerSideEncryption, output.ServerSideEncryption)
			}
		}
	}
	input := &s3.PutObjectInput{
		Bucket: aws.String(s.bucket(t, documents)), Key: aws.String(mine), SSECustomerAlgorithm: aws.String("AES256"),
	}
	_, err := s.staff(t, "clerk").objects.PutObject(t.Context(), input)
	want(t, "a key of the caller's", err, "AccessDenied", "explicit deny")
}
