package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
)

// cursorPurpose binds a page's cursor to what it is for; lambda/orders seals with the same word.
const cursorPurpose = "orders-cursor"

func newAPI(stage awscdk.Stage, cfg config.Stage, users *identity, data *data, builder *golambda.Builder) *restapi.API {
	stack := newStack(stage, cfg, "Api", "what browsers may ask of the shop")
	api := restapi.New(stack, "Shop", restapi.Props{
		Pool:      users.Pool,
		WebOrigin: cfg.Web.Origin,
		Limits:    cfg.API,
		Logs:      users.logs,
	})
	webacl.ForAPI(stack, "Firewall", webacl.APIProps{Stage: api.REST.DeploymentStage(), Limits: cfg.Firewall, Logs: users.logs})
	for _, route := range routes(newHandlers(stack, cfg, users, data, builder)) {
		api.Add(route)
	}
	output(stack, "ApiUrl", api.REST.Url(), "Base URL of the API")
	return api
}

// handlers are the functions behind the routes.
type handlers struct{ orders, catalog, customers *golambda.Function }

// routes is the whole of the API, and who may call what.
func routes(h handlers) []restapi.Route {
	return []restapi.Route{
		{Method: "GET", Path: "/products", Caller: restapi.Signed(), Handler: h.catalog, Query: []string{"category", "limit", "cursor"}},
		{Method: "GET", Path: "/orders", Caller: restapi.CustomerWith(userpool.OrdersRead), Handler: h.orders, Query: []string{"limit", "cursor"}},
		{Method: "GET", Path: "/profile", Caller: restapi.CustomerWith(userpool.ProfileRead), Handler: h.customers},
		{
			Method: "POST", Path: "/orders", Caller: restapi.SteppedUpWith(userpool.OrdersWrite), Handler: h.orders,
			Headers: []string{"Idempotency-Key"}, Body: checkout(),
		},
		{Method: "PUT", Path: "/profile", Caller: restapi.SteppedUpWith(userpool.ProfileWrite), Handler: h.customers, Body: profileChange()},
		{Method: "PUT", Path: "/payment-method", Caller: restapi.SteppedUpWith(userpool.PaymentWrite), Handler: h.customers, Body: paymentMethod()},
	}
}

// newHandlers adds the functions, and grants each what it needs: every Allow below is one thing that it may do.
func newHandlers(stack awscdk.Stack, cfg config.Stage, users *identity, data *data, builder *golambda.Builder) handlers {
	function := func(id, name, description string, environment map[string]*string) *golambda.Function {
		environment["WEB_ORIGIN"] = jsii.String(cfg.Web.Origin)
		return golambda.New(stack, id, golambda.Props{
			Builder: builder, Name: name, Description: description, Environment: environment,
			Logs: users.logs,
		})
	}

	orders := function("Orders", "orders", "Each customer's own orders, and checkout", map[string]*string{
		"ORDERS_TABLE":      data.orders.Table.TableName(),
		"PRODUCTS_TABLE":    data.products.Table.TableName(),
		"CURSOR_KEY_ARN":    data.key.Key.KeyArn(),
		"STEP_UP_CLIENT_ID": users.stepUp.Client.Ref(),
	})
	data.orders.AllowQuery(orders.Role, ordersByCreation)
	data.key.AllowSealing(orders.Role, cursorPurpose)
	data.products.AllowLookUp(orders.Role, "ReadPrices", storage.BatchGet)
	data.orders.AllowLookUp(orders.Role, "ReadOrder", storage.Get)
	data.orders.AllowStore(orders.Role, "PlaceOrder", storage.Put)

	catalog := function("Catalog", "catalog", "The products for sale", map[string]*string{
		"PRODUCTS_TABLE": data.products.Table.TableName(),
	})
	data.products.AllowQuery(catalog.Role, productsForSale)

	customers := function("Customers", "customers", "Each customer's own profile and payment method", map[string]*string{
		"CUSTOMERS_TABLE":   data.customers.Table.TableName(),
		"USER_POOL_ID":      users.Pool.Ref(),
		"STEP_UP_CLIENT_ID": users.stepUp.Client.Ref(),
	})
	users.AllowLookUp(customers.Role)
	data.customers.AllowStore(customers.Role, "StorePaymentMethod", storage.Update)

	return handlers{orders: orders, catalog: catalog, customers: customers}
}
