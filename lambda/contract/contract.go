// Package contract holds the names that stacks and functions must agree on: scopes, environment variables, table keys
// and attributes. It imports nothing, so that both sides can import it. Take a name from here instead of writing it
// again: two spellings compile and fail only at run time.
package contract

// ResourceServer is the identifier of the API in the user pool.
const ResourceServer = "securecart"

// The scopes of the API.
const (
	// OrdersRead lets customers read their own orders.
	OrdersRead = ResourceServer + "/orders.read"
	// OrdersWrite lets customers check out. High-risk.
	OrdersWrite = ResourceServer + "/orders.write"
	// ProfileRead lets customers read their own profile, and which providers are connected.
	ProfileRead = ResourceServer + "/profile.read"
	// ProfileWrite lets customers change their own profile. High-risk.
	ProfileWrite = ResourceServer + "/profile.write"
	// PaymentWrite lets customers change their own payment method. High-risk.
	PaymentWrite = ResourceServer + "/payment.write"
	// LinksOffer lets customers of a provider offer it for connecting. The offer alone connects nothing.
	LinksOffer = ResourceServer + "/links.offer"
	// LinksWrite lets customers connect and disconnect providers. High-risk.
	LinksWrite = ResourceServer + "/links.write"
	// Admin is Cognito's own scope: it lets users change their own account at the user pool, above all factors and
	// password.
	Admin = "aws.cognito.signin.user.admin"
)

// Scope is a scope of the API. Allows is its description in the user pool.
type Scope struct{ Name, Allows string }

// Scopes are all scopes of the API, in the order of the resource server. No client can obtain a scope that is not in
// one of the lists below.
func Scopes() []Scope {
	return []Scope{
		{OrdersRead, "Read one's own orders"},
		{OrdersWrite, "Place orders"},
		{ProfileRead, "Read one's own profile"},
		{ProfileWrite, "Change one's own profile"},
		{PaymentWrite, "Change one's own payment method"},
		{LinksOffer, "Offer a provider for connecting"},
		{LinksWrite, "Connect and disconnect providers"},
	}
}

// ReadScopes are the scopes that only read.
func ReadScopes() []string { return []string{OrdersRead, ProfileRead} }

// BrowseScopes are the scopes of every token of the Web client. A stepped-up token has only ReadScopes of them: only
// customers of a provider use LinksOffer, and they cannot step up.
func BrowseScopes() []string { return append(ReadScopes(), LinksOffer) }

// HighRiskScopes are the scopes that only tokens of a sign-in with a sealed second factor carry.
func HighRiskScopes() []string { return []string{OrdersWrite, ProfileWrite, PaymentWrite, LinksWrite} }

// Environment variables of the functions.
const (
	// WebOrigin is the one origin whose pages may read responses.
	WebOrigin = "WEB_ORIGIN"
	// StepUpClientID is the app client whose tokens may call high-risk routes.
	StepUpClientID = "STEP_UP_CLIENT_ID"
	// RequireACR is "true" where handlers refuse tokens without the claim acr, else "false".
	RequireACR = "REQUIRE_ACR"
	// UserPoolID is the id of the user pool. Functions that the pool calls cannot have it: see package userpool.
	UserPoolID = "USER_POOL_ID"
	// ClientsParameter is the name of the SSM parameter that holds the ids of the app clients.
	ClientsParameter = "CLIENTS_PARAMETER"
	// SecondFactors are the second factors that the pool offers: TOTP, SMS, both separated by a comma, or empty.
	SecondFactors = "SECOND_FACTORS"
	// OrdersTable, ProductsTable, CustomersTable, LinksTable and ProofsTable are names of tables.
	OrdersTable    = "ORDERS_TABLE"
	ProductsTable  = "PRODUCTS_TABLE"
	CustomersTable = "CUSTOMERS_TABLE"
	LinksTable     = "LINKS_TABLE"
	ProofsTable    = "PROOFS_TABLE"
	// CursorKeyARN is the KMS key that seals cursors.
	CursorKeyARN = "CURSOR_KEY_ARN"
	// EventsBucket is the bucket of security events.
	EventsBucket = "EVENTS_BUCKET"
	// ExportsBucket is the bucket of the exports of users.
	ExportsBucket = "EXPORTS_BUCKET"
	// SecurityTopic is the ARN of the topic that hears of serious ones.
	SecurityTopic = "SECURITY_TOPIC"
	// Undelivered is the URL of the queue of events that could not be recorded.
	Undelivered = "UNDELIVERED_QUEUE"
	// DeployRole is the name of the role with which CloudFormation changes the stage.
	DeployRole = "DEPLOY_ROLE"
	// ExpectedRoles are the roles whose work on the stage surprises nobody: JSON of a list of ExpectedRole.
	ExpectedRoles = "EXPECTED_ROLES"
	// StageID is what names of stacks and roles of the stage begin with, such as "SecureCart-Dev".
	StageID = "STAGE_ID"
)

// ExpectedRole is a role of the stage's account, and what of its doings is its work.
type ExpectedRole struct {
	// Name is the role's, without a path.
	Name string
	// Source is the service, such as "cognito-idp.amazonaws.com", and Operations those of its operations that the role is
	// for, as CloudTrail spells them.
	Source     string
	Operations []string
	// TakenBy are those who may assume the role: "user/<name>", "role/<path and name>", or Anybody. Nobody if empty.
	TakenBy []string
}

// Anybody stands in ExpectedRole.TakenBy for every user and role of the stage's account.
const Anybody = "*"

// KeeperRole is the name of the role that keeps the record of changes of a stage, such as "SecureCart-Dev".
func KeeperRole(stageID string) string { return stageID + "-SecurityEvents" }

// The keys of the JSON object in the clients parameter: the ids of the app clients by their names.
const (
	WebClient     = "web"
	StepUpClient  = "stepUp"
	AccountClient = "account"
)

// Keys of ClientMetadata, which front ends send and the user pool passes on to triggers.
const (
	// ProofChallenge goes with ConfirmSignUp and ConfirmForgotPassword: base64url(SHA-256(verifier)) without padding.
	ProofChallenge = "proof_challenge"
	// ProofVerifier goes with RespondToAuthChallenge: 32 random bytes, base64url without padding (43 characters).
	ProofVerifier = "proof_verifier"
)

// ProofSeconds is how long a proof of a mailbox counts.
const ProofSeconds = 15 * 60

// Keys and attributes of the table Proofs: the proofs of a customer, by the customer's sub. Times are Unix times in
// seconds.
const (
	// CustomerID is the partition key of Proofs, Orders and Customers: the customer's sub.
	CustomerID = "customerId"
	// ProofChallengeAttribute is the challenge of the latest proof of a mailbox.
	ProofChallengeAttribute = "proofChallenge"
	// ProofExpiresAt is when that proof stops counting.
	ProofExpiresAt = "proofExpiresAt"
	// FactorTrustedAt is when the second factor was sealed.
	FactorTrustedAt = "factorTrustedAt"
	// FactorKind is the kind of the sealed factor: "totp" or "sms".
	FactorKind = "factorKind"
	// FactorSuspendedAt is when the latest Account token was issued. Such a token can replace the factor.
	FactorSuspendedAt = "factorSuspendedAt"

	// RemovalsKey is one of two keys of Proofs that are no sub. Its item lists the accounts whose removal has begun.
	RemovalsKey = "unconfirmed-removals"
	// RemovalsUsernames is the attribute of that item, a set of user names.
	RemovalsUsernames = "usernames"

	// ExportKey is the other key of Proofs that is no sub. Its item holds how far the day's export of users is.
	ExportKey = "users-export"
	// LeasedUntil is, in both items, when the lease of the run that works ends, in Unix seconds.
	LeasedUntil = "leasedUntil"
)

// The table Links: offers and connected identities.
const (
	// LinkID is the partition key: "offer#<hash>", "identity#<provider>#<subject>" or "customer#<sub>".
	LinkID = "linkId"
	// LinkExpiresAt is the attribute with the time after which DynamoDB removes an offer, in Unix seconds.
	LinkExpiresAt = "expiresAt"
)

// The table Customers: a customer's profile and payment method, by the customer's sub. The fields of the profile have
// the same names in bodies, in answers and in the table.
const (
	ProfileName       = "name"
	ProfileGivenName  = "givenName"
	ProfileFamilyName = "familyName"
	ProfileLocale     = "locale"
	ProfileAddress    = "address"
	// PaymentMethod is the attribute that holds the payment provider's name and token, a map.
	PaymentMethod = "paymentMethod"
)

// ProfileFields are the fields of a profile. All are texts, and each may be missing.
func ProfileFields() []string {
	return []string{ProfileName, ProfileGivenName, ProfileFamilyName, ProfileLocale, ProfileAddress}
}

// ProviderEmail is the user-pool attribute with the address that a provider states. It never recovers the account.
const ProviderEmail = "custom:provider_email"

// CursorPurpose is the purpose of a page's cursor in the encryption context, so that no other sealed text is accepted
// as one.
const CursorPurpose = "orders-cursor"

// Indexes of the tables.
const (
	// OrdersByCreation lists a customer's orders by time.
	OrdersByCreation = "byCreatedAt"
	// ProductsForSale lists the products that guests may see. Only products for sale have its partition key.
	ProductsForSale = "forSale"
)

// DirectOrderAttributes are the attributes of Orders that customers may read with AWS credentials.
func DirectOrderAttributes() []string {
	return []string{CustomerID, "orderId", "createdAt", "status", "currency", "totalMinor", "lines"}
}

// ProofTimes are the attributes of Proofs that say what a customer has proven and when: all except the challenge.
func ProofTimes() []string {
	return []string{CustomerID, ProofExpiresAt, FactorTrustedAt, FactorKind, FactorSuspendedAt}
}

// Prefixes of the keys of the table Links.
const (
	// LinkedIdentity begins "identity#<provider>#<subject>": to which account an identity of a provider belongs.
	LinkedIdentity = "identity#"
	// LinkedCustomer begins "customer#<sub>": an account that has, or had, connected providers.
	LinkedCustomer = "customer#"
	// LinkOffer begins "offer#<hash>": an identity that its customer has offered for connecting, for a few minutes.
	LinkOffer = "offer#"
)

// Attributes of the table Links. Times are Unix times in seconds.
const (
	// LinkProvider and LinkSubject are the identity: the provider's name, and the customer's id at the provider.
	LinkProvider = "provider"
	LinkSubject  = "subject"
	// LinkUsername is a user name: of the federated account in an offer, of the native account otherwise.
	LinkUsername = "username"
	// LinkClaimedAt is when the account last began to connect the identity, LinkLinkedAt when it was connected.
	LinkClaimedAt = "claimedAt"
	LinkLinkedAt  = "linkedAt"
)

// DocumentsPrefix is the prefix of all keys of the bucket Documents: a customer's are below "customers/<sub>/".
const DocumentsPrefix = "customers/"

// Tags of a session of the support desk's roles. The session is named by the ticket.
const (
	// TicketTag is the ticket for which the session was started.
	TicketTag = "ticket"
	// ReasonTag is why the session was started.
	ReasonTag = "reason"
)

// ExposedHeaders are the response headers that a page of the shop may read; browsers hide all others. They are the same
// for responses of functions and of API Gateway. API Gateway renames a function's WWW-Authenticate.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
func ExposedHeaders() []string {
	return []string{
		"WWW-Authenticate", "X-Amzn-Remapped-WWW-Authenticate", "Location", "Retry-After", "X-Amzn-RequestId",
	}
}
