package services

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

// noVersion is the version of an object in a bucket without versions.
const noVersion = "null"

func versioned(bucket deployed.Bucket) bool {
	return bucket.VersioningConfiguration.Status == "Enabled"
}

// describeVersion says which version was written, read or removed, if the bucket has versions.
func describeVersion(header http.Header, bucket deployed.Bucket, of *object) {
	if versioned(bucket) {
		header.Set("X-Amz-Version-Id", of.version)
	}
	if of.deleted {
		header.Set("X-Amz-Delete-Marker", "true")
	}
}

// keep stores one version, or refuses it if memory would be exceeded. In a bucket without versions it replaces the
// object.
func (s *S3) keep(bucket deployed.Bucket, key string, made object) (*object, error) {
	if len(made.content) > s.maxObject {
		return nil, s.tooLarge()
	}
	if !made.deleted {
		// S3's ETag of an object that was uploaded in one piece.
		sum := md5.Sum(made.content)
		made.header.Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	}
	made.modified, made.version = time.Now().UTC().Truncate(time.Second), noVersion
	if versioned(bucket) {
		made.version = rand.Text()
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	arn := bucket.ARN + "/" + key
	stored, there := s.stored+made.size(), s.objects[arn]
	if !versioned(bucket) {
		for _, old := range there {
			stored -= old.size()
		}
		there = nil
	}
	if stored > s.maxStored {
		return nil, &xmlError{http.StatusInsufficientStorage, "InsufficientStorage",
			fmt.Sprintf("All objects together may have %d bytes here.", s.maxStored)}
	}
	s.objects[arn], s.stored = append(there, &made), stored
	return &made, nil
}

// size is a version's approximate memory.
func (o *object) size() int { return len(o.content) + objectOverhead }

// find returns the version that a request names, or the newest.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func (s *S3) find(header http.Header, r *s3Request) (*object, error) {
	s.mutex.RLock()
	there := s.objects[r.arn()]
	s.mutex.RUnlock()
	version, one := r.version()
	if one {
		i := slices.IndexFunc(there, func(o *object) bool { return o.version == version })
		switch {
		case i < 0:
			return nil, &xmlError{http.StatusNotFound, "NoSuchVersion", "The specified version does not exist."}
		case there[i].deleted:
			describeVersion(header, r.bucket, there[i])
			return nil, &xmlError{http.StatusMethodNotAllowed, "MethodNotAllowed",
				"The specified method is not allowed against this resource."}
		}
		return there[i], nil
	}
	if len(there) > 0 && !there[len(there)-1].deleted {
		return there[len(there)-1], nil
	}
	// "If you have the s3:ListBucket permission on the bucket, Amazon S3 returns an HTTP status code 404 (Not Found)
	// error. If you don't, 403".
	if err := s.may(r, "s3:ListBucket", r.bucket.ARN); err != nil {
		return nil, err
	}
	if len(there) > 0 {
		describeVersion(header, r.bucket, there[len(there)-1])
	}
	return nil, &xmlError{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."}
}

func (r *s3Request) version() (id string, named bool) {
	query := r.URL.Query()
	return query.Get("versionId"), query.Has("versionId")
}

// remove deletes an object: permanently if the request names its version or the bucket has no versions, otherwise by a
// delete marker. A missing object is not an error, as on AWS.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
func (s *S3) remove(w http.ResponseWriter, r *s3Request) error {
	version, one := r.version()
	if !one && versioned(r.bucket) {
		made, err := s.keep(r.bucket, r.key, object{deleted: true})
		if err != nil {
			return err
		}
		describeVersion(w.Header(), r.bucket, made)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var left []*object
	for _, old := range s.objects[r.arn()] {
		if one && old.version != version {
			left = append(left, old)
			continue
		}
		s.stored -= old.size()
		describeVersion(w.Header(), r.bucket, old)
	}
	if s.objects[r.arn()] = left; len(left) == 0 {
		delete(s.objects, r.arn())
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// versionEntry is a Version or a DeleteMarker in the response of ListObjectVersions.
type versionEntry struct {
	XMLName      xml.Name
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	Size         *int
	StorageClass string `xml:",omitempty"`
}

// versionList is the response of ListObjectVersions:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
type versionList struct {
	XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name                string
	Prefix              string
	KeyMarker           string
	VersionIDMarker     string `xml:"VersionIdMarker"`
	NextKeyMarker       string `xml:",omitempty"`
	NextVersionIDMarker string `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys             int
	EncodingType        string `xml:",omitempty"`
	IsTruncated         bool
	Entries             []versionEntry
}

// listVersions answers ListObjectVersions: by key, and of each key the newest version first.
func (s *S3) listVersions(w http.ResponseWriter, r *s3Request) error {
	query := r.URL.Query()
	if query.Has("delimiter") {
		return notServed("ListObjectVersions with the parameter \"delimiter\"")
	}
	how, err := readListing(query)
	if err != nil {
		return err
	}
	answer := versionList{
		Name: r.bucket.Name, MaxKeys: how.limit, EncodingType: how.encodingType,
		VersionIDMarker: query.Get("version-id-marker"), Prefix: how.encode(how.prefix),
		KeyMarker: how.encode(query.Get("key-marker")),
	}
	for _, entry := range s.versions(r.bucket, how.prefix, query.Get("key-marker"), answer.VersionIDMarker) {
		if len(answer.Entries) == answer.MaxKeys {
			last := answer.Entries[len(answer.Entries)-1]
			answer.IsTruncated, answer.NextKeyMarker, answer.NextVersionIDMarker = true, last.Key, last.VersionID
			break
		}
		entry.Key = how.encode(entry.Key)
		answer.Entries = append(answer.Entries, entry)
	}
	writeXML(w, http.StatusOK, answer)
	return nil
}

// versions are the entries of the bucket's keys with a prefix, after a key's version, or after all versions of the key
// if version is empty.
func (s *S3) versions(bucket deployed.Bucket, prefix, behind, version string) []versionEntry {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	var entries []versionEntry
	for _, arn := range slices.Sorted(maps.Keys(s.objects)) {
		key, ofBucket := strings.CutPrefix(arn, bucket.ARN+"/")
		if !ofBucket || !strings.HasPrefix(key, prefix) || key < behind || key == behind && behind != "" && version == "" {
			continue
		}
		there := s.objects[arn]
		// If the version was removed since it was listed, the list continues after its key's previous versions.
		skip := key == behind && slices.ContainsFunc(there, func(o *object) bool { return o.version == version })
		for i, o := range slices.Backward(there) {
			if !skip {
				entries = append(entries, o.entry(key, i == len(there)-1))
			}
			skip = skip && o.version != version
		}
	}
	return entries
}

func (o *object) entry(key string, latest bool) versionEntry {
	entry := versionEntry{
		XMLName: xml.Name{Local: "Version"}, Key: key, VersionID: o.version, IsLatest: latest,
		LastModified: o.modified.Format(time.RFC3339),
	}
	if o.deleted {
		entry.XMLName.Local = "DeleteMarker"
		return entry
	}
	size := len(o.content)
	entry.ETag, entry.Size, entry.StorageClass = o.header.Get("ETag"), &size, "STANDARD"
	return entry
}
