package services

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"strconv"
	"strings"
)

// checksums are the supported checksums of uploads; CRC64NVME is missing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
var checksums = map[string]func() hash.Hash{
	"Content-Md5":           md5.New,
	"X-Amz-Checksum-Crc32":  func() hash.Hash { return crc32.NewIEEE() },
	"X-Amz-Checksum-Crc32c": func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"X-Amz-Checksum-Sha1":   sha1.New,
	"X-Amz-Checksum-Sha256": sha256.New,
}

// content is the object in the body, which may be in chunks, after all checksums were verified.
func (r *s3Request) content() ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return r.body, checkSums(r.Header, r.body)
	}
	content, trailer, err := unchunk(r.body)
	switch {
	case err != nil:
		return nil, &xmlError{http.StatusBadRequest, "IncompleteBody", "The body is not in chunks as its headers say."}
	case r.Header.Get("X-Amz-Decoded-Content-Length") != strconv.Itoa(len(content)):
		return nil, &xmlError{http.StatusBadRequest, "IncompleteBody",
			"The body has not the length that x-amz-decoded-content-length says."}
	case r.Header.Get("X-Amz-Trailer") != "" && trailer.Get(r.Header.Get("X-Amz-Trailer")) == "":
		return nil, &xmlError{http.StatusBadRequest, "MalformedTrailerError",
			"The trailer is not there that x-amz-trailer says."}
	}
	if err := checkSums(r.Header, content); err != nil {
		return nil, err
	}
	return content, checkSums(trailer, content)
}

// checkSums compares content with every checksum in a header or trailer.
func checkSums(said http.Header, content []byte) error {
	for name := range said {
		if name != "Content-Md5" && !strings.HasPrefix(name, "X-Amz-Checksum-") {
			continue
		}
		checksum, ok := checksums[name]
		if !ok {
			return notServed("PUT with the header %q", name)
		}
		sum := checksum()
		sum.Write(content) // a hash takes everything
		if said.Get(name) != base64.StdEncoding.EncodeToString(sum.Sum(nil)) {
			return &xmlError{
				http.StatusBadRequest, "BadDigest", "The " + name + " you specified did not match what we received.",
			}
		}
	}
	return nil
}

// unchunk reads chunks and the trailer after them. Without chunk signatures, the encoding is that of HTTP:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func unchunk(body []byte) (content []byte, trailer http.Header, err error) {
	reader := bufio.NewReader(bytes.NewReader(body))
	if content, err = io.ReadAll(httputil.NewChunkedReader(reader)); err != nil {
		return nil, nil, err
	}
	lines, err := textproto.NewReader(reader).ReadMIMEHeader()
	return content, http.Header(lines), err
}
