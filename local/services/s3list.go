package services

import (
	"encoding/base64"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// bucketList is the response of ListBuckets: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
type bucketList struct {
	XMLName xml.Name      `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Buckets []bucketEntry `xml:"Buckets>Bucket"`
}

type bucketEntry struct{ Name, CreationDate, BucketRegion string }

func (s *S3) listBuckets(w http.ResponseWriter, _ *s3Request) error {
	var answer bucketList
	for _, arn := range slices.Sorted(maps.Keys(s.stage.Buckets)) {
		answer.Buckets = append(answer.Buckets, bucketEntry{
			s.stage.Buckets[arn].Name, s.since.Format(time.RFC3339), s.stage.Region,
		})
	}
	writeXML(w, http.StatusOK, answer)
	return nil
}

// headBucket says where a bucket is: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func (s *S3) headBucket(w http.ResponseWriter, _ *s3Request) error {
	w.Header().Set("X-Amz-Bucket-Region", s.stage.Region)
	w.WriteHeader(http.StatusOK)
	return nil
}

// listing holds the parameters of a list.
type listing struct {
	prefix, encodingType string
	// limit is the maximum number of entries of a response.
	limit int
	// encode writes keys and prefixes in the requested encoding.
	encode func(string) string
}

// maxListed is AWS's maximum number of entries of a response.
const maxListed = 1000

func readListing(query url.Values) (listing, error) {
	how := listing{
		prefix: query.Get("prefix"), encodingType: query.Get("encoding-type"), limit: maxListed,
		encode: func(key string) string { return key },
	}
	switch how.encodingType {
	case "":
	case "url":
		how.encode = url.QueryEscape
	default:
		return how, &xmlError{http.StatusBadRequest, "InvalidArgument", "Invalid Encoding Method specified in Request"}
	}
	if text := query.Get("max-keys"); text != "" {
		wanted, err := strconv.Atoi(text)
		if err != nil || wanted < 1 {
			return how, &xmlError{http.StatusBadRequest, "InvalidArgument", "max-keys must be a number above 0."}
		}
		how.limit = min(wanted, maxListed)
	}
	return how, nil
}

// objectList is the response of ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
type objectList struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name                  string
	Prefix                string
	Delimiter             string `xml:",omitempty"`
	StartAfter            string `xml:",omitempty"`
	ContinuationToken     string `xml:",omitempty"`
	NextContinuationToken string `xml:",omitempty"`
	KeyCount, MaxKeys     int
	EncodingType          string `xml:",omitempty"`
	IsTruncated           bool
	Contents              []objectEntry
	CommonPrefixes        []commonPrefix
}

type objectEntry struct {
	Key, LastModified, ETag string
	Size                    int
	StorageClass            string
}

type commonPrefix struct{ Prefix string }

// listObjects answers ListObjectsV2: by key, with keys below a delimiter as one common prefix. A continuation token is
// the key or common prefix after which the next page begins.
func (s *S3) listObjects(w http.ResponseWriter, r *s3Request) error {
	query := r.URL.Query()
	if query.Get("list-type") != "2" {
		return notServed("ListObjects, but for list-type=2,")
	}
	for _, name := range []string{"fetch-owner", "marker"} {
		if query.Has(name) {
			return notServed("ListObjectsV2 with the parameter %q", name)
		}
	}
	how, err := readListing(query)
	if err != nil {
		return err
	}
	token := query.Get("continuation-token")
	behind, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return &xmlError{http.StatusBadRequest, "InvalidArgument", "The continuation token provided is incorrect"}
	}
	answer := objectList{
		Name: r.bucket.Name, Prefix: how.encode(how.prefix), Delimiter: how.encode(query.Get("delimiter")),
		StartAfter: how.encode(query.Get("start-after")), ContinuationToken: token,
		MaxKeys: how.limit, EncodingType: how.encodingType,
	}
	last := max(string(behind), query.Get("start-after"))
	for _, found := range s.newest(r.bucket, how.prefix) {
		key, folder := folderOf(found.key, how.prefix, query.Get("delimiter"))
		if key <= last {
			continue
		}
		if answer.KeyCount == answer.MaxKeys {
			answer.IsTruncated, answer.NextContinuationToken = true, base64.RawURLEncoding.EncodeToString([]byte(last))
			break
		}
		last = key
		answer.KeyCount++
		if folder {
			answer.CommonPrefixes = append(answer.CommonPrefixes, commonPrefix{how.encode(key)})
			continue
		}
		answer.Contents = append(answer.Contents, objectEntry{
			how.encode(key), found.modified.Format(time.RFC3339), found.header.Get("ETag"), len(found.content), "STANDARD",
		})
	}
	writeXML(w, http.StatusOK, answer)
	return nil
}

// folderOf is the common prefix that a key is listed under, or the key itself if no delimiter follows prefix in it.
func folderOf(key, prefix, delimiter string) (listed string, folder bool) {
	below, _, ok := strings.Cut(key[len(prefix):], delimiter)
	if !ok || delimiter == "" {
		return key, false
	}
	return prefix + below + delimiter, true
}

// keyed is the newest version under a key.
type keyed struct {
	key string
	*object
}

// newest are the objects of a bucket whose keys have a prefix, sorted by key.
func (s *S3) newest(bucket deployed.Bucket, prefix string) []keyed {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	var found []keyed
	for _, arn := range slices.Sorted(maps.Keys(s.objects)) {
		key, ofBucket := strings.CutPrefix(arn, bucket.ARN+"/")
		versions := s.objects[arn]
		if newest := versions[len(versions)-1]; ofBucket && strings.HasPrefix(key, prefix) && !newest.deleted {
			found = append(found, keyed{key, newest})
		}
	}
	return found
}
