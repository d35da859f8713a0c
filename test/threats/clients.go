package threats

import (
	"strings"

	"github.com/securecart/identity/config"
)

// The app clients.
const (
	webClient     = "IdentityProviders.WebClient"
	stepUpClient  = "UserPool.StepUpClient"
	accountClient = "UserPool.AccountClient"
)

func (r Resource) signsInByAPI() bool { return r.Name() == stepUpClient || r.Name() == accountClient }

// providerEmail is the one custom attribute: the address that a provider states. It never recovers the account.
const providerEmail = "custom:provider_email"

// poolSchema is what the user pool has beside Cognito's standard attributes.
var poolSchema = []any{map[string]any{
	"AttributeDataType": "String", "Mutable": true, "Name": strings.TrimPrefix(providerEmail, "custom:"),
	"StringAttributeConstraints": map[string]any{"MaxLength": "2048", "MinLength": "0"},
}}

// writable are the writable attributes of each client: at Web those of sign-up and of providers, which no token can
// write, at Account those that the account's settings may change. readable are the attributes in tokens.
var (
	writable = map[string][]string{
		webClient:     {"email", "family_name", "given_name", "name", "picture", providerEmail},
		stepUpClient:  {"locale"},
		accountClient: {"locale", "phone_number"},
	}
	readable = map[string][]string{
		webClient: {"email", "email_verified", "family_name", "given_name", "locale", "name", "picture",
			providerEmail},
		stepUpClient:  {"email", "email_verified", "locale", "phone_number", "phone_number_verified"},
		accountClient: {"email", "email_verified", "locale", "phone_number", "phone_number_verified"},
	}
)

// Cognito's names of first factors and of the settings of passkeys.
var (
	firstFactors = map[config.FirstFactor]string{
		config.EmailOTP: "EMAIL_OTP", config.SMSOTP: "SMS_OTP", config.Passkey: "WEB_AUTHN",
	}
	passkeys = map[config.PasskeyStrength]any{
		config.UserVerified: "MULTI_FACTOR_WITH_USER_VERIFICATION", config.PossessionOnly: "SINGLE_FACTOR",
	}
)

// clients are the threats to which the settings of app clients are the answer.
var clients = []Threat{
	{
		ID:    "U1",
		Title: "Sign up without the front end and set an attribute such as custom:access=admin",
		Sources: []string{
			cloudGoat + "terraform/cognito.tf", cloudGoat + "cheat_sheet.md", pacuAttack, hackUserPools, clientAPI,
		},
		Closed: "Every client lists exactly the attributes that it may read and write. The one custom attribute holds the " +
			"address that a provider states, and gives no permission: only the function links compares it, and the " +
			"export of users copies it.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"test/threats.TestTheOneCustomAttributeIsComparedByLinksAlone"},
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				c.At("WriteAttributes").Lists(writable[c.Name()]...)
				c.At("ReadAttributes").Lists(readable[c.Name()]...)
			}
			in.Only(userPool).At("Schema").Is(poolSchema)
		},
	},
	{
		ID:      "U4",
		Title:   "Find out whether somebody is a customer by the response to a sign-in or a forgotten password",
		Sources: []string{hackUserPools, cognitoScanner, clientAPI + " (PreventUserExistenceErrors, default LEGACY)"},
		Closed:  "Every client answers for an unknown user as for a wrong password.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				c.At("PreventUserExistenceErrors").Is("ENABLED")
			}
		},
	},
	{
		ID:      "U6",
		Title:   "Steal tokens from a URL's fragment, by history, referrer or an open redirect (implicit grant)",
		Sources: []string{cdkDefaults, oauthBCP},
		Closed:  "The only OAuth flow of any client is the authorization code.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			oauth := 0
			for _, c := range in.Every(client) {
				switch c.At("AllowedOAuthFlowsUserPoolClient").Got {
				case true:
					oauth++
					c.At("AllowedOAuthFlows").Lists("code")
				case false:
					c.At("AllowedOAuthFlows").Absent()
				default:
					c.At("AllowedOAuthFlowsUserPoolClient").Fail(
						"is not set: whether managed login serves the client is left to a default")
				}
			}
			if oauth == 0 {
				in.Fail(in.ID, "has no client for managed login")
			}
		},
	},
	{
		ID:      "U7",
		Title:   "Redirect the authorization code to another site by a loose redirect URL",
		Sources: []string{oauthBCP + ", 4.1", cdkDefaults, cloudGoat + "terraform/cognito.tf"},
		Closed: "Callback and logout URLs are exactly the front end's: https without wildcard, credentials or " +
			"fragment; http://localhost serves development only.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				if c.At("AllowedOAuthFlowsUserPoolClient").Got == false {
					c.At("CallbackURLs").Absent()
					c.At("LogoutURLs").Absent()
					continue
				}
				c.At("CallbackURLs").returnsTo(in.Config.Purpose, in.Config.Web.CallbackURLs)
				c.At("LogoutURLs").returnsTo(in.Config.Purpose, in.Config.Web.LogoutURLs)
				if c.At("DefaultRedirectURI").Got != nil && !c.At("CallbackURLs").Contains(c.At("DefaultRedirectURI").Text()) {
					c.At("DefaultRedirectURI").Fail("is no callback URL")
				}
			}
		},
	},
	{
		ID:      "U8",
		Title:   "Get a token without any user by client_credentials at a customers' client",
		Sources: []string{clientAPI + " (AllowedOAuthFlows)", hackPersistence},
		Closed:  "No client has the flow client_credentials, which also needs a secret that no client has.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				if flows := c.At("AllowedOAuthFlows"); flows.Got != nil {
					flows.Within("code")
				}
			}
		},
	},
	{
		ID:      "U9",
		Title:   "Read the client secret in the front end that contains it",
		Sources: []string{hackUserPools, oauthBCP + ", 2.1.1 (PKCE)"},
		Closed:  "Every client is public and has no secret.",
		Proofs:  []Proof{Templates},
		Limit: "Cognito has no setting that requires PKCE from a public client. The front end must send it; " +
			"docs/clients.md does so with Amplify.",
		check: func(in *Inspection) {
			for _, c := range in.Every(client) {
				c.At("GenerateSecret").Is(false)
			}
		},
	},
	{
		ID:      "U10",
		Title:   "Try leaked passwords against a flow that sends them in clear, or one meant for servers",
		Sources: []string{hackUserPools, clientAPI + " (ExplicitAuthFlows, default REFRESH, SRP and CUSTOM)"},
		Closed: "Every client lists its API flows: SRP, and the choice of factors only where customers may choose another " +
			"first factor.",
		Proofs: []Proof{Templates},
		Limit: "Managed login and SignUp send the password itself, inside TLS. So does ALLOW_USER_AUTH where customers may " +
			"choose another first factor; no committed stage offers that.",
		check: func(in *Inspection) {
			pool, users := in.Only(userPool), in.Config.Users
			offered := []string{"PASSWORD"} // otherwise a mailbox or phone would be enough
			for _, factor := range users.FirstFactors {
				offered = append(offered, firstFactors[factor])
			}
			pool.At("Policies", "SignInPolicy", "AllowedFirstAuthFactors").Lists(offered...)
			pool.At("WebAuthnFactorConfiguration").Is(passkeys[users.Passkeys])
			if users.Passkeys == "" {
				pool.At("WebAuthnUserVerification").Absent()
			} else {
				pool.At("WebAuthnUserVerification").Is("required") // otherwise the device alone would sign in
			}
			choice := len(offered) > 1
			for _, c := range in.Every(client) {
				flows := []string{"ALLOW_USER_SRP_AUTH"}
				if choice && c.Name() == webClient {
					flows = append(flows, "ALLOW_USER_AUTH")
				}
				c.At("ExplicitAuthFlows").Lists(flows...)
			}
		},
	},
	{
		ID:      "U33",
		Title:   "Sign in through a client that was added later, with weaker settings",
		Sources: []string{hackPrivesc + " (CreateUserPoolClient)", hackPersistence + " (CreateUserPoolClient)"},
		Closed: "The one user pool has exactly the clients Web, StepUp and Account, and dynamic registration of clients is " +
			"off. A sign-in that waits for its next answer ends after three minutes.",
		Proofs: []Proof{Templates},
		Limit:  "A client that is created by hand is in no template; its creation is recorded and notified (U53).",
		check: func(in *Inspection) {
			in.listsTypes()
			in.tellsApart()
			in.isPlain()
			in.Named(client, accountClient, stepUpClient, webClient)
			in.Only(userPool).At("DcrConfiguration").Absent() // dynamic client registration
			for _, c := range in.Every(client) {
				c.At("AuthSessionValidity").Is(3)
			}
			for _, typ := range poolParts {
				for _, part := range in.Every(typ) {
					part.At("UserPoolId").Reads(in.Only(userPool).Ref())
				}
			}
			in.Only(branding).At("ClientId").Reads(in.The(client, webClient).Ref())
			in.Only(branding).At("UseCognitoProvidedValues").Is(true) // Cognito refuses a branding without values
		},
	},
}
