package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/storage"
)

// data is where the shop's data rests.
type data struct {
	key                         *storage.Key
	orders, products, customers *storage.Table
	media, documents            *storage.Bucket
}

const (
	// ordersByCreation lists a customer's orders by time.
	ordersByCreation = "byCreatedAt"
	// productsForSale lists what guests may see. Only products for sale have its partition key.
	productsForSale = "forSale"
)

func newData(stage awscdk.Stage, cfg config.Stage) *data {
	stack := newStack(stage, cfg, "Data", "orders, products, customers and their documents")
	key := storage.NewKey(stack, "DataKey", cfg.Protection.Retain)
	table := func(id string, props storage.TableProps) *storage.Table {
		props.Key, props.Retain, props.DeletionProtection = key, cfg.Protection.Retain, cfg.Protection.DeletionProtection
		return storage.NewTable(stack, id, props)
	}
	log := storage.NewLogBucket(stack, "AccessLogs", cfg.Logs.RetentionDays, cfg.Protection.Retain)
	d := &data{
		key: key,
		orders: table("Orders", storage.TableProps{
			PartitionKey: "customerId", SortKey: "orderId",
			LocalIndex: storage.Index{Name: ordersByCreation, SortKey: "createdAt"},
		}),
		products: table("Products", storage.TableProps{
			PartitionKey: "sku",
			GlobalIndex:  storage.Index{Name: productsForSale, PartitionKey: "shelf", SortKey: "categorySku"},
		}),
		customers: table("Customers", storage.TableProps{PartitionKey: "customerId"}),
		// Guests read Media. S3's own key needs no grant, so that none of them is ever granted a KMS key.
		media: storage.NewBucket(stack, "Media", storage.BucketProps{
			Log: log, WebOrigin: cfg.Web.Origin, Retain: cfg.Protection.Retain,
			WebMethods: []awss3.HttpMethods{awss3.HttpMethods_GET},
		}),
		documents: storage.NewBucket(stack, "Documents", storage.BucketProps{
			Key: key, Log: log, WebOrigin: cfg.Web.Origin, Retain: cfg.Protection.Retain,
			WebMethods: []awss3.HttpMethods{awss3.HttpMethods_GET, awss3.HttpMethods_PUT},
		}),
	}
	output(stack, "OrdersTable", d.orders.Table.TableName(), "Table of the orders; customers read their own rows with AWS credentials")
	output(stack, "ProductsTable", d.products.Table.TableName(), "Table that the shop's staff fills with products")
	output(stack, "MediaBucket", d.media.Bucket.BucketName(), "Bucket of product pictures, below products/")
	output(stack, "DocumentsBucket", d.documents.Bucket.BucketName(), "Bucket of customers' documents, below customers/<sub>/")
	return d
}
