package threats

import (
	"strings"

	"github.com/securecart/identity/config"
)

// selfService is the scope with which a token changes its user's attributes, password and factors at Cognito itself.
const selfService = "aws.cognito.signin.user.admin"

// highRisk are the scopes of the routes that change something.
var highRisk = []string{"securecart/links.write", "securecart/orders.write", "securecart/payment.write",
	"securecart/profile.write"}

// offerScope lets a customer of a provider offer it for connecting; an offer alone connects nothing.
const offerScope = "securecart/links.offer"

// browserScopes are the scopes that a token from managed login may carry.
var browserScopes = []string{"openid", "email", "profile", "securecart/orders.read", "securecart/profile.read",
	offerScope}

// secondsPer is how long the units of TokenValidityUnits are.
var secondsPer = map[string]float64{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}

const (
	minute = 60
	hour   = 3600
	day    = 86400
)

// lifetime is how long tokens of a kind ("Access", "Id" or "Refresh") live, in seconds. A unit that is left to a default is a
// finding: for access tokens the default is hours (API UserPoolClientType, TokenValidityUnits).
func lifetime(c resource, kind string) float64 {
	seconds, known := secondsPer[c.at("TokenValidityUnits", kind+"Token").text()]
	if !known {
		c.at("TokenValidityUnits", kind+"Token").fail("is no unit")
	}
	return c.at(kind+"TokenValidity").number() * seconds
}

// livesAtMost expects tokens of a kind to live no longer than these seconds.
func livesAtMost(c resource, kind string, most float64) {
	if got := lifetime(c, kind); got <= 0 || got > most {
		c.at(kind+"TokenValidity").fail("gives %s tokens %v seconds, want at most %v", strings.ToLower(kind), got, most)
	}
}

// refreshLimit is how long a refresh token may live, in seconds, by what the stage is for.
var refreshLimit = map[config.Purpose]float64{config.Development: 7 * day, config.Rehearsal: day, config.Production: day}

// tokens are the threats that live as long as a token does.
var tokens = []Threat{
	{
		ID: "U2",
		Title: "Take a browser's or a checkout's access token to Cognito itself: change e-mail, phone or second " +
			"factor, delete the account",
		Sources: []string{truesec, amplify804, tokenTriggerGuide, cognitoAPI + "API_UpdateUserAttributes.html"},
		Closed: "No client may ask for aws.cognito.signin.user.admin, and the V2_0 token trigger suppresses it but " +
			"for a sign-in at the client Account with a mailbox just proven, which can write no e-mail address.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"test/e2e.TestAWebTokenAdministersNothing", "test/e2e.TestAStolenCheckoutTokenChangesNothingOfTheAccount",
		}, decisionTests...),
		Limit: "That Cognito refuses a token without the scope is its documented behaviour. An Account token has the " +
			"scope, for five minutes at most: a stolen one can remove factors, sign out or delete the account. It " +
			"can neither pay nor redirect the recovery.",
		check: func(in *inspection) {
			pool := in.only(userPool)
			pool.at("UserPoolTier").among("ESSENTIALS", "PLUS")
			pool.at("LambdaConfig", "PreTokenGenerationConfig", "LambdaVersion").is("V2_0")
			pool.at("LambdaConfig", "PreTokenGenerationConfig", "LambdaArn").reads(in.the(function, "UserPool.TokensFunction").ref("Arn"))
			for _, c := range in.every(client) {
				if c.at("AllowedOAuthScopes").contains(selfService) {
					c.at("AllowedOAuthScopes").fail("holds %s", selfService)
				}
			}
			for _, name := range []string{stepUpClient, accountClient} {
				in.the(client, name).at("WriteAttributes").within(writable[name]...)
			}
		},
	},
	{
		ID:      "U11",
		Title:   "Use a stolen refresh token for a month, or for the ten years that Cognito allows",
		Sources: []string{hackUserPools, hackPersistence, clientAPI + " (RefreshTokenValidity, TokenValidityUnits)"},
		Closed: "Every lifetime has its unit; refresh tokens live a day at most, in development a week. Those of " +
			"StepUp and Account live an hour, Cognito's least, and yield tokens without any scope.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"test/e2e.TestARefreshedTokenOfStepUpOrAccountCarriesNothing",
		}, decisionTests...),
		check: func(in *inspection) {
			for _, c := range in.every(client) {
				most := refreshLimit[in.Config.Purpose]
				if c.signsInByAPI() {
					most = 60 * minute
				}
				livesAtMost(c, "Refresh", most)
				for _, kind := range []string{"Access", "Id"} {
					lifetime(c, kind)
				}
			}
		},
	},
	{
		ID:      "U12",
		Title:   "Use a stolen refresh token beside its owner, unnoticed",
		Sources: []string{cognitoGuide + "amazon-cognito-user-pools-using-the-refresh-token.html", hackUserPools + " (REFRESH_TOKEN_AUTH)"},
		Closed: "Refresh tokens rotate at every client: an old one is invalid a minute later at most, at StepUp and " +
			"Account at once. No client has the flow that goes around rotation.",
		Proofs: []Proof{Templates},
		Limit: "AWS documents that rotation makes the old token invalid, and nothing about the tokens that were " +
			"issued for it: a thief who rotates first keeps the session, and its owner has to sign in again.",
		check: func(in *inspection) {
			for _, c := range in.every(client) {
				c.at("ExplicitAuthFlows").within(refreshless...)
				grace := float64(minute)
				if c.signsInByAPI() {
					grace = 0
				}
				c.at("RefreshTokenRotation", "Feature").is("ENABLED")
				c.at("RefreshTokenRotation", "RetryGracePeriodSeconds").between(0, grace)
			}
		},
	},
	{
		ID:      "U13",
		Title:   "Go on with a token after its owner has signed out",
		Sources: []string{cognitoGuide + "token-revocation.html", cognitoAPI + "API_GlobalSignOut.html", hackPersistence},
		Closed: "Every client's sessions can be revoked; access and ID tokens live an hour at most, those of StepUp " +
			"and Account five minutes.",
		Proofs: []Proof{Templates},
		Limit: "API Gateway checks signature and expiry and does not ask Cognito: a token that was revoked opens " +
			"routes until it expires.",
		check: func(in *inspection) {
			for _, c := range in.every(client) {
				most := 60.0 * minute
				if c.signsInByAPI() {
					most = 5 * minute
				}
				c.at("EnableTokenRevocation").is(true)
				livesAtMost(c, "Access", most)
				livesAtMost(c, "Id", most)
			}
		},
	},
	{
		ID:    "U14",
		Title: "Let the managed-login cookie issue another token within its hour, without password or second factor",
		Sources: []string{
			cognitoGuide + "amazon-cognito-user-pools-using-the-access-token.html",
			cognitoGuide + "application-client-based-multi-tenancy.html",
		},
		Closed: "A client of managed login can be issued browse scopes only, and StepUp and Account are none: they " +
			"have no OAuth setting at all.",
		Proofs: []Proof{Templates, Code},
		Tests:  decisionTests,
		check: func(in *inspection) {
			for _, c := range in.every(client) {
				if !c.signsInByAPI() {
					c.at("AllowedOAuthScopes").within(browserScopes...)
					continue
				}
				c.at("AllowedOAuthFlowsUserPoolClient").is(false)
				for _, property := range []string{"AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI"} {
					c.at(property).absent()
				}
			}
		},
	},
	{
		ID:      "U36",
		Title:   "Wait for a feature plan that silently ignores what the design rests on: Lite runs no V2_0 trigger",
		Sources: []string{tokenTriggerGuide, cognitoGuide + "cognito-user-pools-step-up-authentication.html"},
		Closed: "The feature plan is set, to Essentials or Plus, and managed login to its second version; nothing " +
			"rests on acr_values, which Cognito may ignore.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"lambda/internal/customer.TestAuthenticationContextMustIncludeASecondFactorIfNamed"},
		check: func(in *inspection) {
			in.only(userPool).at("UserPoolTier").among("ESSENTIALS", "PLUS")
			in.only(userDomain).at("ManagedLoginVersion").is(2)
		},
	},
}

// decisionTests prove that the token trigger decides as its table says.
var decisionTests = []string{
	"lambda/tokens.TestDecisionIsThatOfTheTableAndOfNoNeighbour",
	"lambda/tokens.TestEveryDecisionHasExactlyOneWordForEveryScope",
}

// refreshless are the flows after which a refresh token can be used by rotation only, if at all.
var refreshless = []string{"ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"}
