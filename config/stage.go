package config

import (
	"slices"
	"time"
)

// DocumentationAccount is the account id that AWS uses in its documentation. Committed stages are pinned to it, so
// that the CDK CLI refuses to deploy them before somebody has entered an account of their own.
const DocumentationAccount = "111122223333"

// Purpose says what a stage is for, and so which rules it must keep.
type Purpose string

const (
	// Development stages may be deployed to whatever account the CLI's credentials name, allow http://localhost and
	// may lose everything.
	Development Purpose = "Development"
	// Rehearsal stages are pinned to an account and are otherwise free to be cheaper than production.
	Rehearsal Purpose = "Rehearsal"
	// Production stages hold customers: they retain, protect and require.
	Production Purpose = "Production"
)

// Stage is everything that may differ between two deployments of SecureCart identity.
type Stage struct {
	// Name is the stage's name in stack names, tags and `make deploy STAGE=<Name>`, such as "Dev". Required.
	Name string
	// Purpose selects the rules that the stage must keep. Required.
	Purpose Purpose
	// Account is the 12-digit AWS account. Empty only in Development without SES: the CLI's credentials decide.
	Account string
	// Region is the AWS Region, such as "eu-central-1". Required.
	Region string

	Protection Protection
	Web        Web
	Domain     Domain
	Users      Users
	Email      Email
	// OtherDomains are registrable domains, such as "securecart-mail.example", that the shop owns beside that of its
	// front end, and that Domain.Custom or Email.From belong to. None if empty.
	OtherDomains []string
	// Providers are the identity providers offered beside e-mail and password. None if empty.
	Providers []Provider
	Tokens    Tokens
	API       API
	Tables    Tables
	WebACL    WebACL
	Support   Support
	Alarms    Alarms
	Logs      Logs
	Delivery  Delivery
}

// ID is the stage's prefix in every stack name: "SecureCart-Dev".
func (s Stage) ID() string { return "SecureCart-" + s.Name }

// Protection says what survives a mistake. The zero value protects nothing, which only stages without customers may do.
type Protection struct {
	// Retain keeps user pool, identity pool, tables, buckets and key when their stack is deleted or they are replaced.
	Retain bool
	// DeletionProtection makes Cognito and DynamoDB refuse to delete the user pool and the tables.
	DeletionProtection bool
	// TerminationProtection makes CloudFormation refuse to delete the stacks.
	TerminationProtection bool
}

// Web is where the shop's front end lives.
type Web struct {
	// Origin is the only origin that may call the API and the buckets from a browser (CORS). Required.
	Origin string
	// CallbackURLs are where managed login may send a signed-in customer, with a code: pages at Origin. Required.
	CallbackURLs []string
	// LogoutURLs are where managed login may send a signed-out customer: pages at Origin. Required.
	LogoutURLs []string
}

// ReturnsToThisMachine reports whether managed login may send customers to a server on their own machine, as it must
// while a front end is being developed. Never in Production: rule 11.
func (w Web) ReturnsToThisMachine() bool {
	return slices.ContainsFunc(
		slices.Concat(w.CallbackURLs, w.LogoutURLs),
		func(raw string) bool { return loopback(hostOf(raw)) },
	)
}

// Domain is where managed login is served: exactly one of Prefix and Custom.
type Domain struct {
	// Prefix gives https://<prefix>.auth.<region>.amazoncognito.com. It is unique per Region across all AWS accounts.
	Prefix string
	// Custom is a domain of the shop's own, such as "auth.securecart.example". Its parent domain must have an A record.
	Custom string
	// CertificateARN is the ACM certificate for Custom. Cognito accepts certificates of us-east-1 only.
	CertificateARN string
}

// Email says who sends the user pool's messages. The zero value is Cognito's own sender, which is limited to a few
// messages a day.
type Email struct {
	// From is the sender's address, verified in SES.
	From string
	// FromName is shown beside From. Optional.
	FromName string
	// IdentityARN is the verified SES identity (an address or a domain) that From belongs to.
	IdentityARN string
}

// SES reports whether the stage sends its messages through Amazon SES.
func (e Email) SES() bool { return e.From != "" && e.IdentityARN != "" }

// Tokens are the lifetimes of what the Web client is issued. All are required.
type Tokens struct {
	// Access is the lifetime of access tokens, 5 to 60 minutes.
	Access time.Duration
	// ID is the lifetime of ID tokens, 5 to 60 minutes.
	ID time.Duration
	// Refresh is the lifetime of refresh tokens: longer than Access, at most 30 days, in Production at most a day.
	Refresh time.Duration
}

// API is how much the API takes. API Gateway counts each method of each path by itself, so that guests who browse
// cannot use up what checkout needs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
type API struct {
	// RateLimit is the steady number of requests per second of each method that customers call with a token. Required.
	RateLimit int
	// BurstLimit is the number of requests taken at once above the rate. Required.
	BurstLimit int
	// Guests limits each method that guests can call. Required.
	Guests Throttle
	// Preflights limits the browsers' OPTIONS requests, which carry no authentication, on each path. Required.
	Preflights Throttle
	// OwnsAccountLogging makes this stage provision the role with which API Gateway writes logs. There is one such
	// setting per account and Region: false where another stack owns it.
	OwnsAccountLogging bool
}

// Throttle is how many requests one method takes.
type Throttle struct {
	// Rate is the steady number of requests per second, at least 1.
	Rate int
	// Burst is the number of requests taken at once above the rate, at least Rate.
	Burst int
}

// Tables is how much each on-demand table takes. Further requests are throttled, and cost nothing.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
type Tables struct {
	// MaxReads is the maximum of read request units per second of each table. Required.
	MaxReads int
	// MaxWrites is the maximum of write request units per second of each table. Required.
	MaxWrites int
}

// Support is whom the roles of the support desk trust, in the stage's own account. A role that trusts nobody is not
// provisioned.
//
// An entry is an IAM user ("user/jane"), who must have signed in with MFA within the last hour, or the role of a
// permission set of IAM Identity Center, which asks for MFA itself ("role/aws-reserved/sso.amazonaws.com/…").
type Support struct {
	// Agents may find customers, sign them out, disable and enable them, and reset a second factor.
	Agents []string
	// PrivacyOfficers may export and erase what is held about a customer.
	PrivacyOfficers []string
}

// WebACL is how many requests one IP address may send in [WebACLWindow], by what they are for. AWS WAF refuses further
// ones until there are fewer again. All are required.
type WebACL struct {
	// API limits requests to the API: no more than the whole stage takes in that time.
	API int
	// SignIn limits requests to the user pool, those to managed login and those of the SDKs together.
	SignIn int
	// SignUp limits, among those, the ones that make accounts and ask for or enter codes: fewer than SignIn. Each may
	// send a message at the shop's cost, and tell who is a customer.
	SignUp int
}

// WebACLWindow is the time in which AWS WAF counts requests.
const WebACLWindow = 5 * time.Minute

// Alarms is who hears that something goes wrong, and when.
type Alarms struct {
	// Email is told of every alarm, once the subscription that AWS mails has been confirmed. May be empty in
	// Development: people who want to hear then subscribe to the topic.
	Email string
	// Pager is the address of a paging service, which wakes somebody when customers cannot sign in or buy. Required in
	// Production; elsewhere nobody is woken if empty.
	Pager string
	// Quiet are the pages whose alarms show on the dashboard and tell nobody. None if empty, as it must be in Production.
	Quiet []Runbook
	// Thresholds say when alarms start. Required.
	Thresholds Thresholds
	// Budget is what the stage may cost in a month. Required.
	Budget Budget
	// SMSSpendUSD is the spending on SMS in a calendar month, in US dollars, that alarms. It is that of the whole
	// account in the stage's Region, because AWS counts no other. Required where SMS is a factor, and heeded nowhere
	// else.
	SMSSpendUSD int
}

// Budget is what a stage may cost in a calendar month before somebody looks.
type Budget struct {
	// MonthlyUSD is the amount in US dollars, at least 1.
	MonthlyUSD int
	// ByTag counts the costs that carry the stage's tag "stage", and watches them for anomalies. The payer's account has
	// to activate the tag for cost allocation before the deploy. If false, the budget is that of the whole account.
	ByTag bool
}

// Logs is what is kept of what happened.
type Logs struct {
	// RetentionDays is how long every log group keeps its events, one of the numbers that CloudWatch Logs takes. In
	// Production at least 365 (PCI DSS 4.0.1, 10.5.1). Required.
	RetentionDays int
	// UserActivity also logs each sign-up, sign-in and password change with its risk; needs plan Plus.
	UserActivity bool
}
