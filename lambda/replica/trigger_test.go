package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/tokenevent"
)

// documented is the event of lambda/tokens, with these fields changed.
func documented(t *testing.T, changes map[string]any) []byte {
	t.Helper()
	raw, err := os.ReadFile("../tokens/testdata/authentication.json")
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	if err := json.Unmarshal(raw, &event); err != nil {
		t.Fatal(err)
	}
	for name, value := range changes {
		event[name] = value
	}
	if raw, err = json.Marshal(event); err != nil {
		t.Fatal(err)
	}
	return raw
}

func newTrigger() (*trigger, *bytes.Buffer) {
	var written bytes.Buffer
	return build(nil, slog.New(slog.NewJSONHandler(&written, nil))).(*trigger), &written
}

// TestNoTokenOfTheCopyHasAPower asks as every client and for every source, also with a verifier: nothing may make the
// copy give what the pool's own trigger gives for a proof.
func TestNoTokenOfTheCopyHasAPower(t *testing.T) {
	for _, source := range tokenevent.Sources {
		for _, client := range []string{"4stepup8example", "2account5example", "7web1example", "9another1example"} {
			trigger, log := newTrigger()
			answer, err := trigger.Invoke(t.Context(), documented(t, map[string]any{
				"triggerSource": source, "callerContext": map[string]any{"clientId": client},
			}))
			if err != nil {
				t.Fatalf("%s at %s: %v", source, client, err)
			}
			entry := `"level":"INFO","msg":"token","triggerSource":"` + source + `","outcome":"stripped"}`
			if !strings.Contains(log.String(), entry) {
				t.Errorf("%s at %s: log %s", source, client, log)
			}
			var got struct {
				Response struct {
					Details struct {
						AccessToken map[string][]string `json:"accessTokenGeneration"`
						Groups      map[string]any      `json:"groupOverrideDetails"`
					} `json:"claimsAndScopeOverrideDetails"`
				}
			}
			if err := json.Unmarshal(answer, &got); err != nil {
				t.Fatal(err)
			}
			want := map[string][]string{"scopesToSuppress": {
				"securecart/orders.write", "securecart/profile.write", "securecart/payment.write", "securecart/links.write",
				"securecart/links.offer", "aws.cognito.signin.user.admin",
			}}
			if diff := cmp.Diff(want, got.Response.Details.AccessToken); diff != "" {
				t.Errorf("%s at %s (-want +got)\n%s", source, client, diff)
			}
			if len(got.Response.Details.Groups) == 0 {
				t.Errorf("%s at %s: the groups are lost", source, client)
			}
		}
	}
}

// TestWhatTheCopyLeavesOnlyReads fails when a scope is added that the copy does not take.
func TestWhatTheCopyLeavesOnlyReads(t *testing.T) {
	for _, scope := range contract.Scopes() {
		if !slices.Contains(taken, scope.Name) && !slices.Contains(contract.ReadScopes(), scope.Name) {
			t.Errorf("%s stays in tokens of the copy and is none of those that only read", scope.Name)
		}
	}
}

func TestTheCopyRefusesEverythingElse(t *testing.T) {
	for name, payload := range map[string][]byte{
		"sign-up":                    documented(t, map[string]any{"triggerSource": "PreSignUp_SignUp"}),
		"sign-up with a provider":    documented(t, map[string]any{"triggerSource": "PreSignUp_ExternalProvider"}),
		"sign-up by staff":           documented(t, map[string]any{"triggerSource": "PreSignUp_AdminCreateUser"}),
		"confirmation":               documented(t, map[string]any{"triggerSource": "PostConfirmation_ConfirmSignUp"}),
		"source of the future":       documented(t, map[string]any{"triggerSource": "TokenGeneration_Other"}),
		"event that cannot take":     documented(t, map[string]any{"version": "1"}),
		"event of machines":          documented(t, map[string]any{"version": "3"}),
		"event without a client":     documented(t, map[string]any{"callerContext": map[string]any{}}),
		"event that is not an event": []byte("{"),
	} {
		trigger, log := newTrigger()
		answer, err := trigger.Invoke(t.Context(), payload)
		if answer != nil || err == nil || err.Error() != errRefused.Error() {
			t.Errorf("%s: answer %s, error %v; want it refused", name, answer, err)
		}
		const entry = `"level":"ERROR","msg":"token","outcome":"failed","error":"InvalidEvent"`
		if !strings.Contains(log.String(), entry) || strings.Contains(log.String(), "@") {
			t.Errorf("%s: log %s; want the cause, and nothing of the customer", name, log)
		}
	}
}
