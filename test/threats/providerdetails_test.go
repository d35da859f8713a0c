package threats

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAProviderIsAskedForWhatItsTypeLists covers the types that neither Dev nor Prod wires.
func TestAProviderIsAskedForWhatItsTypeLists(t *testing.T) {
	const (
		oidc = `"OIDC", "ProviderDetails": {"attributes_request_method": "GET", "authorize_scopes": "openid email profile", "client_id": "shop",
			"client_secret": "{{resolve:x}}", "oidc_issuer": "https://idp.test"}`
		saml = `"SAML", "ProviderDetails": {"IDPInit": "false", "IDPSignout": "true", "MetadataURL": "https://idp.test/metadata.xml",
			"RequestSigningAlgorithm": "rsa-sha256"}`
	)
	for _, c := range []struct{ name, provider, old, replacement, want string }{
		{"OIDC", oidc, "", "", ""},
		{"SAML", saml, "", "", ""},
		{"unlisted type", `"LoginWithAmazon", "ProviderDetails": {"client_id": "shop"}`, "", "", "ProviderDetails are [client_id], want []"},
		{"issuer in the clear", oidc, "https://", "http://", `ProviderDetails.oidc_issuer is "http://idp.test", want a URL with https`},
		{"metadata in the clear", saml, "https://", "http://", `ProviderDetails.MetadataURL is "http://idp.test/metadata.xml", want a URL with https`},
		{"scopes", oidc, "openid email profile", "openid email profile groups", `ProviderDetails.authorize_scopes is "openid email profile groups", want "openid email profile"`},
		{"another place to ask at", saml, `"IDPInit"`, `"SLORedirectBindingURI": "https://attacker.test", "IDPInit"`,
			"ProviderDetails are [IDPInit IDPSignout MetadataURL RequestSigningAlgorithm SLORedirectBindingURI], want [IDPInit IDPSignout MetadataURL RequestSigningAlgorithm]"},
		{"unsolicited sign-ins", saml, `"IDPInit": "false"`, `"IDPInit": "true"`, `ProviderDetails.IDPInit is "true", want "false"`},
		{"weak signatures", saml, "rsa-sha256", "rsa-sha1", `ProviderDetails.RequestSigningAlgorithm is "rsa-sha1", want "rsa-sha256"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(c.provider, c.old, c.replacement, 1)
			in := inspecting(small(t, `{"Partner": {"Type": "AWS::Cognito::UserPoolIdentityProvider", "Properties": {"ProviderType": `+text+`}}}`))
			asksListed(in.only(provider))
			want := []string{}
			if c.want != "" {
				want = append(want, "T UserPool/Partner: "+c.want)
			}
			if diff := cmp.Diff(want, in.found()); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
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
		in.only(userPool).at("SourceArn").isOurSender()
		if got := len(in.findings) == 0; got != c.ours {
			t.Errorf("%s in account %q is ours: %t, want %t: %v", c.sender, c.account, got, c.ours, in.found())
		}
	}
}
