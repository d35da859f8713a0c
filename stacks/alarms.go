package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/alarm"
	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/securityevents"
	"github.com/securecart/identity/constructs/webacl"
	"github.com/securecart/identity/lambda/contract"
)

// newAlarms adds the stage's alarms. test/alarms_test.go fails if a part of the stage is missing here.
func newAlarms(
	stack awscdk.Stack, cfg config.Stage, all all, events *securityevents.SecurityEvents, export *golambda.Function,
) {
	users, web, data, api := all.users, all.web, all.data, all.api
	function := func(id string, f *golambda.Function, kind alarm.Kind) alarm.Function {
		return alarm.Function{ID: id, Name: f.Name, Log: f.Log, Kind: kind, TimeoutSeconds: f.TimeoutSeconds}
	}
	tokens := function("Tokens", users.tokens, alarm.Trigger)
	tokens.SigningIn, tokens.Buying = true, true
	// Customers who recover a forgotten password also need this trigger.
	registration := function("Registration", users.registration, alarm.Trigger)
	registration.SigningIn = true
	orders := function("Orders", api.handlers.orders, alarm.Handler)
	orders.Buying = true
	catalog := function("Catalog", api.handlers.catalog, alarm.Handler)
	catalog.Buying = true

	alarm.New(stack, "Alarms", alarm.Props{
		StageID: cfg.ID(), StageName: cfg.Name, Alarms: cfg.Alarms, Key: users.logs.Key, Fallback: data.archive,
		Watched: alarm.Watched{
			Functions: []alarm.Function{
				tokens, registration, orders, catalog,
				function("Customers", api.handlers.customers, alarm.Handler),
				function("Links", api.handlers.links, alarm.Handler),
				function("Unconfirmed", users.unconfirmed, alarm.Scheduled),
				function("UserExport", export, alarm.Scheduled),
				function("SecurityEvents", events.Function, alarm.Keeper),
			},
			API: alarm.API{Name: api.rest.Name, Stage: api.rest.StageName, HighRisk: highRisk(api.handlers)},
			Pool: alarm.UserPool{
				ID: users.pool.ID,
				Clients: []alarm.Client{
					{Name: "Web", ID: web.client.ID, SigningIn: true},
					{Name: "StepUp", ID: users.stepUp.ID, Buying: true},
					{Name: "Account", ID: users.account.ID},
				},
				Providers: providerNames(cfg.Providers), ThreatProtection: cfg.Users.ThreatProtection != "",
			},
			Tables: tables(users, data),
			WebACLs: []alarm.WebACL{
				{ID: "UserPool", Metric: users.firewall.Metric, Log: users.firewall.Log, SignUpRule: webacl.SignUpRate},
				{ID: "Api", Metric: api.firewall.Metric, Log: api.firewall.Log},
			},
			Logs: alarm.Logs{API: api.rest.AccessLog, Pool: users.pool.Log},
			Record: alarm.Record{
				Function: events.Function.Name, Log: events.Function.Log, Rules: events.Rules, Undelivered: events.Undelivered,
			},
			SMS: cfg.Users.SendsSMS(), SES: cfg.Email.SES(),
		},
	})
}

// highRisk are the routes that require a stepped-up token.
func highRisk(h handlers) []alarm.Route {
	var routes []alarm.Route
	for _, r := range customerRoutes(h) {
		if r.Caller.SteppedUp() {
			routes = append(routes, alarm.Route{
				Method: r.Method, Path: r.Path, Buying: r.Method == "POST" && r.Path == "/orders",
			})
		}
	}
	return routes
}

// tables are all tables, with the operations that roles of the stage may use on them.
func tables(users *users, data *data) []alarm.Table {
	return []alarm.Table{
		{
			ID: "Proofs", Name: users.proofs.Name, SigningIn: true, Buying: true,
			Operations: []string{"DeleteItem", "GetItem", "UpdateItem"},
		},
		{
			ID: "Orders", Name: data.orders.Name, Buying: true,
			Operations: []string{"DeleteItem", "GetItem", "PutItem", "Query"},
		},
		{
			ID: "Products", Name: data.products.Name, Index: contract.ProductsForSale, Buying: true,
			Operations: []string{"BatchGetItem", "Query"},
		},
		{
			ID: "Customers", Name: data.customers.Name,
			Operations: []string{"DeleteItem", "GetItem", "UpdateItem"},
		},
		{
			ID: "Links", Name: data.links.Name,
			Operations: []string{"DeleteItem", "GetItem", "PutItem", "UpdateItem"},
		},
	}
}

// providerNames are the providers' names in Cognito.
func providerNames(providers []config.Provider) []string {
	names := make([]string, 0, len(providers))
	for _, p := range providers {
		names = append(names, p.ProviderName())
	}
	return names
}
