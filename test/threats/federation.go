package threats

import (
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
)

// secretReference is a dynamic reference to a secret, which CloudFormation resolves while it deploys.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
var secretReference = regexp.MustCompile(
	`^\{\{resolve:secretsmanager:[A-Za-z0-9/_+=.@-]+:SecretString:[^:}]*:[^:}]*:[^:}]*\}\}$`)

// federation are the threats by and through identity providers.
var federation = []Threat{
	{
		ID:    "U24",
		Title: "Sign in at a provider with a victim's unverified e-mail, and be linked to the victim's account",
		Sources: []string{
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html",
			cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html",
		},
		Closed: "Nothing is linked by an address alone. Only the function links may link, which is not a trigger. It links " +
			"for a customer who has signed in to both accounts, and whose two addresses agree. No provider can mark an " +
			"address of the pool as verified. An address that a stage does not trust is not stored, and then nothing " +
			"connects.",
		Limit: "A profile keeps the address that it has when its provider becomes one that the stage does not trust: " +
			"delete such profiles.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestAddressOfTheOfferCounts",
			"lambda/links.TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress",
			"lambda/links.TestNothingIsConnectedOrDisconnectedWithoutAStepUp",
			"test/e2e.TestAnOfferConnectsNoAccountWithAnotherAddress",
		},
		check: func(in *Inspection) {
			triggers := in.Only(userPool).At("LambdaConfig")
			if got := triggers.Keys(); !slices.Equal(got, []string{"PostConfirmation", "PreSignUp",
				"PreTokenGenerationConfig"}) {
				triggers.Fail("holds %s, want the triggers tokens and registration only", sorted(got))
			}
			registration := in.The(function, "UserPool.RegistrationFunction").Ref("Arn")
			triggers.At("PreSignUp").Reads(registration)
			triggers.At("PostConfirmation").Reads(registration)
			for _, p := range in.Any(provider) {
				p.At("AttributeMapping", "email_verified").Absent()
			}
			for _, r := range in.everyRole() {
				if r.Name() != linksRole {
					r.mayNot("cognito-idp:AdminLinkProviderForUser")
				}
			}
		},
	},
	{
		ID:    "U25",
		Title: "Make a provider write an attribute or group that grants permissions",
		Sources: []string{
			hackPrivesc + " (CreateIdentityProvider)", cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html",
		},
		Closed: "Every provider writes exactly the listed attributes, each from its intended claim, and never the user " +
			"name. A stage's config can name other claims, but no other attributes.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			in.wired()
			for _, configured := range in.Config.Providers {
				mapsExactly(in.The(provider, providerStack+configured.ProviderName()), configured)
			}
		},
	},
	{
		ID:    "U26",
		Title: "Sign in by a provider that the client must not trust",
		Sources: []string{
			cognitoGuide + "application-client-based-multi-tenancy.html", clientAPI + " (SupportedIdentityProviders)",
		},
		Closed: "The pool has exactly the configured providers. Web lists each, depends on it, and selects it by its name " +
			"and the configured domains only. Each has its own endpoints and requested scopes. No provider may begin a " +
			"sign-in by itself, and requests to SAML providers are signed. StepUp and Account list COGNITO only.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			in.wired()
			for _, configured := range in.Config.Providers {
				isTold(in.The(provider, providerStack+configured.ProviderName()), configured)
			}
		},
	},
	{
		ID:      "U27",
		Title:   "Read a provider's client secret in the template, the repository or the deployment bucket",
		Sources: []string{hackPrivesc + " (CreateIdentityProvider)", "cfn-lint rule W1011"},
		Closed: "A client secret, and Apple's private key, is a reference that CloudFormation resolves from Secrets " +
			"Manager, and no template holds what looks like a secret. The config refuses what looks like one in place of " +
			"its name.",
		Proofs: []Proof{Templates, Code},
		Tests:  []string{"config.TestRefusesProvidersByTheirCredentials"},
		check: func(in *Inspection) {
			in.wired()
			for _, p := range in.Any(provider) {
				if p.At("ProviderType").Got == "SAML" {
					continue
				}
				secret := p.At("ProviderDetails", "client_secret")
				if p.At("ProviderType").Got == "SignInWithApple" {
					secret = p.At("ProviderDetails", "private_key")
				}
				if text, _ := secret.Got.(string); !secretReference.MatchString(text) {
					secret.Fail("is no reference to a secret")
				}
			}
			in.eachText(func(where, _, text string) {
				// The hash of an asset looks like one but is none, and so do a SAML provider's public certificates.
				if secret := secretIn(text); secret != "" && !strings.HasSuffix(text, ".zip") && !in.isID(text) &&
					!in.isMetadata(text) {
					in.Fail(where, "holds what looks like a secret: %.6s…", secret)
				}
			})
		},
	},
	{
		ID: "U28",
		Title: "Read a secret after the deployment: from a function's environment, a parameter, an output or the " +
			"provider's description",
		Sources: []string{riancho, hackUserPools, cognitoAPI + "API_DescribeIdentityProvider.html"},
		Closed: "Secrets are resolved into the providers only, and no role may describe a provider or client, or read a " +
			"secret.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *Inspection) {
			in.Every(function)
			in.eachText(func(where, typ, text string) {
				if strings.Contains(text, "{{resolve:") && typ != provider {
					in.Fail(where, "has a secret resolved into it: %.30s…", text)
				}
			})
			for _, r := range in.everyRole() {
				r.mayNotBut(permitted[r.Name()], disclosures...)
			}
		},
	},
}

// disclosures are actions that return a secret, or settings with one.
var disclosures = []string{
	"secretsmanager:*", "cognito-idp:Describe*", "cognito-idp:List*", "cognito-idp:GetIdentityProviderByIdentifier",
	"ssm:GetParameters*",
}

// isMetadata reports whether a text is the public metadata of a configured provider, and holds no private key.
func (in *Inspection) isMetadata(text string) bool {
	return !strings.Contains(text, "PRIVATE KEY") && slices.ContainsFunc(in.Config.Providers,
		func(p config.Provider) bool { return p.SAML.Metadata != "" && p.SAML.Metadata == text })
}

// providerStack begins the names of providers.
const providerStack = "IdentityProviders."

// wired expects the pool's providers, and those that Web lists, to be exactly the configured ones, and StepUp and
// Account to list none.
func (in *Inspection) wired() {
	listed, names := []string{"COGNITO"}, []string{}
	for _, configured := range in.Config.Providers {
		listed = append(listed, configured.ProviderName())
		names = append(names, providerStack+configured.ProviderName())
	}
	if len(names) == 0 {
		in.None(provider)
	} else {
		in.Named(provider, names...)
	}
	for _, p := range in.Any(provider) {
		p.At("ProviderName").Is(p.id)
		p.At("UserPoolId").Reads(in.Only(userPool).Ref())
	}
	for _, c := range in.Every(client) {
		if c.signsInByAPI() {
			c.At("SupportedIdentityProviders").Lists("COGNITO")
			continue
		}
		c.At("SupportedIdentityProviders").Lists(listed...)
		for _, p := range in.Any(provider) {
			if !slices.Contains(c.DependsOn, p.id) {
				c.Fail("does not wait for %s", p.id)
			}
		}
	}
}
