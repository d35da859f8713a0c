package alarm

// graph shows several series.
type graph struct {
	title  string
	series []metric
}

// row is a question that the dashboard answers: by the states of alarms first, then by graphs.
type row struct {
	title string
	// alarms are the ids of those whose state is shown.
	alarms []string
	graphs []graph
}

// rows are all of the dashboard.
func (w Watched) rows(region string, alarms []definition) []row {
	stopping := func(kind outage) []string {
		var ids []string
		for _, d := range alarms {
			if d.stops&kind != 0 {
				ids = append(ids, d.id)
			}
		}
		return ids
	}
	return []row{
		{"Sign-in", stopping(signingIn), w.signInFunnel()},
		{"Checkout", stopping(buying), w.checkoutFunnel()},
		{"Errors", nil, w.errors(region)},
		{"Latency", nil, w.latency()},
		{"Cost drivers", nil, w.costs(region)},
		{"Quotas", nil, w.quotas()},
	}
}

// signInFunnel shows sign-ins and sign-ups, tried and succeeded.
func (w Watched) signInFunnel() []graph {
	var tried, succeeded []metric
	for _, c := range w.Pool.Clients {
		tried = append(tried, w.Pool.metric(c.Name, "SignInSuccesses", c, "SampleCount"))
		succeeded = append(succeeded, w.Pool.metric(c.Name, "SignInSuccesses", c, "Sum"))
	}
	first := w.Pool.Clients[0]
	ups := []metric{
		w.Pool.metric("tried", "SignUpSuccesses", first, "SampleCount"),
		w.Pool.metric("succeeded", "SignUpSuccesses", first, "Sum"),
	}
	for _, provider := range w.Pool.Providers {
		for _, m := range w.Pool.federated(provider) {
			m.id = provider + " " + m.id
			ups = append(ups, m)
		}
	}
	return []graph{
		{"Sign-ins tried, by client", tried}, {"Sign-ins that succeeded, by client", succeeded},
		{"Sign-ups, and sign-ins with providers", ups},
	}
}

// checkoutFunnel shows step-ups, orders, and the functions that serve them.
func (w Watched) checkoutFunnel() []graph {
	var steps, ordered, functions []metric
	for _, c := range w.Pool.Clients {
		if c.Buying {
			steps = append(steps,
				w.Pool.metric(c.Name+" tried", "SignInSuccesses", c, "SampleCount"),
				w.Pool.metric(c.Name+" succeeded", "SignInSuccesses", c, "Sum"))
		}
	}
	for _, r := range w.API.HighRisk {
		route := [][2]string{{"Method", r.Method}, {"Resource", r.Path}}
		ordered = append(ordered,
			w.API.metric(r.ID()+" requests", "Count", "Sum", route...), w.API.metric(r.ID()+" 5xx", "5XXError", "Sum", route...))
	}
	for _, f := range w.Functions {
		if f.Buying {
			functions = append(functions,
				f.metric(f.ID+" runs", "Invocations", "Sum"),
				f.metric(f.ID+" errors", "Errors", "Sum"))
		}
	}
	return []graph{{"Step-ups", steps}, {"High-risk routes", ordered}, {"Functions that buying needs", functions}}
}

// errors shows failures by part.
func (w Watched) errors(region string) []graph {
	var functions, tables, blocked []metric
	for _, f := range w.Functions {
		functions = append(functions, f.metric(f.ID, "Errors", "Sum"))
	}
	for _, t := range w.Tables {
		tables = append(tables,
			t.metric(t.ID+" reads", "ReadThrottleEvents", nil),
			t.metric(t.ID+" writes", "WriteThrottleEvents", nil))
	}
	for _, acl := range w.WebACLs {
		blocked = append(blocked, acl.metric(region, acl.ID, "BlockedRequests", "ALL"))
	}
	return []graph{
		{"Failed runs, by function", functions},
		{"API", []metric{
			w.API.metric("requests", "Count", "Sum"),
			w.API.metric("4xx", "4XXError", "Sum"),
			w.API.metric("5xx", "5XXError", "Sum"),
		}},
		{"Refused by tables", tables}, {"Refused by web ACLs", blocked},
	}
}

// latency shows how long customers wait, and for what.
func (w Watched) latency() []graph {
	var functions []metric
	for _, f := range w.Functions {
		functions = append(functions, f.metric(f.ID, "Duration", "p99"))
	}
	return []graph{
		{"API, in milliseconds", []metric{
			w.API.metric("half", "Latency", "p50"), w.API.metric("slowest hundredth", "Latency", "p99"),
		}},
		{"Slowest hundredth of runs, in milliseconds", functions},
	}
}

// costs shows what is billed by use.
func (w Watched) costs(region string) []graph {
	var runs, units, requests []metric
	for _, f := range w.Functions {
		runs = append(runs, f.metric(f.ID, "Invocations", "Sum"))
	}
	for _, t := range w.Tables {
		units = append(units,
			t.metric(t.ID+" reads", "ConsumedReadCapacityUnits", nil),
			t.metric(t.ID+" writes", "ConsumedWriteCapacityUnits", nil))
	}
	for _, acl := range w.WebACLs {
		requests = append(requests, acl.metric(region, acl.ID+" allowed", "AllowedRequests", "ALL"))
	}
	requests = append(requests, w.API.metric("API", "Count", "Sum"))
	graphs := []graph{{"Requests", requests}, {"Runs", runs}, {"Read and write units", units}}
	if w.SES {
		graphs = append(graphs, graph{"E-mail of the account", []metric{
			{"bounces", "AWS/SES", "Reputation.BounceRate", nil, "Average"},
			{"complaints", "AWS/SES", "Reputation.ComplaintRate", nil, "Average"},
		}})
	}
	if w.SMS {
		graphs = append(graphs, graph{"SMS of the account this month, in US dollars", []metric{spent}})
	}
	return graphs
}

// quotas shows what counts against quotas of the account.
func (w Watched) quotas() []graph {
	var concurrent, throttled []metric
	for _, f := range w.Functions {
		concurrent = append(concurrent, f.metric(f.ID, "ConcurrentExecutions", "Maximum"))
	}
	for _, c := range w.Pool.Clients {
		for _, category := range categories {
			throttled = append(throttled, w.Pool.metric(c.Name+" "+category.says, category.name+"Throttles", c, "Sum"))
		}
	}
	return []graph{
		{"Runs under way", concurrent}, {"Throttled by the user pool", throttled},
		{"Calls of KMS a minute", []metric{kmsCalls}},
	}
}
