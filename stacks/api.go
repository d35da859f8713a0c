package stacks

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

func newAPI(stage awscdk.Stage, cfg config.Stage, users *users, data *data, builder *golambda.Builder) *restapi.API {
	stack := newStack(stage, cfg, "Api", "what browsers may ask of the shop")
	api := restapi.New(stack, "Shop", restapi.Props{
		Pool:      users.Pool,
		WebOrigin: cfg.Web.Origin,
		Limits:    cfg.API,
		Logs:      users.logs,
	})
	webacl.ForAPI(stack, "Firewall", webacl.APIProps{
		Stage: api.REST.DeploymentStage(), Limits: cfg.Firewall, Logs: users.logs,
	})
	for _, route := range routes(newHandlers(stack, cfg, users, data, builder)) {
		api.Add(route)
	}
	output(stack, "ApiUrl", api.REST.Url(), "Base URL of the API")
	return api
}

// handlers are the functions behind the routes.
type handlers struct{ orders, catalog, customers, links *golambda.Function }

// routes is the whole of the API, and who may call what.
func routes(h handlers) []restapi.Route {
	return []restapi.Route{
		{
			Method: "GET", Path: "/products", Caller: restapi.Signed(), Handler: h.catalog,
			Query: []string{"category", "limit", "cursor"},
		},
		{
			Method: "GET", Path: "/orders", Caller: restapi.CustomerWith(userpool.OrdersRead), Handler: h.orders,
			Query: []string{"limit", "cursor"},
		},
		{Method: "GET", Path: "/profile", Caller: restapi.CustomerWith(userpool.ProfileRead), Handler: h.customers},
		{Method: "GET", Path: "/links", Caller: restapi.CustomerWith(userpool.ProfileRead), Handler: h.links},
		{Method: "POST", Path: "/link-offers", Caller: restapi.CustomerWith(userpool.LinksOffer), Handler: h.links},
		{
			Method: "POST", Path: "/orders", Caller: restapi.SteppedUpWith(userpool.OrdersWrite), Handler: h.orders,
			Headers: []string{"Idempotency-Key"}, Body: checkout(),
		},
		{
			Method: "PUT", Path: "/profile", Caller: restapi.SteppedUpWith(userpool.ProfileWrite), Handler: h.customers,
			Body: profileChange(),
		},
		{
			Method: "PUT", Path: "/payment-method", Caller: restapi.SteppedUpWith(userpool.PaymentWrite),
			Handler: h.customers, Body: paymentMethod(),
		},
		{
			Method: "POST", Path: "/links", Caller: restapi.SteppedUpWith(userpool.LinksWrite), Handler: h.links,
			Body: linkRequest(),
		},
		{
			Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(userpool.LinksWrite), Handler: h.links,
			Query: []string{"provider"},
		},
	}
}

// newHandlers adds the functions and grants each what it needs: every Allow below is one permission.
func newHandlers(
	stack awscdk.Stack, cfg config.Stage, users *users, data *data, builder *golambda.Builder,
) handlers {
	function := func(id, name, description string, environment map[string]*string) *golambda.Function {
		environment[contract.WebOrigin] = jsii.String(cfg.Web.Origin)
		return golambda.New(stack, id, golambda.Props{
			Builder: builder, Name: name, Description: description, Environment: environment,
			Logs: users.logs,
		})
	}
	// Every function with a high-risk route has these.
	gated := func(environment map[string]*string) map[string]*string {
		environment[contract.StepUpClientID] = users.stepUp.Client.Ref()
		environment[contract.RequireACR] = jsii.String(strconv.FormatBool(cfg.Users.RequireACR))
		return environment
	}

	orders := function("Orders", "orders", "Each customer's own orders, and checkout", gated(map[string]*string{
		contract.OrdersTable:   data.orders.Table.TableName(),
		contract.ProductsTable: data.products.Table.TableName(),
		contract.CursorKeyARN:  data.key.Key.KeyArn(),
	}))
	data.orders.AllowQuery(orders.Role, contract.OrdersByCreation)
	data.key.AllowSealing(orders.Role, contract.CursorPurpose)
	data.products.AllowLookUp(orders.Role, "ReadPrices", storage.BatchGet)
	data.orders.AllowLookUp(orders.Role, "ReadOrder", storage.Get)
	data.orders.AllowWrite(orders.Role, "PlaceOrder", storage.Put)

	catalog := function("Catalog", "catalog", "The products for sale", map[string]*string{
		contract.ProductsTable: data.products.Table.TableName(),
	})
	data.products.AllowQuery(catalog.Role, contract.ProductsForSale)

	customers := function("Customers", "customers", "Each customer's own profile and payment method",
		gated(map[string]*string{contract.CustomersTable: data.customers.Table.TableName()}))
	data.customers.AllowLookUp(customers.Role, "ReadProfile", storage.Get)
	data.customers.AllowWrite(customers.Role, "StoreProfileAndPaymentMethod", storage.Update)

	links := function("Links", "links", "The providers that each customer has connected", gated(map[string]*string{
		contract.UserPoolID:    users.Pool.Ref(),
		contract.SecondFactors: jsii.String(secondFactors(cfg.Users)),
		contract.LinksTable:    data.links.Table.TableName(),
		contract.ProofsTable:   users.proofs.Table.TableName(),
	}))
	allowLinking(links.Role, users, data)
	return handlers{orders: orders, catalog: catalog, customers: customers, links: links}
}

// allowLinking grants what the function that connects accounts may do. No other role in the stage can link.
func allowLinking(role awsiam.Role, users *users, data *data) {
	users.Allow(role, "LookUpUsers", userpool.LookUp)
	users.Allow(role, "RemoveFederatedProfiles", userpool.Delete)
	users.Allow(role, "LinkIdentities", userpool.Link)
	users.Allow(role, "UnlinkIdentities", userpool.Unlink)
	data.links.AllowLookUp(role, "ReadLinks", storage.Get)
	data.links.AllowWrite(role, "RecordOffers", storage.Put)
	data.links.AllowWrite(role, "ClaimLinks", storage.Update)
	data.links.AllowWrite(role, "RemoveLinks", storage.Remove)
	users.proofs.AllowLookUpOf(role, "ReadTrust",
		contract.CustomerID, contract.FactorTrustedAt, contract.FactorKind, contract.FactorSuspendedAt)
}
