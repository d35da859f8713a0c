package services_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

func TestOperatorsListBucketsPageByPageAndFolderByFolder(t *testing.T) {
	s := serve(t)
	operator, documents := s.staff(t, "operator"), s.bucket(t, "Documents")
	for _, key := range []string{"a b", "c/1", "c/2", "c/d/3", "e", "gone"} {
		must.Do(t, put(t.Context(), operator, documents, key, key))
	}
	must.Do(t, remove(t.Context(), operator, documents, "gone"))
	for name, test := range map[string]struct {
		input s3.ListObjectsV2Input
		want  []string
	}{
		"everything": {s3.ListObjectsV2Input{}, []string{"a b", "c/1", "c/2", "c/d/3", "e"}},
		"a folder": {s3.ListObjectsV2Input{Prefix: aws.String("c/"), Delimiter: aws.String("/")},
			[]string{"c/1", "c/2", "c/d/ below"}},
		"folders":      {s3.ListObjectsV2Input{Delimiter: aws.String("/")}, []string{"a b", "c/ below", "e"}},
		"behind a key": {s3.ListObjectsV2Input{StartAfter: aws.String("c/1")}, []string{"c/2", "c/d/3", "e"}},
		"nothing":      {s3.ListObjectsV2Input{Prefix: aws.String("z")}, nil},
	} {
		for _, size := range []int32{1, 2, 1000} {
			test.input.Bucket, test.input.MaxKeys, test.input.ContinuationToken = aws.String(documents), aws.Int32(size), nil
			var got []string
			pages := s3.NewListObjectsV2Paginator(operator.objects, &test.input)
			for pages.HasMorePages() {
				page := must.Get(pages.NextPage(t.Context()))(t)
				if *page.KeyCount > size || int(*page.KeyCount) != len(page.Contents)+len(page.CommonPrefixes) {
					t.Errorf("%s by %d: a page of %d", name, size, *page.KeyCount)
				}
				for _, object := range page.Contents {
					got = append(got, *object.Key)
					if int(*object.Size) != len(*object.Key) || *object.ETag == "" || object.LastModified == nil {
						t.Errorf("%s is listed as %+v", *object.Key, object)
					}
				}
				for _, prefix := range page.CommonPrefixes {
					got = append(got, *prefix.Prefix+" below")
				}
			}
			if diff := cmp.Diff(test.want, slices.Sorted(slices.Values(got))); diff != "" {
				t.Errorf("%s by %d (-want +got):\n%s", name, size, diff)
			}
		}
	}
	head := &s3.HeadBucketInput{Bucket: aws.String(documents)}
	if answer, err := operator.objects.HeadBucket(t.Context(), head); err != nil || *answer.BucketRegion != region {
		t.Errorf("HEAD of the bucket: %+v, %v", answer, err)
	}
	buckets, err := operator.objects.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil || len(buckets.Buckets) != len(s.stage.Buckets) || *buckets.Buckets[0].BucketRegion != region {
		t.Errorf("buckets: %+v, %v", buckets, err)
	}
	customer := s.customer(t, alice)
	want(t, "a customer lists buckets", second1(customer.objects.ListBuckets(t.Context(), &s3.ListBucketsInput{})),
		"AccessDenied")
	want(t, "a customer lists", list(t.Context(), customer, documents), "AccessDenied")
	want(t, "a customer asks for the bucket", second1(customer.objects.HeadBucket(t.Context(), head)), "Forbidden")
}
