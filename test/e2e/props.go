package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// prop is the product that is for sale during the story.
const prop = "e2e-tea"

// Arrange creates, as an administrator, a product for sale and its picture, as the shop's staff would. The returned
// function removes both; it is never nil.
func (s *Running) Arrange(ctx context.Context) (clearUp func(context.Context) error, err error) {
	tables, files := dynamodb.NewFromConfig(s.aws), s.files()
	clearUp = func(ctx context.Context) error {
		_, noProduct := tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: &s.ProductsTable, Key: map[string]types.AttributeValue{"sku": text(prop)},
		})
		_, noPicture := files.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.MediaBucket, Key: aws.String(picture)})
		return errors.Join(noProduct, noPicture)
	}
	if _, err := tables.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.ProductsTable,
		Item: map[string]types.AttributeValue{
			"sku": text(prop), "name": text("Assam tea"), "description": text("Loose leaves, 100 g"),
			"category": text("tea"), "categorySku": text("tea#" + prop), "shelf": text("for-sale"),
			"priceMinor": &types.AttributeValueMemberN{Value: "1250"}, "currency": text("EUR"),
			"pictures": &types.AttributeValueMemberL{Value: []types.AttributeValue{text(picture)}},
		},
	}); err != nil {
		return clearUp, fmt.Errorf("put a product up for sale: %w", err)
	}
	if _, err := files.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.MediaBucket, Key: aws.String(picture), Body: strings.NewReader("a picture of tea"),
	}); err != nil {
		return clearUp, fmt.Errorf("put a product's picture: %w", err)
	}
	return clearUp, nil
}

// Product is for sale.
type Product struct{ Sku, Name string }

// Products returns the first page of what is for sale. It is an error if nothing is.
func (s *Running) Products(ctx context.Context, guest *aws.Credentials) ([]Product, error) {
	answer, err := s.Do(ctx, Call{Method: http.MethodGet, Path: "/products", Credentials: guest})
	if err != nil {
		return nil, err
	}
	if _, err := answer.must(http.StatusOK); err != nil {
		return nil, err
	}
	var page struct{ Products []Product }
	if err := answer.Into(&page); err != nil {
		return nil, err
	}
	if len(page.Products) == 0 {
		return nil, errors.New("no product is for sale")
	}
	return page.Products, nil
}

// fileInvoice stores an invoice, as the shop does after an order: customers read their documents and write none.
// RemoveDocuments removes the invoice.
func fileInvoice(ctx context.Context, c *Cast) (string, error) {
	key := c.document(c.Web.Sub())
	if _, err := c.Stage.files().PutObject(ctx, &s3.PutObjectInput{
		Bucket: &c.Stage.DocumentsBucket, Key: &key, Body: strings.NewReader("an invoice"),
	}); err != nil {
		return "", fmt.Errorf("file an invoice: %w", err)
	}
	return key, nil
}

// RemoveDocuments removes the story's documents, as an administrator.
func (c *Cast) RemoveDocuments(ctx context.Context) error {
	if c.Web.Sub() == "" {
		return nil
	}
	key := c.document(c.Web.Sub())
	_, err := c.Stage.files().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &c.Stage.DocumentsBucket, Key: &key})
	return err
}

// files returns an administrator's client of S3.
func (s *Running) files() *s3.Client {
	return s3.NewFromConfig(s.aws, func(o *s3.Options) { o.UsePathStyle = s.Local() })
}
