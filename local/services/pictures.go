package services

import (
	"embed"
	"fmt"
	"net/http"
	"path"
)

// pictures are the products' pictures by their SKU, drawn for this repository and under its licence.
//
//go:embed pictures/*.svg
var pictures embed.FS

// pictureKeys are the keys of a product's pictures in the bucket Media. Guests and customers may read below products/.
func pictureKeys(sku string) []string {
	if _, err := pictures.ReadFile("pictures/" + sku + ".svg"); err != nil {
		return []string{}
	}
	return []string{"products/" + sku + ".svg"}
}

// PutPictures fills the bucket of product pictures.
func (s *S3) PutPictures(bucket string) error {
	files, err := pictures.ReadDir("pictures")
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := pictures.ReadFile(path.Join("pictures", file.Name()))
		if err != nil {
			return err
		}
		if err := s.Put(bucket, "products/"+file.Name(), "image/svg+xml", content); err != nil {
			return err
		}
	}
	return nil
}

// Put stores an object without authorization, as if it were there before the stage was served.
func (s *S3) Put(bucket, key, contentType string, content []byte) error {
	into, ok := s.stage.Buckets["arn:aws:s3:::"+bucket]
	if !ok {
		return fmt.Errorf("put %s: the stage has no bucket %q", key, bucket)
	}
	_, err := s.keep(into, key, object{
		content: content, header: http.Header{"Content-Type": {contentType}}, by: bucketEncryption(into),
	})
	return err
}
