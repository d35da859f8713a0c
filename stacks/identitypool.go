package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/identitypool"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/lambda/contract"
)

// newIdentityPool is the whole of what browsers may do with AWS credentials. Every line below is one cell of the table
// "Who may do what" in README.md; what has no line here is refused.
func newIdentityPool(
	stage awscdk.Stage, cfg config.Stage, users *users, web *appclient.Web, data *data, api *restapi.API,
) {
	stack := newStack(stage, cfg, "IdentityPool", "AWS credentials for guests and customers")
	pool := identitypool.New(stack, "Identities", identitypool.Props{
		Pool:   users.Pool,
		Client: web.Client,
		Retain: cfg.Protection.Retain,
	})

	api.AllowInvoke(pool.Guest, "BrowseProducts", "GET", "/products")
	data.media.AllowRead(pool.Guest, "ReadProductPictures", "products/")

	api.AllowInvoke(pool.Customer, "BrowseProducts", "GET", "/products")
	data.media.AllowRead(pool.Customer, "ReadProductPictures", "products/")
	data.documents.AllowRead(pool.Customer, "ReadOwnDocuments", contract.DocumentsPrefix+identitypool.Customer+"/")
	data.orders.AllowOwnRows(
		pool.Customer, contract.OrdersByCreation, identitypool.Customer, contract.DirectOrderAttributes())

	output(stack, "IdentityPoolId", pool.Pool.Ref(), "Identity pool that gives browsers AWS credentials")
}
