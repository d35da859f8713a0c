package e2e_test

import (
	"net/http"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// googler returns an account at Google with the address of a customer.
func googler(c *e2e.Customer) e2e.Identity {
	return e2e.Identity{Provider: "Google", Subject: "g" + c.Email[:40], Email: c.Email}
}

// offered makes an offer with a sign-in at Google.
func offered(t *testing.T, stage *e2e.Running, who e2e.Identity) string {
	t.Helper()
	tokens := must.Get(stage.SignInWith(t.Context(), who))(t)
	return offeredBy(t, stage, tokens)
}

func offeredBy(t *testing.T, stage *e2e.Running, tokens e2e.Tokens) string {
	t.Helper()
	answer, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodPost, Path: "/link-offers", Token: tokens.Access})
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Offer string }
	if err := answer.Into(&made); err != nil || answer.Status != http.StatusCreated {
		t.Fatalf("an offer: got %d %s, %v", answer.Status, answer.Body, err)
	}
	return made.Offer
}

func connects(t *testing.T, stage *e2e.Running, stepped e2e.Tokens, offer string, who e2e.Identity) int {
	t.Helper()
	answer := must.Get(stage.Do(t.Context(), e2e.Connect(stepped, offer, who.Provider, who.Email)))(t)
	return answer.Status
}

// Threat U46: an offer, stolen or left behind in a shared browser, is redeemed with another account.
func TestAnOfferConnectsNoAccountWithAnotherAddress(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	owner, hers := protected(t, stage)
	_, thief := protected(t, stage)
	who := googler(owner)
	offer := offered(t, stage, who)
	if got := connects(t, stage, thief, offer, who); got != http.StatusUnprocessableEntity {
		t.Errorf("another account: got %d, want 422", got)
	}
	offer = offered(t, stage, who)
	for _, request := range []string{"the owner", "the owner, who repeats the request"} {
		if got := connects(t, stage, hers, offer, who); got != http.StatusNoContent {
			t.Errorf("%s: got %d, want 204", request, got)
		}
	}
	if got := connects(t, stage, thief, offer, who); got/100 != 4 {
		t.Errorf("a used offer: got %d, want to be refused", got)
	}
}

// Threat U47: every sign-in with a provider overwrites the account's attributes with the mapped ones.
func TestAnAddressChangedAtTheProviderRedirectsNoRecovery(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c, stepped := protected(t, stage)
	who := googler(c)
	if got := connects(t, stage, stepped, offered(t, stage, who), who); got != http.StatusNoContent {
		t.Fatalf("got %d, want 204", got)
	}
	who.Email = "mallory@example.com"
	tokens := must.Get(stage.SignInWith(t.Context(), who))(t)
	if tokens.Sub() != stepped.Sub() {
		t.Fatalf("signed in as %s, want the connected account %s", tokens.Sub(), stepped.Sub())
	}
	// The honest twin: only the original mailbox recovers the account.
	recovered(t, stage, c)
	mallory := &e2e.Customer{Email: who.Email}
	if err := stage.Recover(t.Context(), mallory, e2e.NewVerifier()); err == nil {
		t.Error("the provider's new address recovers the account")
	}
}

// A customer of Google buys after connecting. After disconnecting, a sign-in with Google opens a separate account
// again.
func TestACustomerOfAProviderBuysAfterConnectingAndIsApartAfterDisconnecting(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c, stepped := protected(t, stage)
	who := googler(c)
	federated := must.Get(stage.SignInWith(t.Context(), who))(t)
	if got := buys(t, stage, federated); got != http.StatusUnauthorized {
		t.Errorf("with Google alone: got %d, want 401", got)
	}
	if got := connects(t, stage, stepped, offered(t, stage, who), who); got != http.StatusNoContent {
		t.Fatalf("got %d, want 204", got)
	}
	connected, err := stage.Links(t.Context(), stepped)
	if err != nil || len(connected.Links) != 1 || !connected.CanBuy {
		t.Errorf("connected: got %+v, %v; want one link, and to be able to buy", connected, err)
	}
	answer, err := stage.Do(t.Context(), e2e.Disconnect(stepped, "Google"))
	if err != nil || answer.Status != http.StatusNoContent {
		t.Fatalf("disconnect: got %d, %v; want 204", answer.Status, err)
	}
	apart := must.Get(stage.SignInWith(t.Context(), who))(t)
	if apart.Sub() == stepped.Sub() {
		t.Error("Google still signs in to the account")
	}
	honest(t, stage, stepped)
}

// The API reads from the user pool whether an account has a password, because a token does not say so.
func TestAnAccountWithAPasswordMakesNoOffer(t *testing.T) {
	t.Parallel()
	stage := open(t)
	_, tokens := web(t, stage)
	answer, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodPost, Path: "/link-offers", Token: tokens.Access})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != http.StatusConflict {
		t.Errorf("got %d, want 409: %s", answer.Status, answer.Body)
	}
}

// A customer of a provider that states no address signs in, but cannot connect the account.
func TestAProviderThatTellsNoAddressIsNotConnected(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	who := googler(e2e.NewCustomer("Nobody"))
	who.Email = ""
	tokens := must.Get(stage.SignInWith(t.Context(), who))(t)
	answer, err := stage.Do(t.Context(), e2e.Call{Method: http.MethodPost, Path: "/link-offers", Token: tokens.Access})
	if err != nil || answer.Status != http.StatusUnprocessableEntity {
		t.Errorf("an offer: got %d, %v; want 422", answer.Status, err)
	}
}
