package login

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/functions"
)

// Managed login passes no metadata: a reset on its pages proves no mailbox to the shop.
func TestPagesTellTheTriggersAndPassNoMetadata(t *testing.T) {
	b := newBench(t)
	confirm := b.browser().authorize().follow("Create an account").submit(0, "username", bob, "password", password)
	page := confirm.submit(0, "code", b.code(bob))
	reset := page.follow("Forgot your password?").submit(0, "username", bob)
	reset.submit(0, "code", b.code(bob), "password", anotherPassword).shows(notes["changed"])
	b.browser().authorize("identity_provider", "Google").submit(0).code()
	var got []any
	for _, event := range b.registered {
		request := event["request"].(map[string]any)
		if _, there := request["clientMetadata"]; there || event["callerContext"].(map[string]any)["clientId"] != "web" {
			t.Errorf("event %v; want that of client web, without metadata", event)
		}
		got = append(got, event["triggerSource"])
	}
	signedUp := b.registered[0]["request"].(map[string]any)["userAttributes"]
	if diff := cmp.Diff(any(map[string]any{"email": bob}), signedUp); diff != "" {
		t.Errorf("attributes of the sign-up (-want +got):\n%s", diff)
	}
	want := []any{
		"PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword",
		"PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
}

func TestARefusalOfATriggerIsShown(t *testing.T) {
	b := newBench(t)
	b.refusal = &functions.FunctionError{Type: "errorString", Message: "Sign up in <the> shop"}
	form := b.browser().authorize().follow("Create an account")
	form.submit(0, "username", bob, "password", password).shows("PreSignUp failed with error Sign up in <the> shop.")
	b.refusal = nil
	confirm := form.submit(0, "username", bob, "password", password)
	b.refusal = &functions.FunctionError{Type: "errorString", Message: "later"}
	confirm.submit(0, "code", b.code(bob)).shows("PostConfirmation failed with error later.")
	b.refusal = nil
	b.browser().authorize().submit(0, "username", bob, "password", password).code()
}

func TestALinkedProviderSignsInAsTheCustomer(t *testing.T) {
	b := newBench(t)
	own := claims(t, b.redeem(b.browser().signIn()).ID)
	b.administer("AdminLinkProviderForUser", `
		"DestinationUser":{"ProviderName":"Cognito","ProviderAttributeValue":"`+own["sub"].(string)+`"},
		"SourceUser":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject",
		"ProviderAttributeValue":"100000000000000000001"}`)
	id := claims(t, b.redeem(b.browser().authorize("identity_provider", "Google").submit(0).code()).ID)
	if id["sub"] != own["sub"] || id["email"] != ada || id["identities"] == nil || id["cognito:groups"] != nil {
		t.Errorf("claims are %v; want those of the customer, with the identity", id)
	}
}
