package stacks

import (
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/restapi"
	"github.com/securecart/identity/constructs/storage"
	"github.com/securecart/identity/constructs/userpool"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

// api holds the parts of the API that other stacks grant and monitor.
type api struct {
	rest     *restapi.API
	handlers handlers
	firewall *webacl.WebACL
	// browse is the one method that guests may call.
	browse *restapi.Method
}

func newAPI(stage awscdk.Stage, cfg config.Stage, users *users, data *data, builder *golambda.Builder) *api {
	stack := newStack(stage, cfg, "Api", "what browsers may ask of the shop")
	rest := restapi.New(stack, "Shop", restapi.Props{
		Pool:      users.pool,
		WebOrigin: cfg.Web.Origin,
		API:       cfg.API,
		Logs:      users.logs,
	})
	firewall := webacl.NewForAPI(stack, "Firewall", webacl.APIProps{
		StageARN: rest.StageARN, WebACL: cfg.WebACL, Logs: users.logs,
	})
	handlers := newHandlers(stack, cfg, users, data, builder)
	methods := rest.Add(append([]restapi.Route{browseRoute(handlers)}, customerRoutes(handlers)...)...)
	output(stack, "ApiUrl", rest.URL, "Base URL of the API")
	return &api{rest, handlers, firewall, methods[0]}
}

// handlers are the functions behind the routes.
type handlers struct{ orders, catalog, customers, links *golambda.Function }

// browseRoute is the one route that needs no token.
func browseRoute(h handlers) restapi.Route {
	return restapi.Route{
		Method: "GET", Path: "/products", Caller: restapi.Signed(), Handler: h.catalog,
		Query: []string{"category", "limit", "cursor"},
	}
}

// customerRoutes are all other routes and their callers.
func customerRoutes(h handlers) []restapi.Route {
	return []restapi.Route{
		{
			Method: "GET", Path: "/orders", Caller: restapi.CustomerWith(contract.OrdersRead), Handler: h.orders,
			Query: []string{"limit", "cursor"},
		},
		{Method: "GET", Path: "/profile", Caller: restapi.CustomerWith(contract.ProfileRead), Handler: h.customers},
		{Method: "GET", Path: "/links", Caller: restapi.CustomerWith(contract.ProfileRead), Handler: h.links},
		{Method: "POST", Path: "/link-offers", Caller: restapi.CustomerWith(contract.LinksOffer), Handler: h.links},
		{
			Method: "POST", Path: "/orders", Caller: restapi.SteppedUpWith(contract.OrdersWrite), Handler: h.orders,
			Headers: []string{"Idempotency-Key"}, Body: checkout(),
		},
		{
			Method: "PUT", Path: "/profile", Caller: restapi.SteppedUpWith(contract.ProfileWrite), Handler: h.customers,
			Body: profileChange(),
		},
		{
			Method: "PUT", Path: "/payment-method", Caller: restapi.SteppedUpWith(contract.PaymentWrite),
			Handler: h.customers, Body: paymentMethod(),
		},
		{
			Method: "POST", Path: "/links", Caller: restapi.SteppedUpWith(contract.LinksWrite), Handler: h.links,
			Body: linkRequest(),
		},
		{
			Method: "DELETE", Path: "/links", Caller: restapi.SteppedUpWith(contract.LinksWrite), Handler: h.links,
			Query: []string{"provider"},
		},
	}
}

// newHandlers adds the functions with their permissions: every Allow below is one permission.
func newHandlers(
	stack awscdk.Stack, cfg config.Stage, users *users, data *data, builder *golambda.Builder,
) handlers {
	function := func(
		id, name, description string, environment map[string]string, grants ...iamrole.Grants,
	) *golambda.Function {
		environment[contract.WebOrigin] = cfg.Web.Origin
		return golambda.New(stack, id, golambda.Props{
			Builder: builder, Name: name, Description: description, Environment: environment,
			Logs: users.logs, Grants: grants,
		})
	}
	// Every function with a high-risk route needs these variables.
	gated := func(environment map[string]string) map[string]string {
		environment[contract.StepUpClientID] = users.stepUp.ID
		environment[contract.RequireACR] = strconv.FormatBool(cfg.Users.RequireACR)
		return environment
	}
	return handlers{
		orders: function("Orders", "orders", "Each customer's own orders, and checkout",
			gated(map[string]string{
				contract.OrdersTable:   data.orders.Name,
				contract.ProductsTable: data.products.Name,
				contract.CursorKeyARN:  data.key.ARN,
			}),
			data.orders.AllowQuery(contract.OrdersByCreation),
			data.key.AllowSealing(contract.CursorPurpose),
			data.products.AllowLookUp("ReadPrices", storage.BatchGet),
			data.orders.AllowLookUp("ReadOrder", storage.Get),
			data.orders.AllowWrite("PlaceOrder", storage.Put)),

		catalog: function("Catalog", "catalog", "The products for sale",
			map[string]string{contract.ProductsTable: data.products.Name},
			data.products.AllowQuery(contract.ProductsForSale)),

		customers: function("Customers", "customers", "Each customer's own profile and payment method",
			gated(map[string]string{contract.CustomersTable: data.customers.Name}),
			data.customers.AllowLookUp("ReadProfile", storage.Get),
			data.customers.AllowWrite("StoreProfileAndPaymentMethod", storage.Update)),

		links: function("Links", "links", "The providers that each customer has connected",
			gated(map[string]string{
				contract.UserPoolID:    users.pool.ID,
				contract.SecondFactors: secondFactors(cfg.Users),
				contract.LinksTable:    data.links.Name,
				contract.ProofsTable:   users.proofs.Name,
			}),
			linking(users, data)...),
	}
}

// linking are the permissions of the function that connects accounts. No other role of the stage can link.
func linking(users *users, data *data) []iamrole.Grants {
	return []iamrole.Grants{
		users.pool.Allow("LookUpUsers", userpool.LookUp),
		users.pool.Allow("RemoveFederatedProfiles", userpool.Delete),
		users.pool.Allow("LinkIdentities", userpool.Link),
		users.pool.Allow("UnlinkIdentities", userpool.Unlink),
		data.links.AllowLookUp("ReadLinks", storage.Get),
		data.links.AllowWrite("RecordOffers", storage.Put),
		data.links.AllowWrite("ClaimLinks", storage.Update),
		data.links.AllowWrite("RemoveLinks", storage.Remove),
		users.proofs.AllowLookUpOf("ReadTrust",
			contract.CustomerID, contract.FactorTrustedAt, contract.FactorKind, contract.FactorSuspendedAt),
	}
}
