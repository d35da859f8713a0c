package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// TestEveryKindOfProviderConnects: a customer of each provider of the stage Federation signs in over the provider's own
// protocol, cannot buy, connects the provider with an account of the same address, and is that account afterwards.
func TestEveryKindOfProviderConnects(t *testing.T) {
	t.Parallel()
	if os.Getenv(outputsFile) != "" {
		t.Skip("the stage that runs already has its own providers")
	}
	stage := alone(t, "SecureCart-Dev")
	var providers []struct{ Name string }
	if err := json.Unmarshal([]byte(stage.Providers), &providers); err != nil || len(providers) != 6 {
		t.Fatalf("the stage has providers %s, %v; want six", stage.Providers, err)
	}
	for _, provider := range providers {
		t.Run(provider.Name, func(t *testing.T) {
			c, stepped := protected(t, stage)
			who := e2e.Identity{Provider: provider.Name, Subject: "s" + c.Email[:30], Email: c.Email}
			federated := must.Get(stage.SignInWith(t.Context(), who))(t)
			links, err := stage.Links(t.Context(), federated)
			if err != nil || links.SignIn != "provider" || links.CanBuy {
				t.Errorf("got %+v, %v; want a customer of a provider who cannot buy", links, err)
			}
			if got := connects(t, stage, stepped, offeredBy(t, stage, federated), who); got != http.StatusNoContent {
				t.Fatalf("connecting: got %d, want 204", got)
			}
			again := must.Get(stage.SignInWith(t.Context(), who))(t)
			if again.Sub() != stepped.Sub() || federated.Sub() == stepped.Sub() {
				t.Errorf("signed in as %s, then as %s; want another, then %s", federated.Sub(), again.Sub(), stepped.Sub())
			}
		})
	}
}
