package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/userpool"
)

// cursorPurpose binds a page's cursor to what it is for; lambda/orders seals with the same word.
const cursorPurpose = "orders-cursor"

func newAPI(stage awscdk.Stage, cfg config.Stage, users *userpool.UserPool, data *data, builder *golambda.Builder) *restapi.API {
	stack := newStack(stage, cfg, "Api", "what browsers may ask of the shop")
	api := restapi.New(stack, "Shop", restapi.Props{
		Pool:          users.Pool,
		WebOrigin:     cfg.Web.Origin,
		Limits:        cfg.API,
		RetentionDays: cfg.Logs.RetentionDays,
		Retain:        cfg.Protection.Retain,
	})
	function := func(id, name, description string, environment map[string]*string) *golambda.Function {
		environment["WEB_ORIGIN"] = jsii.String(cfg.Web.Origin)
		return golambda.New(stack, id, golambda.Props{
			Builder: builder, Name: name, Description: description, Environment: environment,
			RetentionDays: cfg.Logs.RetentionDays, Retain: cfg.Protection.Retain,
		})
	}

	orders := function("Orders", "orders", "Each customer's own orders", map[string]*string{
		"ORDERS_TABLE":   data.orders.Table.TableName(),
		"CURSOR_KEY_ARN": data.key.Key.KeyArn(),
	})
	data.orders.AllowQuery(orders.Role, ordersByCreation)
	data.key.AllowSealing(orders.Role, cursorPurpose)

	catalog := function("Catalog", "catalog", "The products for sale", map[string]*string{
		"PRODUCTS_TABLE": data.products.Table.TableName(),
	})
	data.products.AllowQuery(catalog.Role, productsForSale)

	api.Add(restapi.Route{
		Method: "GET", Path: "/orders", Caller: restapi.CustomerWith(userpool.OrdersRead), Handler: orders,
		Query: []string{"limit", "cursor"},
	})
	api.Add(restapi.Route{
		Method: "GET", Path: "/products", Caller: restapi.Signed(), Handler: catalog,
		Query: []string{"category", "limit", "cursor"},
	})
	output(stack, "ApiUrl", api.REST.Url(), "Base URL of the API")
	return api
}
