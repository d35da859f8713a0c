package threats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// kinds are providers of each kind, the last two with all that a stage may say, and what Cognito is told of them
// (CreateIdentityProvider, ProviderDetails).
var kinds = map[string]struct {
	provider config.Provider
	details  string
}{
	"Google": {
		config.Provider{Kind: config.Google, ClientID: "shop", SecretName: "s"},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::}}",
			"authorize_scopes": "openid email profile"}`,
	},
	"Facebook": {
		config.Provider{Kind: config.Facebook, ClientID: "shop", SecretName: "s", SecretVersion: "v"},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::v}}",
			"authorize_scopes": "public_profile, email", "api_version": "v26.0"}`,
	},
	"Facebook without an address": {
		config.Provider{Kind: config.Facebook, ClientID: "shop", SecretName: "s", EmailUntrusted: true},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::}}",
			"authorize_scopes": "public_profile", "api_version": "v26.0"}`,
	},
	"Apple": {
		config.Provider{
			Kind: config.Apple, ClientID: "shop", SecretName: "s",
			Apple: config.AppleSettings{TeamID: "TEAM123456", KeyID: "KEY1234567"},
		},
		`{"client_id": "shop", "team_id": "TEAM123456", "key_id": "KEY1234567",
			"private_key": "{{resolve:secretsmanager:s:SecretString:::}}", "authorize_scopes": "email name"}`,
	},
	"Amazon": {
		config.Provider{Kind: config.Amazon, ClientID: "shop", SecretName: "s"},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::}}",
			"authorize_scopes": "profile"}`,
	},
	"OIDC": {
		config.Provider{
			Kind: config.OIDC, ClientID: "shop", SecretName: "s", OIDC: config.OIDCSettings{Issuer: "https://idp.test"},
		},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::}}",
			"authorize_scopes": "openid email profile", "oidc_issuer": "https://idp.test",
			"attributes_request_method": "GET"}`,
	},
	"SAML": {
		config.Provider{
			Kind: config.SAML, Name: "Partner",
			SAML: config.SAMLSettings{MetadataURL: "https://idp.test/metadata.xml"},
		},
		`{"MetadataURL": "https://idp.test/metadata.xml", "IDPInit": "false", "IDPSignout": "true",
			"RequestSigningAlgorithm": "rsa-sha256"}`,
	},
	"OIDC in full": {
		config.Provider{
			Kind: config.OIDC, ClientID: "shop", SecretName: "s", Scopes: []string{"openid", "shop"},
			OIDC: config.OIDCSettings{
				Issuer: "https://idp.test", PostUserInfo: true,
				Endpoints: config.OIDCEndpoints{
					Authorize: "https://idp.test/a", Token: "https://idp.test/t", UserInfo: "https://idp.test/u",
					JWKS: "https://idp.test/j",
				},
			},
		},
		`{"client_id": "shop", "client_secret": "{{resolve:secretsmanager:s:SecretString:::}}",
			"authorize_scopes": "openid shop", "oidc_issuer": "https://idp.test", "attributes_request_method": "POST",
			"authorize_url": "https://idp.test/a", "token_url": "https://idp.test/t",
			"attributes_url": "https://idp.test/u", "jwks_uri": "https://idp.test/j"}`,
	},
	"SAML in full": {
		config.Provider{
			Kind: config.SAML, Name: "Partner",
			SAML: config.SAMLSettings{Metadata: "<md/>", EncryptedAssertions: true, StaysSignedIn: true},
		},
		`{"MetadataFile": "<md/>", "IDPInit": "false", "IDPSignout": "false", "EncryptedResponses": "true",
			"RequestSigningAlgorithm": "rsa-sha256"}`,
	},
}

// TestEachKindIsToldWhatTheAPIDocuments holds the check to the words of the documentation, key by key.
func TestEachKindIsToldWhatTheAPIDocuments(t *testing.T) {
	for name, kind := range kinds {
		want := map[string]any{}
		if err := json.Unmarshal([]byte(kind.details), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, details(kind.provider)); diff != "" {
			t.Errorf("%s (-documented +judged by)\n%s", name, diff)
		}
	}
}

// asProvider is a stage with one provider, whose properties are changed.
func asProvider(t *testing.T, configured config.Provider, change string) *Inspection {
	t.Helper()
	properties := map[string]any{
		"ProviderType": string(configured.Kind), "ProviderDetails": details(configured),
	}
	if err := json.Unmarshal([]byte("{"+change+"}"), &properties); err != nil {
		t.Fatal(err)
	}
	return inspecting(small(t,
		`{"Partner": {"Type": "AWS::Cognito::UserPoolIdentityProvider", "Properties": `+shown{properties}.String()+`}}`))
}

func TestAProviderToldAnythingElseIsFound(t *testing.T) {
	oidc, saml := kinds["OIDC"].provider, kinds["SAML"].provider
	inTheClear, known := saml, oidc
	inTheClear.SAML.MetadataURL = "http://idp.test/metadata.xml"
	known.Identifiers = []string{"shop.test"}
	for _, c := range []struct {
		name          string
		provider      config.Provider
		change, wants string
	}{
		{"OIDC", oidc, "", ""},
		{"SAML", saml, "", ""},
		{"metadata in the clear", inTheClear, "", "want a URL with https"},
		{"another type", oidc, `"ProviderType": "SAML"`, `ProviderType is "SAML", want "OIDC"`},
		{"another place to ask at", saml, `"ProviderDetails": {"SLORedirectBindingURI": "https://attacker.test"}`,
			"ProviderDetails is "},
		{"a provider that begins sign-ins", saml, `"ProviderDetails": {"IDPInit": "true"}`, "ProviderDetails is "},
		{"a domain that nobody configured", oidc, `"IdpIdentifiers": ["shop.test"]`, "IdpIdentifiers is "},
		{"the configured domain", known, `"IdpIdentifiers": ["shop.test"]`, ""},
		{"another domain", known, `"IdpIdentifiers": ["attacker.test"]`, "IdpIdentifiers "},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := asProvider(t, c.provider, c.change)
			isTold(in.Only(provider), c.provider)
			found := strings.Join(in.found(), "\n")
			if (c.wants == "") != (found == "") || !strings.Contains(found, c.wants) {
				t.Errorf("findings %q, want %q", found, c.wants)
			}
		})
	}
}

func TestAnAttributeFromAnotherClaimIsFound(t *testing.T) {
	oidc := kinds["OIDC"].provider
	renamed, untrusted, fewer := oidc, oidc, oidc
	renamed.Claims.Email, untrusted.EmailUntrusted, fewer.Claims.Picture = "mail", true, config.Unmapped
	// with is the usual mapping, but for the address.
	with := func(address string) string {
		return `"AttributeMapping": {"name": "name", "given_name": "given_name", "family_name": "family_name", ` +
			`"picture": "picture"` + address + `}`
	}
	for _, c := range []struct {
		name     string
		provider config.Provider
		change   string
		found    bool
	}{
		{"the usual claims", oidc, with(`, "custom:provider_email": "email"`), false},
		{"email, too, which recovers", oidc, with(`, "custom:provider_email": "email", "email": "email"`), true},
		{"the user name, too", oidc, with(`, "custom:provider_email": "email", "username": "email"`), true},
		{"another claim", oidc, with(`, "custom:provider_email": "upn"`), true},
		{"another claim, as configured", renamed, with(`, "custom:provider_email": "mail"`), false},
		{"the usual claim in its place", renamed, with(`, "custom:provider_email": "email"`), true},
		{"an untrusted address", untrusted, with(`, "custom:provider_email": "email"`), true},
		{"no address, as it is untrusted", untrusted, with(""), false},
		{"a picture that is not wanted", fewer, with(`, "custom:provider_email": "email"`), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := asProvider(t, c.provider, c.change)
			mapsExactly(in.Only(provider), c.provider)
			if got := len(in.findings) > 0; got != c.found {
				t.Errorf("findings %v, want some: %t", in.found(), c.found)
			}
		})
	}
}

func TestCodesAreSentByThisAccount(t *testing.T) {
	const ours = "arn:aws:ses:us-west-2:111122223333:identity/"
	for _, c := range []struct {
		account, sender string
		ours            bool
	}{
		{"111122223333", "null", true},
		{"111122223333", `"` + ours + `shop.test"`, true},
		{"111122223333", `"` + ours + `accounts@shop.test"`, true},
		{"111122223333", `"` + ours + `*"`, false},
		{"111122223333", `"` + theirSender + `"`, false},
		{"111122223333", `"arn:aws:ses:us-west-2:111122223333:configuration-set/theirs"`, false},
		{"111122223333", `""`, false},
		// Without a pinned account the owner of the identity is unknown.
		{"", `"` + ours + `shop.test"`, false},
		{"", "null", true},
	} {
		s := small(t, `{"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": {"SourceArn": `+c.sender+`}}}`)
		s.Config.Account = c.account
		in := inspecting(s)
		in.Only(userPool).At("SourceArn").isOurSender()
		if got := len(in.findings) == 0; got != c.ours {
			t.Errorf("%s in account %q is ours: %t, want %t: %v", c.sender, c.account, got, c.ours, in.found())
		}
	}
}
