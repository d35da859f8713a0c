package threats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

// TestAProviderIsToldWhatItsKindNeeds covers the kinds that no committed stage has.
func TestAProviderIsToldWhatItsKindNeeds(t *testing.T) {
	oidc := config.Provider{
		Kind: config.OIDC, ClientID: "shop", SecretName: "s", OIDC: config.OIDCSettings{Issuer: "https://idp.test"},
	}
	saml := config.Provider{Kind: config.SAML, SAML: config.SAMLSettings{MetadataURL: "https://idp.test/metadata.xml"}}
	inTheClear := saml
	inTheClear.SAML.MetadataURL = "http://idp.test/metadata.xml"
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
	} {
		t.Run(c.name, func(t *testing.T) {
			properties := map[string]any{"ProviderType": string(c.provider.Kind), "ProviderDetails": details(c.provider)}
			if err := json.Unmarshal([]byte("{"+c.change+"}"), &properties); err != nil {
				t.Fatal(err)
			}
			in := inspecting(small(t,
				`{"Partner": {"Type": "AWS::Cognito::UserPoolIdentityProvider", "Properties": `+shown(properties)+`}}`))
			isTold(in.Only(provider), c.provider)
			found := strings.Join(in.found(), "\n")
			if (c.wants == "") != (found == "") || !strings.Contains(found, c.wants) {
				t.Errorf("findings %q, want %q", found, c.wants)
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
		// Whether it is of this account, nobody can tell before the stage names its own.
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
