package threats

import (
	"regexp"
	"slices"
	"strings"
)

// secretReference is a dynamic reference to a secret, which CloudFormation resolves while it deploys.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
var secretReference = regexp.MustCompile(`^\{\{resolve:secretsmanager:[A-Za-z0-9/_+=.@-]+:SecretString:[^:}]*:[^:}]*:[^:}]*\}\}$`)

// federation are the threats that come with Google, Facebook and other identity providers.
var federation = []Threat{
	{
		ID:    "U24",
		Title: "Sign in at a provider with a victim's unverified e-mail, and be linked to the victim's account",
		Sources: []string{
			cognitoGuide + "cognito-user-pools-identity-federation-consolidate-users.html",
			cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html",
		},
		Closed: "Nothing is linked by an address alone. The function links, which alone may link and which no " +
			"trigger is, links for a customer who has proven both identities, natively, and whose two addresses " +
			"agree; no provider says which of the pool's addresses is verified.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/links.TestAddressOfTheOfferCounts",
			"lambda/links.TestStolenOfferIsOfNoUseToAnAccountWithAnotherAddress",
			"lambda/links.TestNothingIsConnectedOrDisconnectedWithoutAStepUp",
			"test/e2e.TestAnOfferConnectsNoAccountWithAnotherAddress",
		},
		check: func(in *inspection) {
			triggers := in.only(userPool).at("LambdaConfig")
			if got := triggers.keys(); !slices.Equal(got, []string{"PostConfirmation", "PreSignUp",
				"PreTokenGenerationConfig"}) {
				triggers.fail("holds %s, want the triggers tokens and registration only", sorted(got))
			}
			registration := in.the(function, "UserPool.RegistrationFunction").ref("Arn")
			triggers.at("PreSignUp").reads(registration)
			triggers.at("PostConfirmation").reads(registration)
			for _, p := range in.any(provider) {
				p.at("AttributeMapping", "email_verified").absent()
			}
			for _, r := range in.everyRole() {
				if r.name() == linksRole {
					r.may(in.grants()[linksRole]...)
					continue
				}
				r.mayNot("cognito-idp:AdminLinkProviderForUser")
			}
		},
	},
	{
		ID:      "U25",
		Title:   "Have a provider write an attribute or group that decides over permissions",
		Sources: []string{hackPrivesc + " (CreateIdentityProvider)", cognitoGuide + "cognito-user-pools-specifying-attribute-mapping.html"},
		Closed: "Every provider writes exactly the listed attributes, each from the claim it is meant to come from, " +
			"and never the user name.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			in.wired()
			for _, p := range in.any(provider) {
				mapsExactly(p)
			}
		},
	},
	{
		ID:      "U26",
		Title:   "Come in by a provider that the client was never meant to trust",
		Sources: []string{cognitoGuide + "application-client-based-multi-tenancy.html", clientAPI + " (SupportedIdentityProviders)"},
		Closed: "Web lists every wired provider, waits for it and finds it by its name alone; each is asked, at its " +
			"own place, for what it is meant to tell; StepUp and Account list COGNITO only; no other provider is " +
			"wired.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			in.wired()
			for _, p := range in.any(provider) {
				p.at("IdpIdentifiers").absent()
				asksListed(p)
			}
		},
	},
	{
		ID:      "U27",
		Title:   "Read a provider's client secret in the template, the repository or the deployment bucket",
		Sources: []string{hackPrivesc + " (CreateIdentityProvider)", "cfn-lint rule W1011"},
		Closed: "A client secret is a reference that CloudFormation resolves from Secrets Manager, and no template " +
			"holds what looks like a secret.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			in.wired()
			for _, p := range in.any(provider) {
				secret := p.at("ProviderDetails", "client_secret")
				if text, _ := secret.got.(string); p.at("ProviderType").got != "SAML" && !secretReference.MatchString(text) {
					secret.fail("is no reference to a secret")
				}
			}
			in.eachText(func(where, _, text string) {
				// The hash of an asset is one, and looks like one, but is none.
				if secret := secretIn(text); secret != "" && !strings.HasSuffix(text, ".zip") && !in.isID(text) {
					in.fail(where, "holds what looks like a secret: %.6s…", secret)
				}
			})
		},
	},
	{
		ID: "U28",
		Title: "Read a secret after the deployment: from a function's environment, a parameter, an output or the " +
			"provider's description",
		Sources: []string{riancho, hackUserPools, cognitoAPI + "API_DescribeIdentityProvider.html"},
		Closed: "Secrets are resolved into the providers alone, and no role may describe a provider or client, or " +
			"read a secret.",
		Proofs: []Proof{Templates, Policies},
		check: func(in *inspection) {
			in.every(function)
			in.eachText(func(where, typ, text string) {
				if strings.Contains(text, "{{resolve:") && typ != provider {
					in.fail(where, "has a secret resolved into it: %.30s…", text)
				}
			})
			for _, r := range in.everyRole() {
				r.mayNotBut(permitted[r.name()], disclosures...)
			}
		},
	},
}

// disclosures are actions that answer with a secret, or with settings that hold one.
var disclosures = []string{
	"secretsmanager:*", "cognito-idp:Describe*", "cognito-idp:List*", "cognito-idp:GetIdentityProviderByIdentifier", "ssm:GetParameters*",
}

// wired expects the providers that the pool has to be exactly those that Web lists, and StepUp and Account to list
// none.
func (in *inspection) wired() {
	listed := []string{"COGNITO"}
	for _, p := range in.any(provider) {
		listed = append(listed, p.at("ProviderName").text())
		p.at("UserPoolId").reads(in.only(userPool).ref())
	}
	for _, c := range in.every(client) {
		if c.signsInByAPI() {
			c.at("SupportedIdentityProviders").lists("COGNITO")
			continue
		}
		c.at("SupportedIdentityProviders").lists(listed...)
		for _, p := range in.any(provider) {
			if !slices.Contains(c.DependsOn, p.id) {
				c.fail("does not wait for %s", p.id)
			}
		}
	}
}
