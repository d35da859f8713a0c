package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/identitypool"
	"github.com/securecart/identity/lambda/contract"
)

// newIdentityPool is the whole of what browsers may do with AWS credentials. Every Allow below is one cell of the table
// "Who may do what" in README.md; what has no line here is refused. It returns the id of the identity pool.
func newIdentityPool(stage awscdk.Stage, cfg config.Stage, users *users, web *web, data *data, api *api) string {
	stack := newStack(stage, cfg, "IdentityPool", "AWS credentials for guests and customers")
	pool := identitypool.New(stack, "Identities", identitypool.Props{
		Pool:   users.pool,
		Client: web.client,
		Retain: cfg.Protection.Retain,
		Guest: []iamrole.Grants{
			api.browse.AllowInvoke("BrowseProducts"),
			data.media.AllowRead("ReadProductPictures", "products/"),
		},
		Customer: []iamrole.Grants{
			api.browse.AllowInvoke("BrowseProducts"),
			data.media.AllowRead("ReadProductPictures", "products/"),
			data.documents.AllowRead("ReadOwnDocuments", contract.DocumentsPrefix+identitypool.Customer+"/"),
			data.orders.AllowOwnRows(
				contract.OrdersByCreation, identitypool.Customer, contract.DirectOrderAttributes()),
		},
	})
	output(stack, "IdentityPoolId", pool.ID, "Identity pool that gives browsers AWS credentials")
	return pool.ID
}
