package config

import (
	"slices"
	"time"
)

// DocumentationAccount is the account id that AWS uses in its documentation. Committed stages are pinned to it, so that
// the CDK CLI refuses to deploy them until a real account is entered.
const DocumentationAccount = "111122223333"

// Purpose is what a stage is for. It selects the rules that the stage must keep.
type Purpose string

const (
	// Development stages may leave their account to the CLI's credentials, allow http://localhost and may lose all data.
	Development Purpose = "Development"
	// Rehearsal stages are pinned to an account and are otherwise free to be cheaper than production.
	Rehearsal Purpose = "Rehearsal"
	// Production stages hold customers: data must be retained and protected, and a second factor offered.
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
	// Replica is a second Region, such as "eu-west-1", that holds a copy of the user pool. The copy is inactive: where
	// Region fails, an operator activates it (docs/runbooks/region-down.md). Customers then sign in there, by password,
	// code, provider or, with a custom domain, passkey, and keep their accounts. Nobody signs up, buys or changes anything
	// until Region is back, and nobody whose second factor is an authenticator app signs in. Cognito charges for every
	// active user. None if empty.
	Replica string

	Protection Protection
	Web        Web
	Domain     Domain
	Users      Users
	Email      Email
	// OtherDomains are further registrable domains that the shop owns, such as "securecart-mail.example", for
	// Domain.Custom or Email.From. None if empty.
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
	// SecurityEvents says what becomes of the record of who changed the stage.
	SecurityEvents SecurityEvents
	// UserExports says how long the daily exports of the user pool are kept.
	UserExports UserExports
	Delivery    Delivery
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

// ReturnsToThisMachine reports whether managed login may send customers to a server on their own machine, which the
// development of a front end needs. Production never may: rule 11.
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

// Email is the sender of the user pool's messages. The zero value is Cognito's own sender, which is limited to a few
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

// Tokens are the lifetimes of the Web client's tokens. All are required.
type Tokens struct {
	// Access is the lifetime of access tokens, 5 to 60 minutes.
	Access time.Duration
	// ID is the lifetime of ID tokens, 5 to 60 minutes.
	ID time.Duration
	// Refresh is the lifetime of refresh tokens: longer than Access, at most 30 days, in Production at most a day.
	Refresh time.Duration
}

// API is the rate limits of the API. API Gateway limits each method of each path by itself, so that guests who browse
// cannot use up the requests that checkout needs.
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
	// OwnsAccountLogging makes this stage provision the role with which API Gateway writes logs. This setting exists once
	// per account and Region: set false where another stack owns it.
	OwnsAccountLogging bool
}

// Throttle is the rate limit of one method.
type Throttle struct {
	// Rate is the steady number of requests per second, at least 1.
	Rate int
	// Burst is the number of requests taken at once above the rate, at least Rate.
	Burst int
}

// Tables limits the throughput of each on-demand table. Requests beyond it are throttled and cost nothing.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
type Tables struct {
	// MaxReads is the maximum of read request units per second of each table. Required.
	MaxReads int
	// MaxWrites is the maximum of write request units per second of each table. Required.
	MaxWrites int
}

// Support lists the principals of the stage's own account that may assume the support desk's roles. A role without an
// entry is not provisioned.
//
// An entry is an IAM user ("user/jane"), who must have signed in with MFA within the last hour, or the role of a
// permission set of IAM Identity Center, which asks for MFA itself ("role/aws-reserved/sso.amazonaws.com/…").
type Support struct {
	// Agents may find customers, sign them out, disable and enable them, and reset a second factor.
	Agents []string
	// PrivacyOfficers may export and erase what is held about a customer.
	PrivacyOfficers []string
}

// WebACL is how many requests of each kind one IP address may send in [WebACLWindow]. AWS WAF blocks further requests
// until the count falls below the limit again. All are required.
type WebACL struct {
	// API limits requests to the API. It must not exceed what the whole stage accepts in that time.
	API int
	// SignIn limits all requests to the user pool: managed login and SDKs together.
	SignIn int
	// SignUp limits the requests among them that create accounts, and that request or enter codes. It must be below
	// SignIn. Each such request may send a message at the shop's cost, or tell whether somebody is a customer.
	SignUp int
}

// WebACLWindow is the time in which AWS WAF counts requests.
const WebACLWindow = 5 * time.Minute

// Alarms says when alarms start and who is notified.
type Alarms struct {
	// Email is notified of every alarm, once the subscription that AWS mails is confirmed. It may be empty in Development:
	// developers can subscribe to the topic themselves.
	Email string
	// Pager is the address of a paging service, notified when customers cannot sign in or buy. Required in Production;
	// elsewhere nobody is paged if it is empty.
	Pager string
	// Quiet are the runbooks whose alarms notify nobody and only show on the dashboard. Must be empty in Production.
	Quiet []Runbook
	// Thresholds say when alarms start. Required.
	Thresholds Thresholds
	// Budget is what the stage may cost in a month. Required.
	Budget Budget
	// SMSSpendUSD is the spending on SMS in a calendar month, in US dollars, at which an alarm starts. AWS counts it per
	// account and Region, so other stages there count too. Required where SMS is a factor, ignored elsewhere.
	SMSSpendUSD int
}

// Budget is what a stage may cost in a calendar month before people are notified.
type Budget struct {
	// MonthlyUSD is the amount in US dollars, at least 1.
	MonthlyUSD int
	// ByTag counts only costs with the stage's tag "stage", and watches them for anomalies. The payer's account must
	// activate the tag for cost allocation before the deploy. If false, the budget counts the whole account.
	ByTag bool
}

// Logs says what is logged and how long logs are retained.
type Logs struct {
	// RetentionDays is how long every log group retains its events, one of the numbers that CloudWatch Logs accepts. In
	// Production at least 365 (PCI DSS 4.0.1, 10.5.1). Required.
	RetentionDays int
	// UserActivity also logs each sign-up, sign-in and password change with its risk; needs plan Plus.
	UserActivity bool
}

// UserExports is how the daily exports of the user pool are kept, from which users can be created again: AWS keeps no
// copy of a pool.
type UserExports struct {
	// LockDays is how long nobody can delete an export, and how long it is kept: 1 to 35, in Production at least 7, so
	// that one of before the damage is there when somebody notices. An erased customer is in exports for as long; 35 days
	// is how long tables can be restored, too. Required.
	LockDays int
}

// SecurityEvents is how the record of changes is kept: who changed the user pool, roles, keys, functions, and what the
// support desk did.
type SecurityEvents struct {
	// LockDays is how long nobody can delete what was recorded, and how long it is kept: 1 to 3650, in Production at
	// least 365 (PCI DSS 4.0.1, 10.5.1). What customers did is in it where Logs.UserActivity is set, and erasing a
	// customer does not reach it. Required.
	LockDays int
	// Email is told of changes that did not come through the pipeline, once the subscription that AWS mails has been
	// confirmed. May be empty in Development.
	Email string
}
