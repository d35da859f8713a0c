package config

// Threshold is a number at which an alarm starts, and the reason for it.
type Threshold struct {
	// Value is above 0, in the unit that the field of Thresholds names. Required.
	Value float64
	// Why is the reason; the alarm's description shows it. Required.
	Why string
}

// Thresholds are the numbers at which alarms start. All are required.
type Thresholds struct {
	// TriggerErrorsPercent is the share of a trigger's runs in a minute that fail.
	TriggerErrorsPercent Threshold
	// HandlerErrorsPercent is the share of any other function's runs in a minute that fail.
	HandlerErrorsPercent Threshold
	// TriggerDurationPercent is the 99th percentile of a trigger's run time, in percent of its time-out.
	TriggerDurationPercent Threshold
	// HandlerDurationPercent is the 99th percentile of any other function's run time, in percent of its time-out.
	HandlerDurationPercent Threshold
	// FunctionThrottles is how many runs of a function Lambda refuses in a minute.
	FunctionThrottles Threshold
	// ConcurrentRuns is how many runs of one function are under way at once.
	ConcurrentRuns Threshold

	// ServerErrorsPercent is the share of all requests in a minute that the API answers with 5xx.
	ServerErrorsPercent Threshold
	// RouteErrorsPercent is that share among the requests of one high-risk route.
	RouteErrorsPercent Threshold
	// ClientErrorsPercent is the share of requests in five minutes that the API answers with 4xx, if there are at least
	// Requests.
	ClientErrorsPercent Threshold
	// Requests is how many requests in five minutes a share needs to be meaningful.
	Requests Threshold
	// LatencyMilliseconds is the 99th percentile of the time that requests wait for their answer.
	LatencyMilliseconds Threshold

	// SignIns is how many sign-ins at one client fail in five minutes, with none that succeeds, before the alarm concludes
	// that nobody can sign in.
	SignIns Threshold
	// SignInFailuresPercent is the share of sign-ins at one client in five minutes that fail, if there are at least
	// SignIns.
	SignInFailuresPercent Threshold
	// PoolThrottles is how many requests of one category the user pool refuses in five minutes, for all clients.
	PoolThrottles Threshold
	// SignUps is how many accounts are requested in five minutes.
	SignUps Threshold
	// FederationFailuresPercent is the share of sign-ins with one provider in five minutes that fail, if there are at
	// least SignIns.
	FederationFailuresPercent Threshold
	// RiskySignIns is how many sign-ins in five minutes threat protection rates as account takeover.
	RiskySignIns Threshold
	// LeakedPasswords is how many sign-ins in five minutes use a password that threat protection knows from a leak.
	LeakedPasswords Threshold

	// TableThrottles is how many reads, or writes, of one table DynamoDB refuses in a minute.
	TableThrottles Threshold
	// TableSystemErrors is how many requests to one table DynamoDB fails in a minute.
	TableSystemErrors Threshold

	// BlockedPercent is the share of requests in five minutes that a web ACL refuses, if there are at least Requests.
	BlockedPercent Threshold
	// BlockedSignUps is how many requests the web ACL blocks in five minutes by its limit on sign-ups and codes per
	// address.
	BlockedSignUps Threshold

	// AuthorizerFailures is for how many requests in five minutes API Gateway cannot verify the token.
	AuthorizerFailures Threshold
	// UnloggedRequests is how many requests are served in five minutes in which the access log receives no event.
	UnloggedRequests Threshold
	// BouncePercent is SES's bounce rate of the account's e-mail.
	BouncePercent Threshold
	// ComplaintPercent is SES's complaint rate of the account's e-mail.
	ComplaintPercent Threshold
	// UndeliveredMessages is how many messages in five minutes the user pool cannot deliver.
	UndeliveredMessages Threshold
	// KMSCallsPerSecond is how many symmetric cryptographic operations a second the account uses in the Region.
	KMSCallsPerSecond Threshold
}

// thresholds are those of a shop that customers use. A stage may replace any, with its own reason.
func thresholds() Thresholds {
	return Thresholds{
		TriggerErrorsPercent:   Threshold{1, "a trigger that fails is a customer who is not let in"},
		HandlerErrorsPercent:   Threshold{5, "a front end repeats a read that failed once; one in twenty is no accident"},
		TriggerDurationPercent: Threshold{60, "Cognito gives up after 5 s and asks again, and the time-out is 4 s"},
		HandlerDurationPercent: Threshold{80, "the next slow answer would be cut off, and the order with it"},
		FunctionThrottles:      Threshold{1, "a run that Lambda refuses is a request that failed"},
		ConcurrentRuns:         Threshold{400, "the account's quota is 1,000 by default, for all functions of all stages"},

		ServerErrorsPercent: Threshold{2, "the shop answers for every 5xx; fewer are single failures of AWS"},
		RouteErrorsPercent:  Threshold{2, "each is a purchase or a change of an account that did not happen"},
		ClientErrorsPercent: Threshold{40, "a shop in use has few; more is a front end that broke, or somebody who probes"},
		Requests:            Threshold{50, "of fewer requests one customer with an old token is a large share"},
		LatencyMilliseconds: Threshold{3000, "customers leave; a cold start of these functions takes well below a second"},

		SignIns:               Threshold{10, "ten failures in a row are not ten people who forgot their passwords"},
		SignInFailuresPercent: Threshold{60, "people mistype; with most sign-ins wrong, somebody tries passwords"},
		PoolThrottles: Threshold{
			5, "SDKs repeat what is throttled, so some are hidden from customers; a run of them is not",
		},
		SignUps:                   Threshold{100, "one every three seconds, and each sends a mail"},
		FederationFailuresPercent: Threshold{50, "people change their minds at the provider's page; half of them do not"},
		RiskySignIns:              Threshold{5, "one is a customer on a journey; five at once are a list of passwords"},
		LeakedPasswords:           Threshold{10, "passwords leak all the time; ten at once are somebody who tries them"},

		TableThrottles:    Threshold{5, "the SDK repeats a throttled request three times, so few reach a customer"},
		TableSystemErrors: Threshold{5, "the SDK repeats these, too"},

		BlockedPercent: Threshold{30, "a shop in use is refused little; a third is an attack, or a rule that hits customers"},
		BlockedSignUps: Threshold{20, "an office behind one address has a few; more is a machine"},

		AuthorizerFailures:  Threshold{3, "it is no token's fault: API Gateway did not reach the pool"},
		UnloggedRequests:    Threshold{20, "an event comes within minutes of its request; twenty without one are lost"},
		BouncePercent:       Threshold{3, "SES reviews an account at 5 %, and pauses it at 10 %"},
		ComplaintPercent:    Threshold{0.08, "SES reviews an account at 0.1 %, and pauses it at 0.5 %"},
		UndeliveredMessages: Threshold{3, "each is a customer who waits for a code"},
		KMSCallsPerSecond:   Threshold{8000, "the quota is at least 10,000 a second in every Region"},
	}
}

// developmentThresholds are those of a stage without customers, where tests make requests fail on purpose.
func developmentThresholds() Thresholds {
	t := thresholds()
	t.ClientErrorsPercent = Threshold{80, "the end-to-end tests are mostly attacks that are refused"}
	t.Requests = Threshold{200, "a run of the end-to-end tests has fewer in five minutes"}
	t.SignInFailuresPercent = Threshold{90, "the end-to-end tests sign in wrongly on purpose"}
	t.SignUps = Threshold{300, "developers' tests sign up many customers"}
	t.BlockedSignUps = Threshold{100, "the end-to-end tests run into the limit on purpose"}
	t.ConcurrentRuns = Threshold{5, "a new account's quota is 10"}
	return t
}
