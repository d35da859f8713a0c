package threats

import (
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/config"
)

// selfService is the scope with which a token changes its user's attributes, password and factors at Cognito itself.
const selfService = "aws.cognito.signin.user.admin"

// highRisk are the scopes of the routes that change something.
var highRisk = []string{"securecart/links.write", "securecart/orders.write", "securecart/payment.write",
	"securecart/profile.write"}

// offerScope lets a customer of a provider offer it for connecting; an offer alone connects nothing.
const offerScope = "securecart/links.offer"

// browserScopes are the scopes that a token from managed login may carry: OpenID Connect's, and all of ours that are
// not high-risk. Routes that change something name no others (A3).
func (in *Inspection) browserScopes() []string {
	ours := slices.DeleteFunc(in.scopes(), func(scope string) bool { return slices.Contains(highRisk, scope) })
	return append(ours, "openid", "email", "profile")
}

// secondsPer is how long the units of TokenValidityUnits are.
var secondsPer = map[string]float64{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}

const day = 24 * time.Hour

// lifetime is how long tokens of a kind ("Access", "Id" or "Refresh") live, in seconds. A unit that is left to a
// default is a finding: for access tokens the default is hours (API UserPoolClientType, TokenValidityUnits).
func lifetime(c Resource, kind string) float64 {
	seconds, known := secondsPer[c.At("TokenValidityUnits", kind+"Token").Text()]
	if !known {
		c.At("TokenValidityUnits", kind+"Token").Fail("is no unit")
	}
	return c.At(kind+"TokenValidity").Number() * seconds
}

// lives expects tokens of a kind to have the wanted lifetime, which must not exceed the maximum.
func lives(c Resource, kind string, want, most time.Duration) {
	if got := lifetime(c, kind); got != want.Seconds() || want <= 0 || want > most {
		c.At(kind+"TokenValidity").Fail("gives %s tokens %v seconds, want %s and at most %s",
			strings.ToLower(kind), got, want, most)
	}
}

// refreshLimit is how long a refresh token may live, by what the stage is for.
var refreshLimit = map[config.Purpose]time.Duration{
	config.Development: 7 * day, config.Rehearsal: day, config.Production: day,
}

// tokens are the threats by stolen or long-lived tokens.
var tokens = []Threat{
	{
		ID: "U2",
		Title: "Use a browser's or a checkout's access token at Cognito itself: change e-mail, phone or second factor, " +
			"delete the account",
		Sources: []string{truesec, amplify804, tokenTriggerGuide, cognitoAPI + "API_UpdateUserAttributes.html"},
		Closed: "No client may request aws.cognito.signin.user.admin, and the V2_0 token trigger suppresses it, except for " +
			"a sign-in at the client Account with a mailbox just proven. Account cannot write an e-mail address.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"test/e2e.TestAWebTokenAdministersNothing", "test/e2e.TestAStolenCheckoutTokenChangesNothingOfTheAccount",
		}, decisionTests...),
		Limit: "By its documentation Cognito refuses a token without the scope. An Account token has the scope, for five " +
			"minutes at most: a stolen one can remove factors, sign out or delete the account. It can neither pay nor " +
			"redirect the recovery.",
		check: func(in *Inspection) {
			pool := in.Only(userPool)
			pool.At("UserPoolTier").Among("ESSENTIALS", "PLUS")
			pool.At("LambdaConfig", "PreTokenGenerationConfig", "LambdaVersion").Is("V2_0")
			pool.At("LambdaConfig", "PreTokenGenerationConfig", "LambdaArn").
				Reads(in.The(function, "UserPool.TokensFunction").Ref("Arn"))
			for _, c := range in.Every(client) {
				if c.At("AllowedOAuthScopes").Contains(selfService) {
					c.At("AllowedOAuthScopes").Fail("holds %s", selfService)
				}
			}
			for _, name := range []string{stepUpClient, accountClient} {
				in.The(client, name).At("WriteAttributes").Within(writable[name]...)
			}
		},
	},
	{
		ID:      "U11",
		Title:   "Use a stolen refresh token for a month, or for the ten years that Cognito allows",
		Sources: []string{hackUserPools, hackPersistence, clientAPI + " (RefreshTokenValidity, TokenValidityUnits)"},
		Closed: "Every lifetime has its unit. Refresh tokens are valid for a day at most, in Development a week; those of " +
			"StepUp and Account for an hour, Cognito's minimum, and they yield tokens without any scope.",
		Proofs: []Proof{Templates, Code},
		Tests: append([]string{
			"test/e2e.TestARefreshedTokenOfStepUpOrAccountCarriesNothing",
		}, decisionTests...),
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				if c.signsInByAPI() {
					lives(c, "Refresh", time.Hour, time.Hour)
					continue
				}
				lives(c, "Refresh", in.Config.Tokens.Refresh, refreshLimit[in.Config.Purpose])
			}
		},
	},
	{
		ID:    "U12",
		Title: "Use a stolen refresh token beside its owner, unnoticed",
		Sources: []string{
			cognitoGuide + "amazon-cognito-user-pools-using-the-refresh-token.html", hackUserPools + " (REFRESH_TOKEN_AUTH)",
		},
		Closed: "Refresh tokens rotate at every client: an old one is invalid after a minute at most, at StepUp and " +
			"Account at once. No client has the flow that bypasses rotation.",
		Proofs: []Proof{Templates},
		Limit: "AWS documents that rotation makes the old token invalid, but nothing about tokens already issued for it: a " +
			"thief who rotates first keeps the session, and its owner must sign in again.",
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				c.At("ExplicitAuthFlows").Within(refreshless...)
				grace := 60
				if c.signsInByAPI() {
					grace = 0
				}
				c.At("RefreshTokenRotation", "Feature").Is("ENABLED")
				c.At("RefreshTokenRotation", "RetryGracePeriodSeconds").Is(grace)
			}
		},
	},
	{
		ID:      "U13",
		Title:   "Use a token after its owner has signed out",
		Sources: []string{cognitoGuide + "token-revocation.html", cognitoAPI + "API_GlobalSignOut.html", hackPersistence},
		Closed: "Every client's sessions can be revoked; access and ID tokens are valid for an hour at most, those of " +
			"StepUp and Account for five minutes.",
		Proofs: []Proof{Templates},
		Limit:  "API Gateway checks signature and expiry but not revocation: it accepts a revoked token until it expires.",
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				c.At("EnableTokenRevocation").Is(true)
				if c.signsInByAPI() {
					lives(c, "Access", 5*time.Minute, 5*time.Minute)
					lives(c, "Id", 5*time.Minute, 5*time.Minute)
					continue
				}
				lives(c, "Access", in.Config.Tokens.Access, time.Hour)
				lives(c, "Id", in.Config.Tokens.ID, time.Hour)
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
		Closed: "Clients of managed login get browse scopes only. StepUp and Account have no OAuth settings.",
		Proofs: []Proof{Templates, Code},
		Tests:  decisionTests,
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				if !c.signsInByAPI() {
					c.At("AllowedOAuthScopes").Lists(in.browserScopes()...)
					continue
				}
				c.At("AllowedOAuthFlowsUserPoolClient").Is(false)
				for _, property := range []string{
					"AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI",
				} {
					c.At(property).Absent()
				}
			}
		},
	},
	{
		ID:      "U36",
		Title:   "Use a feature plan that silently ignores parts of the design: Lite runs no V2_0 trigger",
		Sources: []string{tokenTriggerGuide, cognitoGuide + "cognito-user-pools-step-up-authentication.html"},
		Closed: "The feature plan is set, to Essentials or Plus, and managed login to its second version; nothing depends " +
			"on acr_values, which Cognito may ignore.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"lambda/internal/customer.TestAuthenticationContextMustIncludeASecondFactorIfNamed"},
		check: func(in *Inspection) {
			in.Only(userPool).At("UserPoolTier").Is(plans[in.Config.Users.Plan])
			domain, configured := in.Only(userDomain), in.Config.Domain
			domain.At("ManagedLoginVersion").Is(2)
			if configured.Custom == "" {
				domain.At("Domain").Is(configured.Prefix)
				domain.At("CustomDomainConfig").Absent()
				return
			}
			domain.At("Domain").Is(configured.Custom)
			domain.At("CustomDomainConfig", "CertificateArn").Is(configured.CertificateARN)
		},
	},
}

// decisionTests prove that the token trigger decides as its table says.
var decisionTests = []string{
	"lambda/tokens.TestDecisionIsThatOfTheTableAndOfNoNeighbour",
	"lambda/tokens.TestTableIsTheOneInThePackageComment",
}

// refreshless are the flows whose refresh tokens can be used by rotation only, if at all.
var refreshless = []string{"ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"}
