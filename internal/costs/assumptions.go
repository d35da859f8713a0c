package costs

// Assumption is a number that nobody has measured, and why it is this number. Change it here: the page follows.
type Assumption struct {
	// What is assumed, such as "purchases".
	What string
	// Value is in the unit that What says.
	Value float64
	// Why it is this number.
	Why string
}

// For each monthly active user and month, unless they say otherwise.
var (
	visits          = Assumption{"visits", 4, "a customer comes about once a week"}
	guestVisits     = Assumption{"visits of guests, who never sign in", 6, "most people who look at a shop do not buy"}
	productPages    = Assumption{"`GET /products` of each visit", 10, "some categories, and a few pages of each"}
	pictures        = Assumption{"pictures loaded in each visit", 40, "browsers keep those that they have seen"}
	ownPages        = Assumption{"`GET /orders`, `/profile` and `/links`, in all", 6, "after a purchase, and now and then"}
	purchases       = Assumption{"`POST /orders`", 1.5, "a shop that people like; more than most have"}
	changes         = Assumption{"changes of profile, payment details and links", 0.3, "people move, and cards expire"}
	accountWork     = Assumption{"sign-ins at the client Account", 0.1, "a new phone, a new authenticator"}
	signUps         = Assumption{"new accounts", 0.1, "a tenth of the customers of a month are new"}
	recoveries      = Assumption{"forgotten passwords", 0.1, "people forget"}
	resent          = Assumption{"mails for each code", 1.2, "some ask for another one"}
	preflights      = Assumption{"preflights for each request", 0.15, "browsers keep the answer for ten minutes"}
	refreshes       = Assumption{"refreshed sessions for each visit", 1, "a visit outlives an access token once"}
	smsShare        = Assumption{"share of customers whose factor is SMS", 0.3, "where it is offered"}
	federatedShare  = Assumption{"share of customers who sign in with OIDC or SAML", 0.2, "if there is such a provider"}
	userPoolCalls   = Assumption{"requests to the user pool for each sign-in", 4, "SRP, a factor, managed login"}
	monthsOfOrders  = Assumption{"months of orders in the tables", 24, "what the first two years pile up"}
	bytesPerOrder   = Assumption{"bytes of an order", 1500, "a few lines and an address, and its index"}
	bytesPerAccount = Assumption{"bytes of a customer in all other tables", 1000, "profile, proofs, links"}
)

// For each request.
var (
	productReads   = Assumption{"read units of `GET /products`", 3, "a page of 20 KB, read without consistency"}
	ownReads       = Assumption{"read units of `GET /orders` and the like", 3, "12 KB, read consistently"}
	purchaseReads  = Assumption{"read units of a purchase", 4, "four products, read consistently"}
	purchaseWrites = Assumption{"write units of a purchase", 4, "an order of up to 2 KB, and its index"}
	changeWrites   = Assumption{"write units of a change", 1, "one row of up to 1 KB"}
	signInReads    = Assumption{"read units of a step-up", 1, "the proof of the customer's factor"}
	runSeconds     = Assumption{"seconds that a function runs", 0.05, "DynamoDB answers within 10 ms; cold starts are few"}
	answerBytes    = Assumption{"bytes of an answer of the API", 4000, "a page of products; most others are smaller"}
	pictureBytes   = Assumption{"bytes of a picture", 30_000, "a photograph of 600 pixels"}
	accessLogBytes = Assumption{"bytes that API Gateway logs", 700, "the format in constructs/restapi/logs.go, filled in"}
	runLogBytes    = Assumption{"bytes that a function logs", 900, "START, END, REPORT and one line of ours"}
	firewallBytes  = Assumption{"bytes that a web ACL logs", 1800, "it logs every request, with its headers"}
	bucketLogBytes = Assumption{"bytes that a bucket logs of a GET", 500, "AWS's format has 26 fields"}
	activityBytes  = Assumption{"bytes that the user pool logs of a sign-in", 2000, "only with Logs.UserActivity"}
	compression    = Assumption{"share of a log that is left when compressed", 0.15, "logs repeat themselves"}
	methodMetrics  = Assumption{"metrics of each method of the API", 5, "Count, Latency, IntegrationLatency, 4XX, 5XX"}
	tracedShare    = Assumption{"share traced beyond one request a second", 0.05, "X-Ray's default rule"}
)

// For each person who shops at the moment, of every 1,000 that are compared with quotas.
var (
	secondsPerPage     = Assumption{"seconds between two `GET /products`", 10, "people look at a page before the next"}
	secondsPerOwnPage  = Assumption{"seconds between two reads of orders or profile", 120, "mostly they look at products"}
	secondsPerPurchase = Assumption{"seconds between two purchases", 600, "one purchase in ten minutes of shopping"}
	secondsPerSignIn   = Assumption{"seconds between two sign-ins, purchases aside", 900, "a session lasts longer"}
	newcomers          = Assumption{"share of these sign-ins that makes an account first", 0.1, "as above"}
	withProvider       = Assumption{"share of these sign-ins with a provider", 0.3, "Google's button is at hand"}
)

// Assumptions are all of them, in the order of the page.
var Assumptions = []Assumption{
	visits, guestVisits, productPages, pictures, ownPages, purchases, changes, accountWork, signUps, recoveries, resent,
	preflights, refreshes, smsShare, federatedShare, userPoolCalls, monthsOfOrders, bytesPerOrder, bytesPerAccount,
	productReads, ownReads, purchaseReads, purchaseWrites, changeWrites, signInReads, runSeconds, answerBytes,
	pictureBytes, accessLogBytes, runLogBytes, firewallBytes, bucketLogBytes, activityBytes,
	compression, methodMetrics, tracedShare,
	secondsPerPage, secondsPerOwnPage, secondsPerPurchase, secondsPerSignIn, newcomers, withProvider,
}
