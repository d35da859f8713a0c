package costs

import (
	"math"
	"slices"

	"github.com/securecart/identity/config"
)

const (
	gigabyte        = 1e9
	secondsPerMonth = 730 * 3600
	daysPerMonth    = 30.4
	// keyCallsPerTable is how often DynamoDB asks for the key of a table in a month: every five minutes, if it is used.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
	keyCallsPerTable = secondsPerMonth / 300
)

// month is what the customers of a stage do in a month.
type month struct {
	users float64

	products, reads, buys, changes float64
	signIns, stepUps, mails        float64
}

func monthOf(users float64) month {
	m := month{
		users:    users,
		products: users * (visits.Value + guestVisits.Value) * productPages.Value,
		reads:    users * ownPages.Value,
		buys:     users * purchases.Value,
		changes:  users * changes.Value,
	}
	m.stepUps = m.buys + m.changes + users*accountWork.Value
	m.signIns = users*visits.Value*(1+refreshes.Value) + m.stepUps
	m.mails = users * (signUps.Value + recoveries.Value + accountWork.Value) * resent.Value
	return m
}

// requests to the API that reach a function.
func (m month) requests() float64 { return m.products + m.reads + m.buys + m.changes }

// calls to the API, browsers' preflights included.
func (m month) calls() float64 { return m.requests() * (1 + preflights.Value) }

// kept are the objects that the record of changes gets of what users do: at most one for each sign-in.
func (s Stage) kept(m month) float64 {
	if !s.Config.Logs.UserActivity {
		return 0
	}
	return m.signIns
}

// runs of functions: one for each request, one trigger for each sign-in, two for each new account.
func (m month) runs() float64 { return m.requests() + m.signIns + 2*m.users*signUps.Value }

// Usage returns what a month with this many monthly active users costs, beyond what the stage costs at rest.
func (s Stage) Usage(users float64) Bill {
	m := monthOf(users)
	items := slices.Concat(s.people(m), s.messages(m), s.work(m), s.data(m), s.watching(m))
	return billOf(items)
}

func (s Stage) people(m month) []Item {
	plan := map[config.Plan]*Price{config.Essentials: essentialsMAU, config.Plus: plusMAU}[s.Config.Users.Plan]
	federated := 0.0
	if slices.ContainsFunc(s.Config.Providers, func(p config.Provider) bool {
		return p.Kind == config.OIDC || p.Kind == config.SAML
	}) {
		federated = m.users * federatedShare.Value
	}
	return []Item{{plan, m.users - federated}, {federatedMAU, federated}}
}

func (s Stage) messages(m month) []Item {
	var items []Item
	if s.Config.Email.SES() {
		items = append(items, Item{email, m.mails})
	}
	if s.Config.Users.SendsSMS() {
		items = append(items, Item{sms, (m.users*visits.Value + m.stepUps) * smsShare.Value})
	}
	return items
}

// work is what requests and sign-ins make the stage do.
func (s Stage) work(m month) []Item {
	return []Item{
		{apiCall, m.calls()},
		{webACLCall, m.calls() + m.signIns*userPoolCalls.Value},
		{lambdaRun, m.runs() + s.kept(m)},
		{lambdaTime, (m.runs() + s.kept(m)) * runSeconds.Value * s.memory()},
		{bucketWrite, s.kept(m)},
		{transfer, (m.requests()*answerBytes.Value + m.loaded()*pictureBytes.Value) / gigabyte},
		{bucketRead, m.loaded()},
	}
}

// loaded pictures.
func (m month) loaded() float64 { return m.users * (visits.Value + guestVisits.Value) * pictures.Value }

// memory of a function in GB, on average.
func (s Stage) memory() float64 {
	functions, megabytes := 0.0, 0.0
	for _, stack := range s.Synthesized.Stacks {
		for _, function := range stack.Template.OfType("AWS::Lambda::Function") {
			size, _ := function.Properties["MemorySize"].(float64)
			functions, megabytes = functions+1, megabytes+size
		}
	}
	return megabytes / functions / 1024
}

// months that logs are kept.
func (s Stage) months() float64 { return float64(s.Config.Logs.RetentionDays) / daysPerMonth }

func (s Stage) data(m month) []Item {
	stored := (m.buys*monthsOfOrders.Value*bytesPerOrder.Value + m.users*bytesPerAccount.Value) / gigabyte
	return []Item{
		{tableRead, m.products*productReads.Value + m.reads*ownReads.Value + m.buys*purchaseReads.Value +
			m.stepUps*signInReads.Value},
		{tableWrite, m.buys*purchaseWrites.Value + m.changes*changeWrites.Value},
		{tableStorage, stored},
		{tableRecovery, stored},
		{bucketStorage, m.loaded() * bucketLogBytes.Value * s.months() / gigabyte},
		{keyCall, s.count("AWS::DynamoDB::Table") * keyCallsPerTable},
	}
}

// watching is what logs, metrics and traces cost.
func (s Stage) watching(m month) []Item {
	bytes := m.calls()*(accessLogBytes.Value+firewallBytes.Value) + m.runs()*runLogBytes.Value +
		m.signIns*userPoolCalls.Value*firewallBytes.Value
	if s.Config.Logs.UserActivity {
		bytes += m.signIns * activityBytes.Value
	}
	kept := bytes * compression.Value * s.months()
	beyond := math.Max(0, m.runs()-secondsPerMonth)
	return []Item{
		{logs, bytes / gigabyte},
		{logStorage, kept / gigabyte},
		{customMetric, s.count("AWS::ApiGateway::Method") * methodMetrics.Value},
		{trace, math.Min(m.runs(), secondsPerMonth) + beyond*tracedShare.Value},
	}
}
