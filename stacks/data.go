package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/lambda/contract"
)

// data holds the tables and buckets of the shop's data.
type data struct {
	key                                *storage.Key
	orders, products, customers, links *storage.Table
	media, documents                   *storage.Bucket

	// archive encrypts what is kept for the record, and nothing that a customer or a handler reads.
	archive *storage.Key
	events  *storage.Bucket
	exports *storage.Bucket
}

func newData(stage awscdk.Stage, cfg config.Stage) *data {
	stack := newStack(stage, cfg, "Data", "orders, products, customers and their documents")
	key := storage.NewKey(stack, "DataKey", storage.KeyProps{
		Encrypts: "orders, customers and their documents", Retain: cfg.Protection.Retain,
	})
	table := func(id string, props storage.TableProps) *storage.Table {
		props.Key, props.Limits = key, cfg.Tables
		props.Retain, props.DeletionProtection = cfg.Protection.Retain, cfg.Protection.DeletionProtection
		return storage.NewTable(stack, id, props)
	}
	archive := storage.NewKey(stack, "ArchiveKey", storage.KeyProps{
		Encrypts: "the record of changes and the exports of users", Deployer: deployer(stack, cfg),
		Retain: cfg.Protection.Retain,
	})
	log := storage.NewLogBucket(stack, "AccessLogs", storage.LogBucketProps{
		RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain,
	})
	d := &data{
		key: key,
		orders: table("Orders", storage.TableProps{
			PartitionKey: contract.CustomerID, SortKey: "orderId",
			LocalIndex: storage.Index{Name: contract.OrdersByCreation, SortKey: "createdAt"},
		}),
		products: table("Products", storage.TableProps{
			PartitionKey: "sku",
			GlobalIndex:  storage.Index{Name: contract.ProductsForSale, PartitionKey: "shelf", SortKey: "categorySku"},
		}),
		customers: table("Customers", storage.TableProps{PartitionKey: contract.CustomerID}),
		links:     table("Links", storage.TableProps{PartitionKey: contract.LinkID, ExpiresAt: contract.LinkExpiresAt}),
		// Guests read Media. S3's own key needs no grant, so no guest is granted a KMS key.
		media: storage.NewBucket(stack, "Media", storage.BucketProps{
			Log: log, WebOrigin: cfg.Web.Origin, Retain: cfg.Protection.Retain,
		}),
		documents: storage.NewBucket(stack, "Documents", storage.BucketProps{
			Key: key, Log: log, WebOrigin: cfg.Web.Origin, Retain: cfg.Protection.Retain,
		}),
		archive: archive,
		events: storage.NewLockedBucket(stack, "SecurityEvents", storage.LockedBucketProps{
			Key: archive, Log: log, LockDays: cfg.SecurityEvents.LockDays, Retain: cfg.Protection.Retain,
			Writer: contract.KeeperRole(cfg.ID()), Deployer: deployer(stack, cfg),
		}),
		exports: storage.NewLockedBucket(stack, "UserExports", storage.LockedBucketProps{
			Key: archive, Log: log, LockDays: cfg.UserExports.LockDays, Retain: cfg.Protection.Retain,
			Writer: exporterRole(cfg), Deployer: deployer(stack, cfg),
		}),
	}
	output(stack, "OrdersTable", d.orders.Name,
		"Table of the orders; customers read their own rows with AWS credentials")
	output(stack, "ProductsTable", d.products.Name, "Table that the shop's staff fills with products")
	output(stack, "CustomersTable", d.customers.Name,
		"Table of profiles and payment methods, for the support desk")
	output(stack, "LinksTable", d.links.Name, "Table of connected providers, for the support desk")
	output(stack, "MediaBucket", d.media.Name, "Bucket of product pictures, below products/")
	output(stack, "DocumentsBucket", d.documents.Name,
		"Bucket of customers' documents, below customers/<sub>/")
	output(stack, "SecurityEventsBucket", d.events.Name, "Bucket of the record of who changed what, locked")
	output(stack, "UserExportsBucket", d.exports.Name, "Bucket of the daily exports of the user pool, locked")
	return d
}
